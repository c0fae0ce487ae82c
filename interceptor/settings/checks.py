"""What several settings are checked for."""

from __future__ import annotations

from datetime import timedelta

from interceptor.binding import Wrong


def positive(value: float | timedelta) -> None:
    """Check that a number or a length of time is above zero."""
    if (value.total_seconds() if isinstance(value, timedelta) else value) <= 0:
        raise Wrong("must be above zero", "Raise it.")


def not_empty(value: tuple[object, ...]) -> None:
    """Check that a list names at least one thing."""
    if not value:
        raise Wrong("is empty", "Name at least one, or leave the key out for the default.")


def share(value: float) -> None:
    """Check that a number lies between 0 and 1."""
    if not 0 <= value <= 1:
        raise Wrong("is not a share", "Use a number between 0 and 1, as 0.5.")
