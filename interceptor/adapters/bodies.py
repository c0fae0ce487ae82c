"""Bodies of requests, read with a bound on their size and on the time that they take."""

from __future__ import annotations

import asyncio

from aiohttp import StreamReader

from interceptor.errors import BodyTooLargeError


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
