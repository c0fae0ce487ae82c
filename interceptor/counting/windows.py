"""When counts leave: windows of one length, aligned to UTC, so that replicas close theirs together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows of ``length``, counted from 1970-01-01 00:00 UTC: no daylight-saving day is longer than another."""

    length: timedelta

    def bounds(self, now: float) -> tuple[float, float]:
        """Start and end of the window that ``now`` (seconds since 1970) lies in; multiples of the length."""
        seconds = self.length.total_seconds()
        number = math.floor(now / seconds)
        return number * seconds, (number + 1) * seconds
