"""Stretches of a text that are taken, and whether another one lies over any of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from interceptor.matching.proximity import Span


class Stretches:
    """Stretches that do not lie over each other, in order, so that one can be looked up among thousands."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        """Take ``spans``, of which some may lie over each other; an empty one takes nothing."""
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(span for span in spans if span[0] < span[1]):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def __repr__(self) -> str:
        return f"Stretches({len(self._starts)})"

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing from ``start`` up to, not including, ``end`` is taken."""
        # The first stretch that ends behind `start` is the only one that could begin before `end` and be nearest.
        place = bisect_right(self._ends, start)
        return place == len(self._starts) or self._starts[place] >= end

    def take(self, start: int, end: int) -> bool:
        """Take what lies from ``start`` up to ``end`` if all of it is free; whether it was."""
        if not self.is_free(start, end):
            return False
        place = bisect_left(self._starts, start)
        self._starts.insert(place, start)
        self._ends.insert(place, end)
        return True
