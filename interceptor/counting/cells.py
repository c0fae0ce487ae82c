"""Counters in anonymous shared memory: one row a process, so that no lock is needed and no count is lost.

Each process adds only to its own row; the keeper reads all rows. An aligned eight-byte store is one instruction
on every platform that CPython runs on, so a reader never sees half of one.
"""

from __future__ import annotations

import mmap


class Cells:
    """``rows`` × ``columns`` counters of 64 bits, shared with every process forked after they were made."""

    def __init__(self, rows: int, columns: int) -> None:
        self.rows, self.columns = rows, columns
        self._memory = mmap.mmap(-1, max(rows * columns * 8, 1))
        self._view = memoryview(self._memory).cast("q")

    def __repr__(self) -> str:
        return f"Cells({self.rows} × {self.columns})"

    def add(self, row: int, column: int) -> None:
        """Count one; only the process that owns ``row`` may call this."""
        self._view[row * self.columns + column] += 1

    def sums(self) -> list[int]:
        """Each column over all rows, since the memory was made."""
        view, columns = self._view, self.columns
        return [sum(view[column : self.rows * columns : columns]) for column in range(columns)]
