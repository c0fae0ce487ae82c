"""What the page shows of a stretch of windows: sums, rates with their intervals, and what they were before.

Rates are those of the report (`interceptor.report.rates`), so that page and report never differ.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from interceptor.counting.families import Outcome
from interceptor.counting.released import ReleasedWindow
from interceptor.report import rates
from interceptor.report.rates import Rate
from interceptor.report.windows import merged
from interceptor.sidecar.dashboard.periods import Period, Stretch
from interceptor.sidecar.dashboard.series import Series, hit_rate, series, warnings
from interceptor.sidecar.dashboard.sums import Cell, Count, Sums


@dataclass(frozen=True, slots=True)
class CountTile:
    """A sum, and the sum of as many days before where there is one."""

    title: str
    count: Count
    before: Count | None

    @property
    def change(self) -> Count | None:
        """By how much it differs from before."""
        return self.count.minus(self.before) if self.before is not None else None


@dataclass(frozen=True, slots=True)
class RateTile:
    """A share, and that of as many days before where there is one."""

    title: str
    rate: Rate | None
    before: Rate | None


@dataclass(frozen=True, slots=True)
class Row:
    """One cell of a table: its label, what was counted, and as a share of something."""

    label: str
    count: Count
    of: Count | None
    rate: Rate | None


@dataclass(frozen=True, slots=True)
class NextSearches:
    """What was searched next from the warnings' own boxes, as shares of all warnings.

    What people did who were not seen is not known: if all of them had done the one or the other, ``most_other`` and
    ``most_matching`` would be the shares (Manski, Partial Identification of Probability Distributions, 2003, ch. 1).
    """

    other: Rate
    matching: Rate
    not_seen: Rate

    @property
    def most_other(self) -> float:
        """The greatest share that can have searched for something else."""
        return min(self.other.value + max(self.not_seen.value, 0.0), 1.0)

    @property
    def most_matching(self) -> float:
        """The greatest share that can have searched for the same."""
        return min(self.matching.value + max(self.not_seen.value, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is counted, of one period. ``start`` and ``end`` in seconds since 1970."""

    period: Period
    start: float
    end: float
    windows: int
    missing: int
    cut: bool
    compared: bool
    exact: bool
    epsilons: tuple[float, ...]
    counts: tuple[CountTile, ...]
    rates: tuple[RateTile, ...]
    warnings: Series
    hit_rate: Series
    interventions: tuple[Row, ...]
    messages: tuple[Row, ...]
    unused_messages: int
    languages: tuple[Row, ...]
    unused_languages: int
    resources: tuple[Row, ...]
    unused_resources: int
    next_searches: NextSearches | None

    @property
    def few(self) -> bool:
        """Whether there are too few windows for intervals."""
        return self.windows < rates.FEWEST


def figures(stretch: Stretch) -> Figures:
    """The figures of ``stretch``; with no windows, all of them are empty."""
    windows = merged(stretch.windows, plans=False)
    earlier = merged(stretch.before, plans=False)
    sums, before = Sums(windows), Sums(earlier)
    shown = sums.family("warnings")
    start = min((window.start for window in windows), default=0.0)

    def count(title: str, family: str) -> CountTile:
        return CountTile(title, sums.family(family), before.family(family) if earlier else None)

    def rate(title: str, measure: Callable[[Sequence[ReleasedWindow]], Rate | None]) -> RateTile:
        return RateTile(title, measure(windows), measure(earlier) if earlier else None)

    def rows(family: str, measure: Callable[[str], Rate | None]) -> tuple[Row, ...]:
        made = [Row(cell[1], sums.count([cell]), None, measure(cell[1])) for cell in sums.cells(family)]
        return tuple(sorted(made, key=lambda row: -row.count.value))

    return Figures(
        period=stretch.period,
        start=start,
        end=stretch.end,
        windows=len(windows),
        missing=_missing(windows),
        cut=stretch.cut,
        compared=bool(earlier),
        exact=any(math.isinf(window.epsilon) for window in windows),
        epsilons=tuple(sorted({window.epsilon for window in windows if math.isfinite(window.epsilon)})),
        counts=(
            count("Searches looked at", "searches"),
            count("Searches acted on", "interventions"),
            count("Warnings shown", "warnings"),
            count("Warnings on which help was chosen", "clicks"),
        ),
        rates=(
            rate("Searches acted on, of all searches", rates.hit_rate),
            rate("Help chosen, of all warnings: a lower bound", rates.click_through),
        ),
        warnings=series(windows, warnings),
        hit_rate=series(windows, hit_rate),
        interventions=tuple(
            Row(f"{cell[2]}: {cell[1]}", sums.count([cell]), None, None)
            for cell in sums.cells("interventions")
        ),
        messages=_messages(windows, sums),
        unused_messages=sums.unused("warnings"),
        languages=rows("warnings_by_language", lambda tag: rates.language_share(windows, tag)),
        unused_languages=sums.unused("warnings_by_language"),
        resources=rows("clicks_by_resource", lambda resource: rates.resource_clicks(windows, resource)),
        unused_resources=sums.unused("clicks_by_resource"),
        next_searches=_next_searches(windows) if shown.value > shown.reach else None,
    )


def _messages(windows: Sequence[ReleasedWindow], sums: Sums) -> tuple[Row, ...]:
    made = []
    for _, message in sums.cells("warnings"):
        clicks: Cell = ("clicks", message)
        of = sums.count([("warnings", message)])
        made.append(Row(message, sums.count([clicks]), of, rates.click_through(windows, message)))
    return tuple(sorted(made, key=lambda row: -row.of.value if row.of is not None else 0))


def _next_searches(windows: Sequence[ReleasedWindow]) -> NextSearches | None:
    other, matching = (rates.returns(windows, outcome) for outcome in (Outcome.OTHER, Outcome.MATCHING))
    seen = rates.rate(windows, rates.cells(windows, "returns"), rates.cells(windows, "warnings"))
    if other is None or matching is None or seen is None:
        return None
    return NextSearches(other, matching, seen.without)


def _missing(windows: Sequence[ReleasedWindow]) -> int:
    """Windows, of the newest one's length, that fit between the others: the service did not run, or was killed."""
    if not windows:
        return 0
    length = max(windows[-1].end - windows[-1].start, 1.0)
    gaps = (
        math.floor((later.start - sooner.end) / length + 0.001)
        for sooner, later in pairwise(windows)
        if later.start > sooner.end
    )
    return sum(gaps)
