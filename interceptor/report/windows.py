"""Released windows as they are analysed: several of the same time put together."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from interceptor.counting.released import ReleasedWindow

Key = tuple[str, ...]
"""A cell of a family: ``(family, *labels)``."""

DAY = 86_400.0


def total(window: ReleasedWindow, keys: Iterable[Key]) -> int:
    """The sum of the signed values of some cells; a cell that the window does not have counts nothing."""
    return sum(window.values.get(key, 0) for key in keys)


def noise(window: ReleasedWindow, keys: Iterable[Key]) -> float:
    """The variance of the noise in that sum."""
    return sum(window.stddev.get(key[0], 0.0) ** 2 for key in keys if key in window.values)


def merged(windows: Iterable[ReleasedWindow], *, plans: bool = True) -> list[ReleasedWindow]:
    """One window for each pair of bounds (with ``plans``: and each plan), in the order of their ends.

    Replicas release windows of the same bounds, and so does a service that was stopped and started again. Their
    values add up; noise is independent, so its variances do. Shares become the mean of those that are known. The sum
    is as private as its parts: one search is in one of them, so the greatest ``epsilon`` stands for all.
    """
    groups: dict[tuple[float, float, str], list[ReleasedWindow]] = {}
    for window in windows:
        groups.setdefault((window.end, window.start, window.plan if plans else ""), []).append(window)
    return [_sum(group) for _, group in sorted(groups.items())]


def _sum(group: Sequence[ReleasedWindow]) -> ReleasedWindow:
    if len(group) == 1:
        return group[0]
    values: Counter[Key] = Counter()
    variances: defaultdict[str, float] = defaultdict(float)
    shares: defaultdict[str, float] = defaultdict(float)
    known = [window for window in group if window.shares]
    for window in group:
        values.update(window.values)
        for family, stddev in window.stddev.items():
            variances[family] += stddev**2
    for window in known:
        for message, share in window.shares.items():
            shares[message] += share / len(known)
    return ReleasedWindow(
        start=group[0].start,
        end=group[0].end,
        plan=group[0].plan,
        epsilon=max(window.epsilon for window in group),
        values=dict(values),
        stddev={family: math.sqrt(variance) for family, variance in variances.items()},
        shares=dict(shares),
    )


def days(windows: Iterable[ReleasedWindow]) -> float:
    """The time that windows cover, in days; what several of them cover counts once."""
    covered, reached = 0.0, -math.inf
    for start, end in sorted({(window.start, window.end) for window in windows}):
        covered += max(end - max(start, reached), 0.0)
        reached = max(reached, end)
    return covered / DAY
