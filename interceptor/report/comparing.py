"""Messages against each other, where they were shown by lot under one plan.

Everything is compared within windows and then put together (Mantel and Haenszel, Journal of the National Cancer
Institute 22, 1959), so that what a day does to all messages is no merit of the one that was shown most on that day.
For messages a and b with released clicks C and warnings W of a window, N the window's warnings with any message:

    p(a) = Σ C(a)·W(b)/N / Σ W(a)·W(b)/N        odds ratio = Σ C(a)·(W(b)-C(b))/N / Σ C(b)·(W(a)-C(a))/N

Each product is one of values with independent noise, so noise leaves these sums where they are; no ratio is formed
within a window, where noise in W would pull it to one side.

The variance has the binomial part p(1-p)W and the noise of the release in all four cells, by the delta method. People
who are warned several times do not widen it: each of their warnings drew its message anew, so what makes them click
more or less is on both sides of a difference. (It does widen an absolute rate: `interceptor.report.rates`.)

All pairs of messages are tested, and the correction is for all of them, since which one is the best is read off the
same figures. P values are Holm's (Scandinavian Journal of Statistics 6, 1979); intervals are Bonferroni's, so that
all of them hold together 95 times in 100.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist

from interceptor.counting.released import ReleasedWindow
from interceptor.report.rates import CONFIDENCE, cells
from interceptor.report.windows import noise, total

POWER = 0.8
"""How often a difference has to be seen to be called detectable."""

LARGEST_DETECTABLE = 0.05
"""No comparison is made that would miss a difference of rates above this, 5 points, more often than that."""

_normal = NormalDist()
_LEAST_TOTAL = 3.0
"""A window's warnings count as at least so many standard deviations of their noise, where they divide."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The rates of ``one`` and ``other`` compared; all shares from 0 to 1.

    ``rate`` and ``other_rate`` stand for the same windows with the same weights. ``difference`` is their difference and
    ``error`` its standard error; ``detectable`` the least difference that is seen with `POWER` at the corrected
    level. ``odds_ratio`` is of ``one`` to ``other``, None where noise leaves none; ``log_error`` is the standard error
    of its logarithm. ``p`` is not corrected.
    """

    one: str
    other: str
    rate: float
    other_rate: float
    difference: float
    error: float
    odds_ratio: float | None
    log_error: float | None
    p: float | None
    critical: float

    @property
    def detectable(self) -> float:
        """The least difference that is seen with `POWER`, at the corrected level."""
        return (self.critical + _normal.inv_cdf(POWER)) * self.error

    @property
    def interval(self) -> tuple[float, float] | None:
        """The corrected 95 % interval of the odds ratio."""
        if self.odds_ratio is None or self.log_error is None:
            return None
        width = math.exp(self.critical * self.log_error)
        return self.odds_ratio / width, self.odds_ratio * width

    @property
    def difference_interval(self) -> tuple[float, float]:
        """The corrected 95 % interval of the difference."""
        half = self.critical * self.error
        return self.difference - half, self.difference + half

    def windows_needed(self, windows: int) -> int:
        """How many such windows make a difference of `LARGEST_DETECTABLE` detectable; ``windows`` were used.

        The standard error falls with the square root of the number of windows.
        """
        return math.ceil(windows * (self.detectable / LARGEST_DETECTABLE) ** 2)

    def swapped(self) -> Pair:
        """The same seen from ``other``."""
        return Pair(
            self.other,
            self.one,
            self.other_rate,
            self.rate,
            -self.difference,
            self.error,
            None if self.odds_ratio is None else 1 / self.odds_ratio,
            self.log_error,
            self.p,
            self.critical,
        )


def drawn(windows: Sequence[ReleasedWindow]) -> tuple[str, ...]:
    """The messages that were shown by lot in these windows of one plan.

    Those that have a share; where shares are not known, those that were shown and are not kept apart by a name with a
    colon (`interceptor.experiment.plan`).
    """
    if any(window.shares for window in windows):
        return tuple(dict.fromkeys(message for window in windows for message in window.shares))
    found = []
    for key in cells(windows, "warnings"):
        shown = sum(total(window, [key]) for window in windows)
        noised = math.sqrt(sum(noise(window, [key]) for window in windows))
        if ":" not in key[1] and shown > max(2 * noised, 0):
            found.append(key[1])
    return tuple(found)


def pairs(windows: Sequence[ReleasedWindow], messages: Sequence[str]) -> list[Pair]:
    """Every pair of ``messages`` that has been shown in the same windows, all of one plan and no two of one time."""
    every = list(combinations(messages, 2))
    critical = _normal.inv_cdf(1 - (1 - CONFIDENCE) / 2 / max(len(every), 1))
    parts = [_part(window, messages) for window in windows]
    return [pair for one, other in every if (pair := _pair(parts, one, other, critical)) is not None]


def holm(values: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """P values made larger for their number: those below 0.05 hold together 95 times in 100."""
    largest, adjusted = 0.0, {}
    for rank, (name, value) in enumerate(sorted(values.items(), key=lambda item: item[1])):
        largest = max(largest, min(1.0, (len(values) - rank) * value))
        adjusted[name] = largest
    return adjusted


@dataclass(frozen=True, slots=True)
class _Part:
    """What pairs need of one window: weight, signed sums by message, variances of the noise in one sum."""

    weight: float
    clicks: Mapping[str, float]
    warnings: Mapping[str, float]
    clicks_noise: float
    warnings_noise: float


def _part(window: ReleasedWindow, messages: Sequence[str]) -> _Part:
    shown = [message for message in messages if not window.shares or window.shares.get(message)]
    warnings = {message: float(total(window, [("warnings", message)])) for message in shown}
    clicks = {message: float(total(window, [("clicks", message)])) for message in shown}
    variance = window.stddev.get("warnings", 0.0) ** 2
    least = max(_LEAST_TOTAL * math.sqrt(variance * len(shown)), 1.0)
    return _Part(
        1 / max(sum(warnings.values()), least),
        clicks,
        warnings,
        window.stddev.get("clicks", 0.0) ** 2,
        variance,
    )


def _pair(parts: Sequence[_Part], one: str, other: str, critical: float) -> Pair | None:
    found = [part for part in parts if one in part.warnings and other in part.warnings]
    whole = sum(part.weight * part.warnings[one] * part.warnings[other] for part in found)
    if whole <= 0:
        return None
    first = sum(part.weight * part.clicks[one] * part.warnings[other] for part in found) / whole
    second = sum(part.weight * part.clicks[other] * part.warnings[one] for part in found) / whole
    both = sum(part.weight * part.clicks[one] * part.clicks[other] for part in found) / whole
    mine, others = (
        sum(
            (part.weight * part.warnings[against]) ** 2
            * (
                max(part.warnings[message], 0.0) * _luck(share)
                + part.clicks_noise
                + share**2 * part.warnings_noise
            )
            for part in found
        )
        for message, against, share in ((one, other, first), (other, one, second))
    )
    error = math.sqrt(mine + others) / whole
    ratio = log_error = p = None
    if 0 < first < 1 and 0 < second < 1 and first > both and second > both and error:
        ratio = (first - both) / (second - both)
        log_error = math.sqrt(mine / _luck(first) ** 2 + others / _luck(second) ** 2) / whole
        p = 2 * _normal.cdf(-abs(math.log(ratio)) / log_error)
    return Pair(one, other, first, second, first - second, error, ratio, log_error, p, critical)


def _luck(rate: float) -> float:
    """The variance of one draw; at least that of a rate of one in a thousand, whatever noise makes of the rate."""
    rate = min(max(rate, 0.001), 0.999)
    return rate * (1 - rate)
