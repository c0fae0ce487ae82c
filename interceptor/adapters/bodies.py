"""Bodies of requests, read with a bound on their size and on the time that they take."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from interceptor.errors import BodyTooLargeError

if TYPE_CHECKING:
    from aiohttp import StreamReader  # slow to import, and WSGI goes without

_DISCARDED = 4
"""How many times its limit a body may be long that is read to its end although it is refused."""
_CHUNK = 65_536


class Readable(Protocol):
    """What a body is read from."""

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes; none at the end."""


async def read_bounded(content: StreamReader, *, limit: int, seconds: float) -> bytes:
    """Read all of ``content``.

    Raises `BodyTooLargeError` over ``limit`` bytes and `TimeoutError` where it takes longer than ``seconds``.
    """
    pieces, size = [], 0
    async with asyncio.timeout(seconds):
        while piece := await content.readany():
            size += len(piece)
            if size > limit:
                raise BodyTooLargeError
            pieces.append(piece)
    return b"".join(pieces)


def discard(body: Readable, size: int | None, limit: int) -> None:
    """Read what is left of a ``body`` that is refused for being longer than ``limit``, unless it is much longer.

    ``size``: its length in bytes, None where nobody knows. A server that closes a connection with bytes unread cuts the
    client off, often before it has read the answer.
    """
    most = _DISCARDED * limit
    left = most if size is None else size
    while 0 < left <= most and (data := body.read(min(left, _CHUNK))):
        left -= len(data)
