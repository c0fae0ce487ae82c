"""How few warnings are too few to say which message does better."""

from __future__ import annotations

MIN_WARNINGS_A_DAY = 1_000
"""No comparison of messages is claimed below this.

At 1,000 warnings a day a message among ten gets some 100, on which a dozen people choose help. The noise of a release
(a standard deviation of 4.7 at epsilon 0.30) is then already wider than the luck in that dozen (3.3), and below it
soon is all that there is to see.
"""


def too_few(warnings: float, days: float) -> str | None:
    """Why no message may be called better on ``warnings`` (released, signed) over ``days``; None where one may."""
    if days <= 0:
        return "No window has closed yet."
    if (daily := warnings / days) >= MIN_WARNINGS_A_DAY:
        return None
    return (
        f"About {max(daily, 0):,.0f} warnings a day: below {MIN_WARNINGS_A_DAY:,} a day no message is called better "
        "than another."
    )
