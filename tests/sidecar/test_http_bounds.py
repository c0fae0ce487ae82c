"""Bounds on what clients together may take: connections, and places in the queue for the engine."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from aiohttp import web

from interceptor.config import Limits
from interceptor.sidecar.bounds import fitted
from interceptor.sidecar.http_server import Request
from tests.sidecar.wire import PATIENCE, Serve, StartEngine, read_head

GET = b"GET /search?q=purple HTTP/1.1\r\nHost: x\r\n\r\n"


async def hello(request: Request) -> web.StreamResponse:
    return web.Response(text="hello")


async def test_above_the_bound_the_oldest_idle_connection_is_closed(serve: Serve) -> None:
    site = await serve(hello, replace(Limits(), connections=2))
    oldest, newer = await site.connect(), await site.connect()
    for client in (oldest, newer):
        await client.send(GET)
        await client.answer()
    third = await site.connect()
    await third.send(GET)
    assert (await third.answer())[1] == b"hello"
    assert await oldest.rest() == b""
    await newer.send(GET)
    assert (await newer.answer())[1] == b"hello"


async def test_slow_clients_give_way_to_those_that_speak(serve: Serve) -> None:
    site = await serve(hello, replace(Limits(), connections=4))
    slow = [await site.connect() for _ in range(8)]
    for client in slow[4:]:
        await client.send(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    client = await site.connect()
    await client.send(GET)
    assert (await client.answer())[1] == b"hello"


async def test_with_every_connection_at_work_a_new_one_is_answered_503(serve: Serve) -> None:
    go_on = asyncio.Event()

    async def wait(request: Request) -> web.StreamResponse:
        await go_on.wait()
        return web.Response(text="hello")

    site = await serve(wait, replace(Limits(), connections=2))
    working = [await site.connect() for _ in range(2)]
    for client in working:
        await client.send(GET)
    await asyncio.sleep(0.1)  # nothing tells that a handler has begun
    late = await site.connect()
    head = await late.head()
    assert head.status == 503 and head.values(b"connection") == [b"close"]
    go_on.set()
    for client in working:
        assert (await client.answer())[1] == b"hello"


async def test_more_requests_than_the_queue_holds_are_answered_503(engine: StartEngine, proxy: Serve) -> None:
    go_on, begun = asyncio.Event(), asyncio.Event()

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        begun.set()
        await go_on.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
        await writer.drain()

    site = await proxy(await engine(slow), replace(Limits(), upstream_connections=1, queue=2))
    clients = [await site.connect() for _ in range(5)]
    await clients[0].send(GET)
    await asyncio.wait_for(begun.wait(), PATIENCE)
    for client in clients[1:]:
        await client.send(GET)
    answers = [asyncio.create_task(client.head()) for client in clients]
    async with asyncio.timeout(PATIENCE):
        while sum(each.done() for each in answers) < 2:
            await asyncio.sleep(0.01)
    go_on.set()
    assert sorted([(await each).status for each in answers]) == [200, 200, 200, 503, 503]


async def test_a_flood_of_pipelined_requests_is_read_no_faster_than_answered(serve: Serve) -> None:
    begun = 0

    async def slow(request: Request) -> web.StreamResponse:
        nonlocal begun
        begun += 1
        await asyncio.sleep(0.01)
        return web.Response(text="hello")

    site = await serve(slow)
    client = await site.connect()
    flood = GET * 1_000
    sent = 0
    try:
        async with asyncio.timeout(2):
            while sent < 200_000_000:
                await client.send(flood)
                sent += len(flood)
    except TimeoutError:
        pass
    # Socket buffers of both sides take some megabytes; the rest stays with the client.
    assert sent < 60_000_000
    assert begun > 0


def test_connections_fit_into_the_open_files_that_are_allowed() -> None:
    limits = Limits()
    assert fitted(limits, 1_000_000) == limits
    small = fitted(limits, 256)
    assert small.connections + small.upstream_connections <= 256 - 64
    assert small.connections > 0 and small.upstream_connections > 0
    assert fitted(limits, 10).connections == 1


async def test_a_client_that_closes_its_half_is_taken_for_gone(serve: Serve) -> None:
    """The end of what a client sends looks the same whether it still reads or not; nginx takes it so too."""
    ended = asyncio.Event()

    async def wait(request: Request) -> web.StreamResponse:
        try:
            await asyncio.sleep(PATIENCE)
        finally:
            ended.set()
        return web.Response(text="hello")

    site = await serve(wait)
    client = await site.connect()
    await client.send(GET)
    await asyncio.sleep(0.05)  # nothing tells that the handler has begun
    client.writer.write_eof()
    assert await client.rest() == b""
    await asyncio.wait_for(ended.wait(), PATIENCE / 2)
