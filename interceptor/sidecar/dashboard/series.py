"""Windows as points in time, few enough to be drawn and to be read as a table."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from interceptor.counting.released import ReleasedWindow
from interceptor.sidecar.dashboard.sums import SURE, Sums

MOST_POINTS = 70
"""More windows than this are added up in groups."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value from ``start`` to ``end`` (seconds since 1970), and how far noise alone may carry it 19 times in 20."""

    start: float
    end: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Series:
    """Points in the order of time; ``step`` is the length of each in seconds. Where nothing was released, none is."""

    step: float
    points: tuple[Point, ...]


Measure = Callable[[Sums], tuple[float, float] | None]
"""The value of a group of windows and the reach of its noise, or None where it has none."""


def warnings(sums: Sums) -> tuple[float, float]:
    """Warnings shown."""
    count = sums.family("warnings")
    return count.value, count.reach


def hit_rate(sums: Sums) -> tuple[float, float] | None:
    """Searches acted on, as a share of all, and the reach of the noise in both (delta method)."""
    part, whole = sums.family("interventions"), sums.family("searches")
    if whole.value <= whole.reach:
        return None
    share = part.value / whole.value
    return share, SURE * math.sqrt(part.noise + share * share * whole.noise) / whole.value


def series(windows: Sequence[ReleasedWindow], measure: Measure) -> Series:
    """``windows`` measured one by one, or in groups of as many windows each as keep it to `MOST_POINTS`."""
    if not windows:
        return Series(1.0, ())
    first, last = min(window.start for window in windows), max(window.end for window in windows)
    length = max(windows[-1].end - windows[-1].start, 1.0)
    step = length * max(math.ceil((last - first) / length / MOST_POINTS), 1)
    groups: dict[int, list[ReleasedWindow]] = {}
    for window in windows:
        # From the end backwards: the newest group is whole, the oldest may not be.
        groups.setdefault(math.floor((last - window.end) / step), []).append(window)
    points = []
    for number, group in sorted(groups.items(), reverse=True):
        measured = measure(Sums(group))
        if measured is not None:
            value, reach = measured
            end = last - number * step
            points.append(Point(max(end - step, first), end, value, value - reach, value + reach))
    return Series(step, tuple(points))
