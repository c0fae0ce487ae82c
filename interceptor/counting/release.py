"""What leaves: the counts of closed windows, and nothing while a window is open.

The counts of a window are its exact ones as yet; the noise that makes a release private is drawn and added here
(see docs/privacy-model.md for what that leaves open).
"""

from __future__ import annotations

from dataclasses import dataclass

from interceptor.counting.cells import Cells
from interceptor.counting.windows import Windows


@dataclass(frozen=True, slots=True)
class Released:
    """All that may be shown: the last closed window, by cell, and the totals to show as counters."""

    windows: int
    """How many windows have been released."""
    window_end: float
    """When the window that is open now will close, in seconds since 1970."""
    last: tuple[int, ...]
    """The signed value of each cell in the last window."""
    totals: tuple[int, ...]
    """The running maximum of the sum of each cell's values, which a counter must be."""


class Release:
    """Closes windows over `Cells` and holds what has been released."""

    def __init__(self, cells: Cells, windows: Windows, now: float) -> None:
        self._cells, self._windows = cells, windows
        self._before = [0] * cells.columns
        self._sums = [0] * cells.columns
        self.released = Released(0, windows.end(now), (0,) * cells.columns, (0,) * cells.columns)

    def due(self, now: float) -> bool:
        """Whether the open window has reached its end."""
        return now >= self.released.window_end

    def close(self, now: float) -> Released:
        """Close the open window, release it, and open the next."""
        counts = self._cells.sums()
        last = tuple(count - before for count, before in zip(counts, self._before, strict=True))
        self._before = counts
        self._sums = [total + value for total, value in zip(self._sums, last, strict=True)]
        totals = tuple(map(max, self.released.totals, self._sums))
        self.released = Released(self.released.windows + 1, self._windows.end(now), last, totals)
        return self.released
