"""Released windows for tests of what is made of them."""

from __future__ import annotations

from collections.abc import Mapping

from interceptor.counting.released import ReleasedWindow

DAY = 86_400.0
NOISE = {
    "searches": 28.3,
    "interventions": 9.4,
    "warnings": 14.1,
    "warnings_by_language": 28.3,
    "clicks": 4.7,
    "clicks_by_resource": 14.1,
    "returns": 5.6,
}
"""Standard deviations of the default budget."""


def released(
    number: int,
    values: Mapping[tuple[str, ...], int],
    *,
    noise: Mapping[str, float] | None = None,
    shares: Mapping[str, float] | None = None,
    plan: str = "weighted-0123456789",
    epsilon: float = 1.0,
    length: float = DAY,
) -> ReleasedWindow:
    """The window of one day; exact unless there is ``noise``."""
    return ReleasedWindow(
        number * length,
        (number + 1) * length,
        plan,
        epsilon,
        dict(values),
        dict(noise or {}),
        dict(shares or {}),
    )


def shown(number: int, counts: Mapping[str, tuple[int, int]], **others: object) -> ReleasedWindow:
    """A window by message: warnings and clicks."""
    values: dict[tuple[str, ...], int] = {}
    for message, (warnings, clicks) in counts.items():
        values["warnings", message] = warnings
        values["clicks", message] = clicks
    return released(number, values, **others)  # type: ignore[arg-type]
