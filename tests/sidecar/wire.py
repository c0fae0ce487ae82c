"""Clients, heads and bodies as they stand on the wire."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from interceptor.addresses import Upstream
from interceptor.config import Limits
from interceptor.sidecar.http_server import PublicServer

PATIENCE = 10.0
"""Seconds after which a test that waits for octets fails."""

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Head:
    """A head as it stood on the wire."""

    first: bytes
    fields: list[tuple[bytes, bytes]]

    def values(self, name: bytes) -> list[bytes]:
        return [value for found, value in self.fields if found.lower() == name.lower()]

    @property
    def status(self) -> int:
        return int(self.first.split(b" ")[1])


async def read_head(reader: asyncio.StreamReader) -> Head:
    octets = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
    first, *lines = octets[:-4].split(b"\r\n")
    pairs = (line.split(b": ", 1) for line in lines)
    return Head(first, [(name, value) for name, value in pairs])


async def read_chunked(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await asyncio.wait_for(reader.readline(), PATIENCE), 16):
        body += await asyncio.wait_for(reader.readexactly(size + 2), PATIENCE)
        assert body.endswith(b"\r\n")
        body = body[:-2]
    assert await reader.readline() == b"\r\n"
    return body


async def read_body(reader: asyncio.StreamReader, head: Head) -> bytes:
    if head.values(b"transfer-encoding"):
        return await read_chunked(reader)
    if lengths := head.values(b"content-length"):
        return await asyncio.wait_for(reader.readexactly(int(lengths[0])), PATIENCE)
    return await asyncio.wait_for(reader.read(), PATIENCE)


@dataclass
class Client:
    """A client's connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, octets: bytes) -> None:
        self.writer.write(octets)
        await self.writer.drain()

    async def head(self) -> Head:
        return await read_head(self.reader)

    async def answer(self) -> tuple[Head, bytes]:
        head = await self.head()
        return head, await read_body(self.reader, head)

    async def rest(self) -> bytes:
        """Everything up to the end of the connection; raises where that is a reset."""
        return await asyncio.wait_for(self.reader.read(), PATIENCE)


@dataclass
class Site:
    """A server under test: connect to it, and see what it called a fault."""

    port: int
    server: PublicServer
    faults: list[BaseException] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)

    async def connect(self) -> Client:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        client = Client(reader, writer)
        self.clients.append(client)
        return client

    async def ask(self, octets: bytes) -> tuple[Head, bytes]:
        """Send ``octets`` over a new connection and return the first answer."""
        client = await self.connect()
        await client.send(octets)
        return await client.answer()


def listener() -> socket.socket:
    made = socket.create_server(("127.0.0.1", 0))
    made.setblocking(False)
    return made


def quick(**seconds: float) -> Limits:
    """Limits with some of the times shortened."""
    times: dict[str, Any] = {name: timedelta(seconds=value) for name, value in seconds.items()}
    return replace(Limits(), **times)


Serve = Callable[..., Awaitable[Site]]
StartEngine = Callable[[Talk], Awaitable[Upstream]]
StartAiohttp = Callable[..., Awaitable[Upstream]]

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def recorder(seen: list[tuple[Head, bytes]], answer: bytes = HELLO) -> Talk:
    """An engine that keeps each request and gives the same answer to all."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await read_head(reader)
            framed = head.values(b"content-length") or head.values(b"transfer-encoding")
            seen.append((head, await read_body(reader, head) if framed else b""))
            writer.write(answer)
            await writer.drain()

    return talk
