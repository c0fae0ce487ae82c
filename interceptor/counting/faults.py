"""Whether something failed in the open window: a flag and a place in the code, in shared memory.

A log line at the moment of a fault would tell when a search took place; the keeper reads this when the window
closes.
"""

from __future__ import annotations

import mmap

from interceptor.quiet import describe

_SIZE = 256


class Faults:
    """The last fault of each of ``rows`` processes, as text without any value: type and code location."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._memory = mmap.mmap(-1, rows * _SIZE)

    def note(self, row: int, fault: BaseException) -> None:
        """Keep the type of ``fault`` and where in the code it was raised; its message may hold a query."""
        text = describe(fault).encode()[: _SIZE - 1]
        self._memory[row * _SIZE : (row + 1) * _SIZE] = text.ljust(_SIZE, b"\0")

    def take(self) -> tuple[str, ...]:
        """Return what was noted since the last call, each different text once, and forget it."""
        found = []
        for row in range(self._rows):
            text = self._memory[row * _SIZE : (row + 1) * _SIZE].rstrip(b"\0")
            if text:
                found.append(text.decode("utf-8", "replace"))
                self._memory[row * _SIZE : (row + 1) * _SIZE] = bytes(_SIZE)
        return tuple(dict.fromkeys(found))
