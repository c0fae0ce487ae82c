"""Memory under bodies of any size where one side is slow or the page is altered on its way.

The mishap: a large page, or a client or an engine that stops reading, and the service grows until it is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest
from running import PATIENCE, Running

Serve = Callable[..., Running]
MEGABYTES = 150
GROWTH = 20_000
"""kB that a worker may grow by: buffers of both connections, and the parts of code that were not run before."""


def worker_of(running: Running) -> int:
    (worker,) = running.children()
    return worker


def peak(process: int) -> int:
    """The most memory that ``process`` ever held, in kB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


class LargeEngine:
    """Answers with a page of `MEGABYTES`, by its length or in chunks; reads nothing of an upload to ``/deaf``."""

    def __init__(self) -> None:
        self.sent = 0
        self.chunked = False
        self.url = ""
        self.enough = asyncio.Event()
        self.writers: list[asyncio.StreamWriter] = []
        self.talks: list[asyncio.Task[None] | None] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        self.talks.append(asyncio.current_task())
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            if head.startswith(b"POST /deaf"):
                await self.enough.wait()
            elif b"/small" in head:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok")
            else:
                await self._send_page(writer)
            await writer.drain()
        writer.close()

    async def _send_page(self, writer: asyncio.StreamWriter) -> None:
        framing = (
            b"Transfer-Encoding: chunked" if self.chunked else b"Content-Length: %d" % (MEGABYTES * 1_000_000)
        )
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n%s\r\n\r\n" % framing)
        for number in range(MEGABYTES):
            piece = (b"<html><body>" if number == 0 else b"").ljust(1_000_000, b"x")
            writer.write(b"f4240\r\n%s\r\n" % piece if self.chunked else piece)
            await writer.drain()
            self.sent += 1
        if self.chunked:
            writer.write(b"0\r\n\r\n")


@pytest.fixture
async def large() -> AsyncIterator[LargeEngine]:
    engine = LargeEngine()
    server = await asyncio.start_server(engine.talk, "127.0.0.1", 0)
    engine.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield engine
    engine.enough.set()
    server.close()
    for writer in engine.writers:
        # CPython 3.11 raises it for one that was closed while it had something to send, and is gone since.
        with contextlib.suppress(AttributeError):
            writer.transport.abort()
    await asyncio.wait_for(asyncio.gather(*filter(None, engine.talks), return_exceptions=True), PATIENCE)


async def warm(running: Running) -> int:
    """The peak once the ways that the test goes have been gone."""
    async with aiohttp.ClientSession() as session:
        for target in ("/small", "/small?q=purple+garden+lantern+law"):
            async with session.get(f"{running.url}{target}") as answer:
                await answer.read()
    return peak(worker_of(running))


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunks"])
async def test_a_large_page_is_annotated_as_it_streams(
    serve: Serve, large: LargeEngine, chunked: bool
) -> None:
    large.chunked = chunked
    running = serve(None, "--upstream", large.url)
    before = await warm(running)
    received, strip = 0, False
    async with (
        aiohttp.ClientSession(read_bufsize=1 << 16) as session,
        session.get(f"{running.url}/search?q=purple+garden+lantern+law") as answer,
    ):
        async for piece in answer.content.iter_any():
            received += len(piece)
            strip = strip or b"<aside" in piece
    assert strip and received > MEGABYTES * 1_000_000
    assert peak(worker_of(running)) - before < GROWTH


async def test_a_client_that_does_not_read_holds_the_engine_up(serve: Serve, large: LargeEngine) -> None:
    running = serve(None, "--upstream", large.url)
    before = await warm(running)
    _, writer = await asyncio.open_connection("127.0.0.1", running.port, limit=1 << 16)
    writer.write(b"GET /page HTTP/1.1\r\nHost: x\r\n\r\n")
    try:
        async with asyncio.timeout(PATIENCE):
            while large.sent == 0:
                await asyncio.sleep(0.05)
        last = -1
        while last != large.sent:
            last = large.sent
            await asyncio.sleep(0.5)
        # Socket buffers take some megabytes on the way.
        assert large.sent < MEGABYTES / 2
        assert peak(worker_of(running)) - before < GROWTH
    finally:
        writer.transport.abort()
        await asyncio.sleep(0)


async def test_an_engine_that_does_not_read_holds_the_client_up(serve: Serve, large: LargeEngine) -> None:
    # A client whose octets are not wanted yet is not seen to go: a stop would wait for the engine.
    running = serve({"limits": {"drain": "1s"}}, "--upstream", large.url)
    before = await warm(running)
    _, writer = await asyncio.open_connection("127.0.0.1", running.port)
    head = b"POST /deaf HTTP/1.1\r\nHost: x\r\nContent-Type: video/mp4\r\nContent-Length: %d\r\n\r\n"
    writer.write(head % (MEGABYTES * 1_000_000))
    sent = 0
    try:
        with contextlib.suppress(TimeoutError):
            while sent < MEGABYTES:
                writer.write(bytes(1_000_000))
                sent += 1
                async with asyncio.timeout(2):
                    await writer.drain()
        assert sent < MEGABYTES / 2
        assert peak(worker_of(running)) - before < GROWTH
    finally:
        writer.transport.abort()
        await asyncio.sleep(0)
