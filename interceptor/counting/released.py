"""What left of one window: all that history, report, dashboard and allocation know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ReleasedWindow:
    """The signed values of one closed window, as released.

    ``start`` and ``end`` are its nominal bounds in seconds since 1970 (a window that a stop cut short has them
    too, so two may have the same). ``plan`` is the identifier of the plan in force and ``shares`` the share of each
    message in it, empty where that is not known. ``epsilon`` is the privacy loss of one search, `math.inf` where
    counts are exact. ``values`` maps ``(family, *labels)`` to the value and
    ``stddev`` a family to the standard deviation of the noise in each of its cells.
    """

    start: float
    end: float
    plan: str
    epsilon: float
    values: Mapping[tuple[str, ...], int]
    stddev: Mapping[str, float]
    shares: Mapping[str, float] = field(default_factory=dict)
