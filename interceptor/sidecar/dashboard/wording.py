"""Numbers and times as the page writes them."""

from __future__ import annotations

import math
from datetime import UTC, datetime


def number(value: float) -> str:
    """A whole number with its thousands set apart."""
    return _minus(f"{value:,.0f}" if abs(value) >= 0.5 else "0")


def axis_number(value: float) -> str:
    """A number of an axis, short: thousands as "k"."""
    size = abs(value)
    if size >= 1_000_000:
        return _minus(f"{value / 1_000_000:g}M")
    return _minus(f"{value / 1000:g}k") if size >= 10_000 else _minus(f"{value:g}")


def signed(value: float) -> str:
    """A difference."""
    return f"+{number(value)}" if value > 0 else number(value)


def percent(value: float) -> str:
    """A share as per cent, with as many places as a small one needs."""
    size = abs(100 * value)
    places = 1 if size >= 1 or size < 0.0005 else 2 if size >= 0.1 else 3
    return f"{_minus(f'{100 * value:.{places}f}')}\N{NO-BREAK SPACE}%"


def axis_percent(value: float) -> str:
    """A share on an axis."""
    return f"{_minus(f'{round(100 * value, 6):g}')}\N{NO-BREAK SPACE}%"


def signed_percent(value: float) -> str:
    """A relative difference."""
    return f"+{percent(value)}" if value > 0 else percent(value)


def decimal(value: float) -> str:
    """A number with one place."""
    return f"{value:.1f}"


def epsilon(value: float) -> str:
    """A privacy loss."""
    return "none stated: counts are exact" if math.isinf(value) else f"{value:g}"


def moment(time: float) -> str:
    """A time in seconds since 1970, in UTC."""
    return datetime.fromtimestamp(time, UTC).strftime("%-d %b %Y, %H:%M")


def span(seconds: float) -> str:
    """A length of time, in the largest unit that keeps it whole."""
    for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= size and seconds % size == 0:
            many = round(seconds / size)
            return f"{many} {unit}{'s' if many != 1 else ''}"
    return f"{seconds:g} seconds"


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")
