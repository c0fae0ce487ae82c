"""Which answers of an engine can take a strip, and what no longer holds of them once they have."""

from __future__ import annotations

DROPPED_HEADERS = (
    "Content-Length",
    "ETag",
    "Last-Modified",
    "Accept-Ranges",
    "Content-MD5",
    "Digest",
    "Repr-Digest",
    "Content-Digest",
    "Age",
    "Expires",
)
"""Headers that speak of the page without the strip, or that let it be stored."""

CONDITIONAL_HEADERS = (
    "Range",
    "If-Range",
    "If-None-Match",
    "If-Modified-Since",
    "If-Match",
    "If-Unmodified-Since",
)
"""Request headers by which the engine could answer with less than the page."""


def can_annotate(status: int, content_type: str | None, content_encoding: str | None) -> bool:
    """Whether an answer is a whole HTML page in plain octets."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    coding = (content_encoding or "identity").strip().lower()
    return status not in (204, 206, 304) and status >= 200 and kind == "text/html" and coding == "identity"
