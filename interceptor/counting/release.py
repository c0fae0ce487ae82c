"""What leaves: the noised counts of closed windows, and nothing while a window is open.

The noise of a window is drawn when it opens. At that moment the sum of each column of counters, less the noise, is
kept as its base; when the window is released, the sum less the base is count plus noise. The noise itself is kept
nowhere, and counters begin at random numbers, so neither they nor the base nor both together show an exact count to
somebody who looks into memory once.

A window is released some time after its end: what came of a warning is counted when its ticket expires
(`interceptor.counting.marks`), and belongs to the window of the warning. Meanwhile the next window counts into
another buffer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interceptor.counting.budget import Budget
from interceptor.counting.cells import Cells
from interceptor.counting.families import Families
from interceptor.counting.released import ReleasedWindow
from interceptor.counting.windows import Windows
from interceptor.ticket import GRAINS

MOST_BUFFERS = 64
"""Windows that may be unreleased at the same time."""

_WAIT = GRAINS + 1
"""Grains, beside the one that runs at a window's end, in which a ticket of that window can still be alive."""

_SET_BACK = 2
"""Grains that a clock has to go back before a window that waits stops waiting."""


@dataclass(frozen=True, slots=True)
class Released:
    """All that may be shown: the last released window, by cell, and the totals to show as counters."""

    windows: int
    """How many windows have been released."""
    window_end: float
    """The end of the window that is released next, in seconds since 1970."""
    last: tuple[int, ...]
    """The signed value of each cell in the last window."""
    totals: tuple[int, ...]
    """The running maximum of the sum of each cell's values, which a counter must be."""
    epsilon: float = math.inf
    """The privacy loss of one search; infinite where counts are exact."""
    stddev: Mapping[str, float] | None = None
    """By family, the standard deviation of the noise in a cell; None where there is none."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was released before this start, by cell: sums, their running maxima, the last window; and how many."""

    sums: Sequence[int]
    peaks: Sequence[int]
    last: Sequence[int]
    windows: int

    @classmethod
    def nothing(cls, cells: int) -> Before:
        """A first start."""
        zeros = (0,) * cells
        return cls(zeros, zeros, zeros, 0)


@dataclass(frozen=True, slots=True)
class _Window:
    buffer: int
    start: float
    end: float
    plan: str
    shares: Mapping[str, float]
    base: Sequence[int]


def buffers(window: float, lifetime: float) -> int:
    """How many windows can be unreleased at the same time; both lengths in seconds."""
    return math.ceil(lifetime * (_WAIT + 1) / GRAINS / window) + 2


class Release:
    """Closes windows over ``cells``, whose columns are those of ``families``, and holds what has been released.

    `open` has to be called before anything is counted. ``slot`` in its methods is the number of the tickets' grain
    that is running (`interceptor.ticket.TicketBox.slot`).
    """

    def __init__(
        self, cells: Cells, families: Families, budget: Budget, windows: Windows, before: Before
    ) -> None:
        self._cells, self._families, self._budget, self._windows = cells, families, budget, windows
        self._open: _Window | None = None
        self._waiting: list[tuple[_Window, int]] = []  # with the slot in which it was closed
        self._sums = list(before.sums)
        self._stddev = {family.name: budget.stddev(family.name) for family in families.families}
        self.released = Released(
            before.windows,
            0.0,
            tuple(before.last),
            tuple(before.peaks),
            budget.epsilon,
            self._stddev,
        )

    def open(self, now: float, plan: str, shares: Mapping[str, float]) -> None:
        """Open the window that ``now`` lies in; ``plan`` is in force in it, with ``shares`` of messages."""
        taken = {window.buffer for window, _ in self._waiting}
        buffer = next(buffer for buffer in range(self._cells.buffers) if buffer not in taken)
        base = [total - noise for total, noise in zip(self._cells.sums(buffer), self._noise(), strict=True)]
        self._open = _Window(buffer, *self._windows.bounds(now), plan, dict(shares), base)
        self._cells.open(buffer)
        self._tell_next()

    def _noise(self) -> list[int]:
        """Noise for each cell; none where the configuration leaves nothing to count."""
        return [
            0 if number in self._families.impossible else self._budget.draw(family.name)
            for family in self._families.families
            for number in self._families.numbers(family)
        ]

    def end(self) -> float:
        """The end of the open window, in seconds since 1970."""
        return self._opened().end

    def is_over(self, now: float) -> bool:
        """Whether the open window has reached its end, or a clock was set back by more than its length."""
        window = self._opened()
        return now >= window.end or now < window.start - (window.end - window.start)

    def close(self, slot: int) -> None:
        """Close the open window; it waits for its tickets. `open` has to follow before more is counted."""
        self._waiting.append((self._opened(), slot))
        self._open = None

    def release_due(self, slot: int | None) -> list[ReleasedWindow]:
        """Release closed windows of which no ticket can be alive; without a ``slot``, all that are closed.

        What became of tickets must have been counted before (`interceptor.counting.marks.Marks.sweep`).
        """
        due, waiting = [], []
        for number, (window, closed) in enumerate(self._waiting):
            passed = slot is None or not closed - _SET_BACK <= slot <= closed + _WAIT
            crowded = len(self._waiting) - number >= self._cells.buffers
            if passed or crowded:
                due.append(window)
            else:
                waiting.append((window, closed))
        self._waiting = waiting
        released = [self._release(window) for window in due]
        if due:
            self._tell_next()
        return released

    def _release(self, window: _Window) -> ReleasedWindow:
        counts = self._cells.sums(window.buffer)
        last = tuple(count - base for count, base in zip(counts, window.base, strict=True))
        self._sums = [total + value for total, value in zip(self._sums, last, strict=True)]
        before = self.released
        self.released = Released(
            before.windows + 1,
            before.window_end,
            last,
            tuple(map(max, before.totals, self._sums)),
            before.epsilon,
            before.stddev,
        )
        return ReleasedWindow(
            start=window.start,
            end=window.end,
            plan=window.plan,
            epsilon=self._budget.epsilon,
            values=dict(zip(self._families.keys, last, strict=True)),
            stddev=self._stddev,
            shares=window.shares,
        )

    def _opened(self) -> _Window:
        assert self._open is not None, "no window is open"
        return self._open

    def _tell_next(self) -> None:
        """Say which window is released next."""
        following = [window for window, _ in self._waiting] or ([self._open] if self._open else [])
        if following:
            before = self.released
            self.released = Released(
                before.windows, following[0].end, before.last, before.totals, before.epsilon, before.stddev
            )
