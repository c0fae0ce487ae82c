"""Octets both ways between a client and the engine, once they have agreed to speak WebSocket."""

from __future__ import annotations

import asyncio
from typing import Any, Final, cast

from aiohttp.base_protocol import BaseProtocol
from aiohttp.client_proto import ResponseHandler
from aiohttp.http_writer import StreamWriter
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler

from interceptor.sidecar.engine import BROKEN

_BUFFER: Final = 65_536
_LAST_SECONDS: Final = 5.0
"""How long an engine gets to take the last octets."""


class _Octets:
    """Stands where aiohttp has its WebSocket parser, and hands on what that would parse."""

    def __init__(self, protocol: BaseProtocol, loop: asyncio.AbstractEventLoop) -> None:
        self.reader = StreamReader(protocol, _BUFFER, loop=loop)

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        self.reader.feed_data(data)
        return False, b""

    def feed_eof(self) -> None:
        if not self.reader.is_eof():
            self.reader.feed_eof()


async def tunnel(client: RequestHandler, engine: ResponseHandler) -> None:
    """Carry octets both ways until either side closes."""
    loop = asyncio.get_running_loop()
    from_client, from_engine = _Octets(client, loop), _Octets(engine, loop)
    engine.read_timeout = None
    client.set_parser(cast(Any, from_client))
    engine.set_parser(from_engine, from_engine.reader)
    pumps = [
        loop.create_task(_pump(from_client.reader, StreamWriter(engine, loop))),
        loop.create_task(_pump(from_engine.reader, StreamWriter(client, loop))),
    ]
    try:
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        _end(engine, from_client.reader)


def _end(engine: ResponseHandler, from_client: StreamReader) -> None:
    """Send the engine the client's last octets, such as a closing frame, and then the end."""
    transport = engine.transport
    if transport is None:
        return
    if rest := from_client.read_nowait():
        transport.write(rest)
    engine.close()
    if transport.get_write_buffer_size():
        asyncio.get_running_loop().call_later(_LAST_SECONDS, transport.abort)


async def _pump(source: StreamReader, sink: StreamWriter) -> None:
    try:
        while data := await source.readany():
            await sink.write(data)
    except BROKEN:
        return
