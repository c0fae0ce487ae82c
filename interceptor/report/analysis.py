"""The whole report as data: what can be said of released windows, and why the rest cannot."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from interceptor.counting.families import Outcome
from interceptor.counting.released import ReleasedWindow
from interceptor.experiment.limits import too_few
from interceptor.report import rates
from interceptor.report.change import CannotTellError, Change, change
from interceptor.report.comparing import LARGEST_DETECTABLE, Pair, drawn, holm, pairs
from interceptor.report.policies import Policies, policies
from interceptor.report.rates import Rate
from interceptor.report.windows import days, merged, noise, total
from interceptor.settings.experiment import NEUTRAL, PlanKind

LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Named:
    """A rate and what it is of."""

    name: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class Message:
    """What came of the warnings with one message; rates are None where the warnings may be noise alone.

    ``other`` and ``matching`` are next searches from the warning's own box.
    """

    name: str
    warnings: int
    clicks: Rate | None
    other: Rate | None
    matching: Rate | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two messages compared: their ``pair``, and the p value corrected for all pairs.

    Where ``refused`` says why not, nothing else may be read from the pair. ``more_days`` is how long it takes at the
    present rate until the comparison can be made.
    """

    pair: Pair
    p: float | None = None
    refused: str | None = None
    more_days: float | None = None

    @property
    def verdict(self) -> str:
        """``higher`` or ``lower`` rate of the first message, or ``not told apart``."""
        if self.refused is not None or self.p is None or self.p >= LEVEL:
            return "not told apart"
        return "higher" if self.pair.difference > 0 else "lower"


@dataclass(frozen=True, slots=True)
class PlanReport:
    """One plan's windows. ``nothing`` says why no messages are compared, where none are."""

    plan: str
    windows: int
    days: float
    warnings_a_day: float
    messages: tuple[Message, ...]
    compared: int
    best: str | None = None
    with_neutral: tuple[Comparison, ...] = ()
    with_best: tuple[Comparison, ...] = ()  # without neutral, which is compared above
    nothing: str | None = None
    policies: Policies | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What released windows say. ``cannot`` are sentences on what they cannot."""

    first: float | None
    last: float | None
    windows: int
    days: float
    epsilon: float
    searches: int
    warnings: int
    warnings_a_day: float
    hits: Rate | None
    clicks: Rate | None
    other: Rate | None
    matching: Rate | None
    resources: tuple[Named, ...]
    languages: tuple[Named, ...]
    plans: tuple[PlanReport, ...]
    change: Change | None
    cannot: tuple[str, ...]
    series: tuple[tuple[float, float | None], ...]
    """For a chart: the middle of each window in seconds since 1970, and its click-through where it can be seen."""


def analyse(windows: Sequence[ReleasedWindow], changed: float | None = None) -> Report:
    """The report on ``windows``; with ``changed`` (seconds since 1970) what happened to the click-through then.

    Raises `CallError` where ``changed`` is given and the extra ``report`` is missing.
    """
    found = merged(windows, plans=False)
    shown = rates.cells(found, "warnings")
    warnings = sum(total(window, shown) for window in found)
    length = days(found)
    cannot = list(_cannot(found, warnings))
    what: Change | None = None
    if changed is not None and found:
        try:
            what = change(found, changed, rates.cells(found, "clicks"), shown)
        except CannotTellError as reason:
            cannot.append(f"Before and after the change: {reason}")
    return Report(
        first=min((window.start for window in found), default=None),
        last=max((window.end for window in found), default=None),
        windows=len(found),
        days=length,
        epsilon=max((window.epsilon for window in found), default=math.nan),
        searches=sum(total(window, rates.cells(found, "searches")) for window in found),
        warnings=warnings,
        warnings_a_day=warnings / length if length else 0.0,
        hits=rates.hit_rate(found),
        clicks=rates.click_through(found),
        other=rates.returns(found, Outcome.OTHER),
        matching=rates.returns(found, Outcome.MATCHING),
        resources=_named(found, "clicks_by_resource"),
        languages=_named(found, "warnings_by_language"),
        plans=_plans(windows),
        change=what,
        cannot=tuple(cannot),
        series=tuple(_series(found)),
    )


def _cannot(windows: Sequence[ReleasedWindow], warnings: int) -> list[str]:
    if not windows:
        return ["No window has been released: there is nothing to report yet."]
    found = []
    if len(windows) < rates.FEWEST:
        number = "One window has" if len(windows) == 1 else f"{len(windows)} windows have"
        found.append(
            f"{number} been released: intervals of rates need {rates.FEWEST}, since they come from how far windows "
            "lie apart."
        )
    if rates.click_through(windows) is None:
        found.append(
            "No warnings, or no more than the noise of the release: no rate of clicks can be given."
            if warnings
            else "No warnings were shown: no rate of clicks can be given."
        )
    return found


def _named(windows: Sequence[ReleasedWindow], family: str) -> tuple[Named, ...]:
    """The rates of a family's cells that are more than their noise, the highest first."""
    found = []
    for key in rates.cells(windows, family):
        counted = sum(total(window, [key]) for window in windows)
        noised = math.sqrt(sum(noise(window, [key]) for window in windows))
        rate = (
            rates.resource_clicks(windows, key[1])
            if family == "clicks_by_resource"
            else rates.language_share(windows, key[1])
        )
        if rate is not None and counted > 2 * noised:
            found.append(Named(key[1], rate))
    return tuple(sorted(found, key=lambda each: -each.rate.value))


def _series(windows: Sequence[ReleasedWindow]) -> list[tuple[float, float | None]]:
    shown, clicked = rates.cells(windows, "warnings"), rates.cells(windows, "clicks")
    found: list[tuple[float, float | None]] = []
    for window in windows:
        warnings = total(window, shown)
        clear = warnings > 5 * math.sqrt(noise(window, shown)) and warnings > 0
        rate = total(window, clicked) / warnings if clear else None
        found.append(((window.start + window.end) / 2, rate))
    return found


def _plans(windows: Sequence[ReleasedWindow]) -> tuple[PlanReport, ...]:
    by_plan: dict[str, list[ReleasedWindow]] = {}
    for window in merged(windows):
        by_plan.setdefault(window.plan, []).append(window)
    return tuple(_plan(plan, group) for plan, group in by_plan.items())


def _plan(plan: str, windows: Sequence[ReleasedWindow]) -> PlanReport:
    length = days(windows)
    warnings = sum(total(window, rates.cells(windows, "warnings")) for window in windows)
    lot = drawn(windows)
    base = PlanReport(
        plan=plan,
        windows=len(windows),
        days=length,
        warnings_a_day=warnings / length,
        messages=tuple(_message(windows, name) for name in _shown(windows, lot)),
        compared=len(lot),
    )
    if plan.startswith(f"{PlanKind.BLOCKS}-"):
        outcome = policies(windows)
        if isinstance(outcome, str):
            return replace(base, nothing=outcome)
        return replace(base, policies=outcome, nothing="Policies are compared, not messages.")
    if len(lot) < 2:
        return replace(base, nothing="No two messages were shown by lot: there is nothing to compare.")
    if (reason := too_few(warnings, length)) is not None:
        return replace(base, nothing=reason)
    found = pairs(windows, lot)
    if not found:
        return replace(base, nothing="No two messages were shown in the same windows often enough.")
    return _compared(base, found)


def _shown(windows: Sequence[ReleasedWindow], lot: Sequence[str]) -> list[str]:
    """Messages shown by lot, and any other with more warnings than its noise."""
    found = list(lot)
    for key in rates.cells(windows, "warnings"):
        noised = math.sqrt(sum(noise(window, [key]) for window in windows))
        if key[1] not in lot and sum(total(window, [key]) for window in windows) > 2 * noised:
            found.append(key[1])
    return found


def _message(windows: Sequence[ReleasedWindow], name: str) -> Message:
    return Message(
        name=name,
        warnings=sum(total(window, [("warnings", name)]) for window in windows),
        clicks=rates.click_through(windows, name),
        other=rates.returns(windows, Outcome.OTHER, name),
        matching=rates.returns(windows, Outcome.MATCHING, name),
    )


def _compared(base: PlanReport, found: Sequence[Pair]) -> PlanReport:
    """Each message with neutral, and with the one that does better than most others."""
    chances = {(pair.one, pair.other): pair.p for pair in found if pair.p is not None}
    adjusted = holm(chances)
    names = dict.fromkeys(name for pair in found for name in (pair.one, pair.other))

    def with_other(other: str, names: Iterable[str]) -> tuple[Comparison, ...]:
        chosen = [pair for pair in found if other in (pair.one, pair.other)]
        turned = {
            pair.one: pair for pair in (pair if pair.other == other else pair.swapped() for pair in chosen)
        }
        return tuple(_comparison(base, turned[name], adjusted) for name in names if name in turned)

    def standing(name: str) -> tuple[int, float]:
        ahead = [
            pair.difference if pair.one == name else -pair.difference
            for pair in found
            if name in (pair.one, pair.other)
        ]
        return sum(value > 0 for value in ahead), sum(ahead)

    best = max(names, key=standing)
    return replace(
        base,
        best=best,
        with_neutral=with_other(NEUTRAL, names),
        with_best=() if best == NEUTRAL else with_other(best, (name for name in names if name != NEUTRAL)),
    )


def _comparison(base: PlanReport, pair: Pair, adjusted: Mapping[tuple[str, str], float]) -> Comparison:
    p = adjusted.get((pair.one, pair.other), adjusted.get((pair.other, pair.one)))
    if pair.detectable <= LARGEST_DETECTABLE and p is not None:
        return Comparison(pair, p)
    if p is None and pair.detectable <= LARGEST_DETECTABLE:
        return Comparison(pair, refused="One of the two rates is no more than its noise.")
    more = max(pair.windows_needed(base.windows) - base.windows, 1) * base.days / base.windows
    return Comparison(
        pair,
        refused=f"Only a difference of {100 * pair.detectable:.1f} points or more would be seen; "
        f"{100 * LARGEST_DETECTABLE:.0f} points are asked for.",
        more_days=more,
    )
