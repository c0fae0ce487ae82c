"""Which answers of an engine can take a strip, and what no longer holds of them once they have.

Names of header fields stand in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

SELECTS_PART = frozenset({"range", "if-range", "if-none-match", "if-modified-since"})
"""Request fields by which the engine could answer with less than the page."""

BOUND_TO_OCTETS = frozenset(
    {
        "accept-ranges",
        "content-digest",
        "content-length",
        "content-md5",
        "digest",
        "etag",
        "last-modified",
        "repr-digest",
    }
)
"""What an engine says of the very octets of its page."""

LETS_CACHES_KEEP = frozenset(
    {"cache-control", "cdn-cache-control", "expires", "pragma", "surrogate-control", "x-accel-expires"}
)
"""What lets a cache keep the page; some caches rank others of these above ``Cache-Control``."""

_charset = re.compile(r";\s*charset\s*=\s*(?:\"([^\"]*)\"|([^\s;\"]+))", re.IGNORECASE)


def can_annotate(status: int, content_type: str, codings: Iterable[str]) -> bool:
    """Whether an answer with this ``Content-Type`` and ``Content-Encoding`` is a whole HTML page in plain octets."""
    whole = 200 <= status < 300 and status not in (204, 206)
    html = content_type.partition(";")[0].strip().lower() == "text/html"
    return whole and html and all(coding.strip().lower() in ("", "identity") for coding in codings)


def charset_of(content_type: str) -> str | None:
    """The ``charset`` parameter of a content type, None where it has none."""
    found = _charset.search(content_type)
    return (found[1] if found[1] is not None else found[2]) if found else None
