"""Sums of released values over windows and cells, with the noise that is in them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from interceptor.counting.released import ReleasedWindow

SURE = 1.96
"""Standard deviations of a normal distribution that hold 95 % of it on both sides."""

Cell = tuple[str, ...]
"""``(family, *labels)``."""


@dataclass(frozen=True, slots=True)
class Count:
    """A signed sum, and the variance of the noise in it; 0 where counts are exact."""

    value: int
    noise: float

    @property
    def reach(self) -> float:
        """How far from the value the true count may lie, 19 times in 20."""
        return SURE * math.sqrt(self.noise)

    @property
    def low(self) -> float:
        """The lower end of that."""
        return self.value - self.reach

    @property
    def high(self) -> float:
        """The upper end of that."""
        return self.value + self.reach

    def minus(self, other: Count) -> Count:
        """The difference of two counts with noise of their own."""
        return Count(self.value - other.value, self.noise + other.noise)


class Sums:
    """What ``windows`` come to, by cell."""

    def __init__(self, windows: Sequence[ReleasedWindow]) -> None:
        self._counts: dict[Cell, Count] = {}
        for window in windows:
            for cell, value in window.values.items():
                before = self._counts.get(cell)
                noise = window.stddev.get(cell[0], 0.0) ** 2
                self._counts[cell] = (
                    Count(value, noise)
                    if before is None
                    else Count(before.value + value, before.noise + noise)
                )
        # A cell that no configuration can count in is zero, without noise, in each window.
        self._living = {cell for window in windows for cell, value in window.values.items() if value}

    def cells(self, family: str) -> list[Cell]:
        """The cells of ``family`` in which anything, if only noise, was ever released."""
        return [cell for cell in self._counts if cell[0] == family and cell in self._living]

    def unused(self, family: str) -> int:
        """How many cells of ``family`` have always been zero."""
        return sum(cell[0] == family and cell not in self._living for cell in self._counts)

    def count(self, cells: Iterable[Cell]) -> Count:
        """The sum over ``cells``; nothing for one that there is not."""
        found = [self._counts[cell] for cell in cells if cell in self._living]
        return Count(sum(each.value for each in found), sum(each.noise for each in found))

    def family(self, family: str) -> Count:
        """The sum over all cells of ``family``."""
        return self.count(self.cells(family))
