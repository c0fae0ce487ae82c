"""Which header fields pass the proxy, and how: RFC 9110, 7.6.1, and what an annotated page changes.

Fields are pairs of octet strings, in the order, case and number in which they were received.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from interceptor.adapters import annotation

Fields = Iterable[tuple[bytes, bytes]]

_HOP_BY_HOP: Final = frozenset(
    {b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade", b"http2-settings"}
)
_NEVER_NAMED: Final = frozenset({b"host", b"content-length", b"content-type", b"cache-control"})
"""Fields that ``Connection`` cannot take away: a message without them would mean something else."""

_SELECTS_PART: Final = frozenset(name.encode() for name in annotation.SELECTS_PART)
_BOUND_TO_OCTETS: Final = frozenset(name.encode() for name in annotation.BOUND_TO_OCTETS)
_LETS_CACHES_KEEP: Final = frozenset(name.encode() for name in annotation.LETS_CACHES_KEEP)

NO_STORE: Final = (b"Cache-Control", b"no-store")


def named_by_connection(values: Iterable[str]) -> frozenset[bytes]:
    """Return the lower-case field names that the values of ``Connection`` declare to be hop-by-hop."""
    names = (
        name.strip().lower().encode("utf-8", "surrogateescape")
        for value in values
        for name in value.split(",")
    )
    return frozenset(names) - _NEVER_NAMED


def end_to_end(fields: Fields, named: frozenset[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield lower-case name, name and value of each field that goes on to the next hop."""
    for name, value in fields:
        lower = name.lower()
        if lower not in _HOP_BY_HOP and lower not in named and not lower.startswith(b"proxy-"):
            yield lower, name, value


def for_engine(
    fields: Fields,
    named: frozenset[bytes],
    *,
    host: bytes | None = None,
    length: int | None = None,
    expects: bool = True,
    whole: bool = False,
) -> list[bytes]:
    """Return the field lines of a request to the engine.

    ``host`` replaces or supplies ``Host``; ``length`` is that of a body read already, which then goes with its
    ``Content-Length``; ``expects`` keeps ``Expect``; ``whole`` asks for the whole page, uncompressed.
    """
    lines: list[bytes] = []
    encoding_told = not whole
    for lower, name, value in end_to_end(fields, named):
        if lower == b"host" and host is not None:
            value, host = host, None
        elif lower == b"content-length" and length is not None:
            value, length = b"%d" % length, None
        elif (lower == b"expect" and not expects) or (whole and lower in _SELECTS_PART):
            continue
        elif whole and lower == b"accept-encoding":
            if encoding_told:
                continue
            value, encoding_told = b"identity", True
        lines.append(name + b": " + value)
    if host is not None:
        lines.insert(0, b"Host: " + host)
    if length:
        lines.append(b"Content-Length: %d" % length)
    if not encoding_told:
        lines.append(b"Accept-Encoding: identity")
    return lines


def for_client(fields: Fields, named: frozenset[bytes], *, framed: bool, annotated: bool) -> list[bytes]:
    """Return the field lines of the engine's answer.

    ``framed`` keeps ``Content-Length``, as far as it is known to be right; ``annotated`` drops what is true of
    the unchanged page only and forbids to store it. Raises `ValueError` where a field would end its line.
    """
    lines: list[bytes] = []
    for lower, name, value in end_to_end(fields, named):
        if lower == b"content-length" and not framed:
            continue
        if annotated and (lower in _BOUND_TO_OCTETS or lower in _LETS_CACHES_KEEP):
            continue
        if b"\n" in value or b"\r" in value:
            raise ValueError("a field of the engine's answer holds a line end")
        lines.append(name + b": " + value)
    if annotated:
        lines.append(b": ".join(NO_STORE))
    return lines
