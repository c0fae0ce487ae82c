"""Counters in anonymous shared memory: one row a process, so that no lock is needed and no count is lost.

Each process adds only to its own row; the keeper reads all rows. An aligned eight-byte store is one instruction
on every platform that CPython runs on, so a reader never sees half of one.

There is a set of counters for each window that is not released yet, and a word that says which set is open. Counters
begin at random numbers and are never set back: what stands in one says nothing without what stood there before (see
`interceptor.counting.release`, which keeps only the sum of that over all rows, less noise).
"""

from __future__ import annotations

import array
import mmap
import os

_START = (1 << 60) - 1
"""Counters begin below this, far from the end of 64 bits."""


class Cells:
    """``buffers`` sets of ``rows`` × ``columns`` counters, shared with every process forked after they were made."""

    def __init__(self, rows: int, columns: int, buffers: int = 1) -> None:
        self.rows, self.columns, self.buffers = rows, columns, buffers
        count = buffers * rows * columns
        self._memory = mmap.mmap(-1, (1 + count) * 8)
        self._view = memoryview(self._memory).cast("q")
        start = array.array("Q", os.urandom(count * 8))
        self._view[1:] = memoryview(array.array("q", [number & _START for number in start]))
        self.open(0)

    def __repr__(self) -> str:
        return f"Cells({self.buffers} × {self.rows} × {self.columns})"

    def open(self, buffer: int) -> None:
        """From here on every process counts into ``buffer``; only the keeper may call this."""
        self._view[0] = 1 + buffer * self.rows * self.columns

    @property
    def current(self) -> int:
        """The buffer that is open."""
        return self._view[0] // (self.rows * self.columns)

    def add(self, row: int, column: int) -> None:
        """Count one in the open buffer; only the process that owns ``row`` may call this."""
        view = self._view
        view[view[0] + row * self.columns + column] += 1

    def add_to(self, buffer: int, row: int, column: int, count: int) -> None:
        """Count ``count`` in one buffer; only the process that owns ``row`` may call this."""
        self._view[1 + (buffer * self.rows + row) * self.columns + column] += count

    def sums(self, buffer: int = 0) -> list[int]:
        """Each column of a buffer over all rows; only differences between two calls mean anything."""
        view, columns = self._view, self.columns
        first = 1 + buffer * self.rows * columns
        last = first + self.rows * columns
        return [sum(view[place:last:columns]) for place in range(first, first + columns)]
