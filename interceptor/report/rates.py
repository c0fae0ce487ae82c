"""Absolute rates with intervals, from signed released values.

A rate is a ratio of sums over windows; how sure it is comes from how far windows lie from it (the ratio estimator
with clusters: Cochran, Sampling Techniques, 1977, section 6.4), with Student's t for the few that there may be. That
holds whatever makes windows differ: people who are warned more than once, weekdays, and the noise of the release,
which is in the values. A variance that took each warning for a person of its own would be too small.

Windows next to each other are put together until at most `MOST_CLUSTERS` are left, since what happens on one day and
the next belongs together, too (batch means: Law, Simulation Modeling and Analysis, 2015, section 9.5.3).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from interceptor.counting.released import ReleasedWindow
from interceptor.report.student import quantile
from interceptor.report.windows import Key, merged, noise, total

CONFIDENCE = 0.95

MOST_CLUSTERS = 20
"""Clusters that a variance is taken between; a week each in 140 daily windows."""

FEWEST = 4
"""Windows below which no interval is given: two would lie apart by luck alone."""

_SURE = 1.96


@dataclass(frozen=True, slots=True)
class Rate:
    """A share (0 to 1 in truth; noise may put any figure beyond) with the ends of its 95 % interval.

    ``numerator`` and ``denominator`` are the signed sums. ``low`` and ``high`` are None where there are less than
    `FEWEST` windows.
    """

    value: float
    low: float | None
    high: float | None
    numerator: int
    denominator: int
    windows: int

    @property
    def without(self) -> Rate:
        """The rate of everything in the denominator that is not in the numerator."""
        return Rate(
            1 - self.value,
            None if self.high is None else 1 - self.high,
            None if self.low is None else 1 - self.low,
            self.denominator - self.numerator,
            self.denominator,
            self.windows,
        )


def rate(
    windows: Iterable[ReleasedWindow], numerator: Collection[Key], denominator: Collection[Key]
) -> Rate | None:
    """The rate of ``numerator`` in ``denominator``, both sums of cells.

    None where there is no such cell, and where the denominator may be noise alone. Windows of the same bounds
    (replicas) are one cluster.
    """
    found = merged(windows, plans=False)
    tops = [float(total(window, numerator)) for window in found]
    bottoms = [float(total(window, denominator)) for window in found]
    whole = sum(bottoms)
    noised = math.sqrt(sum(noise(window, denominator) for window in found))
    if not numerator or whole <= 0 or whole <= _SURE * noised:
        return None
    value = sum(tops) / whole
    half = _half_width(_clusters(tops), _clusters(bottoms), value) if len(found) >= FEWEST else None
    return Rate(
        value,
        None if half is None else value - half,
        None if half is None else value + half,
        round(sum(tops)),
        round(whole),
        len(found),
    )


def click_through(windows: Iterable[ReleasedWindow], message: str | None = None) -> Rate | None:
    """Warnings on which help was chosen, of all warnings: with one message, or with any.

    A lower bound: programs that load pages and never click are in the denominator.
    """
    found = list(windows)
    return rate(found, cells(found, "clicks", message), cells(found, "warnings", message))


def resource_clicks(windows: Iterable[ReleasedWindow], resource: str) -> Rate | None:
    """Warnings on which ``resource`` was the help chosen first, of all warnings."""
    found = list(windows)
    return rate(found, [("clicks_by_resource", resource)], cells(found, "warnings"))


def language_share(windows: Iterable[ReleasedWindow], language: str) -> Rate | None:
    """Warnings in ``language``, of all warnings."""
    found = list(windows)
    return rate(found, [("warnings_by_language", language)], cells(found, "warnings_by_language"))


def hit_rate(windows: Iterable[ReleasedWindow]) -> Rate | None:
    """Searches that were acted on (in shadow mode: would have been), of all searches."""
    found = list(windows)
    return rate(found, cells(found, "interventions"), cells(found, "searches"))


def returns(windows: Iterable[ReleasedWindow], outcome: str, message: str | None = None) -> Rate | None:
    """Warnings whose own box was used for a search that was ``outcome``, of all warnings."""
    found = list(windows)
    keys = [key for key in cells(found, "returns", message) if key[2] == outcome]
    return rate(found, keys, cells(found, "warnings", message))


def cells(windows: Iterable[ReleasedWindow], family: str, first: str | None = None) -> list[Key]:
    """The cells of ``family`` that any of the windows has, those with ``first`` as their first label."""
    keys = {key: None for window in windows for key in window.values if key[0] == family}
    return [key for key in keys if first is None or key[1:2] == (first,)]


def _half_width(tops: Sequence[float], bottoms: Sequence[float], value: float) -> float:
    number = len(tops)
    squares = sum((top - value * bottom) ** 2 for top, bottom in zip(tops, bottoms, strict=True))
    error = math.sqrt(squares * number / (number - 1)) / sum(bottoms)
    return quantile((1 + CONFIDENCE) / 2, number - 1) * error


def _clusters(values: Sequence[float]) -> list[float]:
    """Sums of neighbours: at most `MOST_CLUSTERS`, of sizes that differ by one at most."""
    number = min(len(values), MOST_CLUSTERS)
    ends = [place * len(values) // number for place in range(number + 1)]
    return [sum(values[first:last]) for first, last in pairwise(ends)]
