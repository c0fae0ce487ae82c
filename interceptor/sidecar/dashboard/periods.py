"""The stretches of time that the dashboard shows, each with the one before it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from interceptor.counting.released import ReleasedWindow
from interceptor.history import History

DAY = 86_400.0
"""Seconds."""

MOST_WINDOWS = 800
"""Windows that one page or download is made of, and of the period before it as many: the newest.

More than two years of days. A window takes a millisecond of the process that keeps the counts.
"""


class Period(StrEnum):
    """How far back the page looks from the end of the newest window."""

    WEEK = "7"
    MONTH = "28"
    EXPERIMENT = "140"
    ALL = "all"

    @property
    def heading(self) -> str:
        """For people."""
        return "All" if self is Period.ALL else f"{self.value} days"

    @property
    def seconds(self) -> float:
        """Its length; infinite for all."""
        return math.inf if self is Period.ALL else int(self.value) * DAY


@dataclass(frozen=True, slots=True)
class Stretch:
    """A period's windows, and those of as long a time before; ``end`` in seconds since 1970.

    ``before`` is empty where there is nothing to compare with: windows do not reach back through all of that time.
    ``cut`` tells that older windows of the period were left out.
    """

    period: Period
    end: float
    windows: Sequence[ReleasedWindow]
    before: Sequence[ReleasedWindow]
    cut: bool = False


def read(history: History, period: Period) -> Stretch:
    """The windows of ``period`` in ``history``."""
    newest = history.latest()
    if newest is None:
        return Stretch(period, 0.0, (), ())
    # By the newest window's length: without a bound, windows of a minute would fill the memory of the keeper.
    bound = MOST_WINDOWS * max(newest.end - newest.start, 1.0)
    length = min(period.seconds, bound)
    end = newest.end
    windows = history.windows(end - length, end)
    before: Sequence[ReleasedWindow] = ()
    if period is not Period.ALL and length == period.seconds:
        before = history.windows(end - 2 * length, end - length)
        if not _fills(before, end - 2 * length):
            before = ()
    return Stretch(period, end, windows, before, cut=length < period.seconds and history.count > len(windows))


def _fills(windows: Sequence[ReleasedWindow], start: float) -> bool:
    """Whether the first of the windows is that which begins at ``start``, or holds it."""
    return bool(windows) and min(window.start for window in windows) <= start
