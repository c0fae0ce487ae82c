"""Tickets, what leaves of the counts, where it is kept, and who keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from interceptor.binding import Wrong, setting
from interceptor.settings.checks import positive


def _check_capacity(value: int) -> None:
    if not 1 <= value <= 100_000_000:
        raise Wrong("is out of range", "Use 1 to 100,000,000; one ticket takes 96 bytes.")


@dataclass(frozen=True, slots=True)
class Tickets:
    """The sealed tickets that tie one banner to its clicks."""

    key_file: Path | None = setting(None, doc="32 random bytes, base64; none means a new key at each start")
    lifetime: timedelta = setting(
        timedelta(hours=1),
        check=positive,
        doc="a page counts a click so long; a window is released that much later",
    )
    capacity: int = setting(
        65_536, check=_check_capacity, doc="tickets remembered an hour; above it none is counted"
    )


class ReleaseKind(StrEnum):
    """How the counts of a window leave."""

    PRIVATE = "private"
    """With noise, under the stated privacy loss."""
    EXACT = "exact"
    """As they are: for a laboratory, never for real searches."""


def _check_window(value: timedelta) -> None:
    seconds = value.total_seconds()
    if seconds < 1 or seconds != int(seconds):
        raise Wrong(
            "is no length for a window", "Use whole seconds; 24h is the default, 7d suits a small engine."
        )


def _check_epsilon(value: float) -> None:
    if not 0.001 <= value <= 10:
        raise Wrong("is out of range", "Use 0.001 to 10: 1 is the default, 0.2 suits a busy engine.")


def _check_share(value: float) -> None:
    if not 0.0001 <= value <= 1000:
        raise Wrong(
            "is no share of a budget", "Use 0.0001 to 1000; only the proportions between shares matter."
        )


@dataclass(frozen=True, slots=True)
class Budget:
    """How the privacy loss of a search is divided; in proportion, so the sum need not be 1.

    Searches are many, so noise matters little to them; clicks and returns are few, and are what messages are compared
    by.
    """

    searches: float = setting(0.05, check=_check_share)
    interventions: float = setting(0.15, check=_check_share)
    warnings: float = setting(0.10, check=_check_share)
    languages: float = setting(0.05, check=_check_share)
    clicks: float = setting(0.30, check=_check_share)
    resources: float = setting(0.10, check=_check_share)
    returns: float = setting(0.25, check=_check_share)


def _not_negative(value: timedelta) -> None:
    if value.total_seconds() < 0:
        raise Wrong("is below zero", "Use 0s for none.")


@dataclass(frozen=True, slots=True)
class Privacy:
    """How counts leave the process."""

    window: timedelta = setting(timedelta(hours=24), check=_check_window, doc="counts leave once a window")
    release: ReleaseKind = setting(
        ReleaseKind.PRIVATE,
        doc="exact: no noise, for a laboratory; refuses an admin listener beyond loopback",
    )
    epsilon: float = setting(
        1.0, check=_check_epsilon, doc="the privacy loss of one search, over all families"
    )
    budget: Budget = setting(factory=Budget, doc="how epsilon is divided over the families")
    linger: timedelta = setting(
        timedelta(seconds=2), check=_not_negative, doc="a service that stops waits so long for a last scrape"
    )


@dataclass(frozen=True, slots=True)
class History:
    """Where released windows are kept, and for how long."""

    file: Path | None = setting(None, doc="SQLite file; none means memory, so totals start at zero")
    keep: timedelta = setting(
        timedelta(days=730), check=positive, doc="windows are kept so long; totals stay"
    )


@dataclass(frozen=True, slots=True)
class Keeper:
    """Where processes that were not forked by the service report what they count."""

    socket: Path | None = setting(None, doc="Unix socket; 'serve' listens on it, adapters report to it")
