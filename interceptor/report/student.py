"""Student's t distribution, for whole degrees of freedom."""

from __future__ import annotations

import math
from functools import lru_cache


@lru_cache(maxsize=256)
def quantile(chance: float, freedom: int) -> float:
    """The value below which Student's t with ``freedom`` degrees (1 or more) lies with ``chance`` (above one half).

    By bisection of the distribution function.
    """
    low, high = 0.0, 1.0
    while _below(high, freedom) < chance:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        if _below(middle, freedom) < chance:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def chance_beyond(value: float, freedom: int) -> float:
    """The chance that Student's t lies beyond ``value`` (zero or more), on both sides together."""
    return 2 * (1 - _below(value, freedom))


def _below(value: float, freedom: int) -> float:
    """The distribution function for a value of zero or more: Abramowitz and Stegun, 26.7.3 and 26.7.4."""
    angle = math.atan(value / math.sqrt(freedom))
    square = math.cos(angle) ** 2
    odd = freedom % 2
    term = math.sin(angle) * (math.cos(angle) if odd else 1.0)
    series = 0.0
    for power in range(2 + odd, freedom + 1, 2):
        series += term
        term *= square * (power - 1) / power
    inside = 2 / math.pi * (angle + series) if odd else series
    return (1 + inside) / 2
