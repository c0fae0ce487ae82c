"""How the log is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from interceptor.binding import setting


class LogFormat(StrEnum):
    """What a line of the log looks like."""

    TEXT = "text"
    """Time, level and message."""
    JSON = "json"
    """An object with the keys ``time`` (RFC 3339, UTC), ``level`` and ``message``."""


@dataclass(frozen=True, slots=True)
class Log:
    """The log of starts, stops, reloads and faults; nothing of any search is in it."""

    format: LogFormat = setting(LogFormat.TEXT, doc="text or json, one line each, on standard error")
