"""What a keeper without noise has counted so far, while its window is still open."""

from __future__ import annotations

from collections import Counter

from interceptor.counting.marks import _TRAPPED, _WARNED, _seen
from interceptor.keeper import Keeper


def counted_now(keeper: Keeper) -> Counter[tuple[str, ...]]:
    """Every cell that is not zero, ``(family, *labels)``; tickets that are still alive as if they had expired."""
    window = keeper._release._opened()
    found: Counter[tuple[str, ...]] = Counter()
    for key, count, base in zip(
        keeper.families.keys, keeper.cells.sums(window.buffer), window.base, strict=True
    ):
        if count != base:
            found[key] = count - base
    for record in keeper.marks._records:
        if record & _WARNED and not record & _TRAPPED:
            found.update(keeper._cells_of(_seen(record)))
    return found
