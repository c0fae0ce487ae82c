"""What the warning's own search box has seen, per 100 warnings, and how much it has not."""

from __future__ import annotations

import math
from dataclasses import dataclass

_SURE = 1.96
"""Standard deviations of a normal distribution that hold 95 % of it on both sides."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number per 100 warnings and the ends of its 95 % interval; noise may put any of them out of 0 to 100."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Box:
    """Next searches from the box, per 100 warnings: ``other``, ``matching``, and warnings without one.

    ``most_other`` and ``most_matching`` are what the two would be if everybody who was not seen had done that: with
    the figures themselves the bounds on what people did, without any assumption (Manski, Partial Identification of
    Probability Distributions, 2003, ch. 1).
    """

    other: Figure
    matching: Figure
    not_seen: Figure

    @property
    def most_other(self) -> float:
        """The most, per 100 warnings, that can have searched on for something else."""
        return min(self.other.value + self.not_seen.value, 100.0)

    @property
    def most_matching(self) -> float:
        """The most, per 100 warnings, that can have searched on for the same."""
        return min(self.matching.value + self.not_seen.value, 100.0)


def per_hundred(
    warnings: int, other: int, matching: int, *, warnings_noise: float, returns_noise: float
) -> Box | None:
    """The figures for released, signed sums; None where the warnings are no more than their noise.

    ``warnings_noise`` and ``returns_noise`` are the variances of the noise in one sum of each kind (over several
    windows, the sum of theirs); 0 where counts are exact. Intervals are those of a ratio estimator (Cochran, Sampling
    Techniques, 1977, section 6.4), with the release's noise in numerator and denominator.
    """
    if warnings <= _SURE * math.sqrt(warnings_noise):
        return None

    def figure(count: int, noise: float, pull: float) -> Figure:
        share = count / warnings
        luck = warnings * max(share * (1 - share), 0.0)
        error = math.sqrt(luck + noise + pull * pull * warnings_noise) / warnings
        return Figure(100 * share, 100 * (share - _SURE * error), 100 * (share + _SURE * error))

    seen = other + matching
    return Box(
        other=figure(other, returns_noise, other / warnings),
        matching=figure(matching, returns_noise, matching / warnings),
        not_seen=figure(warnings - seen, 2 * returns_noise, seen / warnings),
    )
