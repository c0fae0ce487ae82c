"""When counts leave: windows of one length, aligned to UTC, so that replicas close theirs together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows of ``length``, counted from 1970-01-01 00:00 UTC."""

    length: timedelta

    def end(self, now: float) -> float:
        """The end of the window that ``now`` (seconds since 1970) lies in; a multiple of the length."""
        seconds = self.length.total_seconds()
        return (math.floor(now / seconds) + 1) * seconds
