"""Tickets, what leaves of the counts, and who keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from interceptor.binding import Wrong, setting
from interceptor.settings.checks import positive


def _check_capacity(value: int) -> None:
    if not 1 <= value <= 100_000_000:
        raise Wrong("is out of range", "Use 1 to 100,000,000; one ticket takes 36 bytes.")


@dataclass(frozen=True, slots=True)
class Tickets:
    """The sealed tickets that tie one banner to its clicks."""

    key_file: Path | None = setting(None, doc="32 random bytes, base64; none means a new key at each start")
    lifetime: timedelta = setting(timedelta(hours=1), check=positive)
    capacity: int = setting(
        65_536, check=_check_capacity, doc="tickets remembered an hour; above it none is counted"
    )


def _check_window(value: timedelta) -> None:
    seconds = value.total_seconds()
    if seconds < 1 or seconds != int(seconds):
        raise Wrong(
            "is no length for a window", "Use whole seconds; 24h is the default, 7d suits a small engine."
        )


@dataclass(frozen=True, slots=True)
class Privacy:
    """How counts leave the process."""

    window: timedelta = setting(timedelta(hours=24), check=_check_window, doc="counts leave once a window")


@dataclass(frozen=True, slots=True)
class Keeper:
    """Where processes that were not forked by the service report what they count."""

    socket: Path | None = setting(None, doc="Unix socket; 'serve' listens on it, adapters report to it")
