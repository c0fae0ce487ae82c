"""Answers and bodies stream both ways, in every framing, without piling up in between."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from tests.sidecar.wire import PATIENCE, Serve, StartAiohttp, StartEngine, Talk, read_head, recorder

GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"


def answering(octets: bytes) -> Talk:
    """An engine that gives one answer and closes when the other side does."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(octets)
        await writer.drain()
        await reader.read()

    return talk


def closing(octets: bytes) -> Talk:
    """An engine that gives one answer and closes."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(octets)
        await writer.drain()

    return talk


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n"
CLOSED = b"HTTP/1.1 200 OK\r\nX: y\r\n\r\nhello world"


@pytest.mark.parametrize("talk", [recorder([], CHUNKED), closing(CLOSED)])
async def test_framing_of_the_engine_becomes_that_of_the_client(
    engine: StartEngine, proxy: Serve, talk: Talk
) -> None:
    site = await proxy(await engine(talk))
    client = await site.connect()
    await client.send(GET)
    head, body = await client.answer()
    assert body == b"hello world"
    assert head.values(b"transfer-encoding") == [b"chunked"]
    assert not head.values(b"x-sum")

    old = await site.connect()
    await old.send(b"GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    head = await old.head()
    assert not head.values(b"transfer-encoding")
    assert head.values(b"connection") == [b"close"]
    assert await old.rest() == b"hello world"


@pytest.mark.parametrize(
    "octets",
    [
        b"HTTP/1.1 204 No Content\r\nX: y\r\n\r\n",
        b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 500\r\n\r\n',
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    ],
)
async def test_answers_without_a_body_leave_the_connection_usable(
    engine: StartEngine, proxy: Serve, octets: bytes
) -> None:
    site = await proxy(await engine(recorder([], octets)))
    client = await site.connect()
    for _ in range(2):
        await client.send(GET)
        head = await client.head()
        assert head.first + b"\r\n" == octets[: octets.index(b"\n") + 1]
        assert not head.values(b"transfer-encoding")
        assert not head.values(b"connection")


@pytest.mark.parametrize("framing", [b"Content-Length: 500", b"Transfer-Encoding: chunked", b"X: y"])
async def test_head_requests(engine: StartEngine, proxy: Serve, framing: bytes) -> None:
    site = await proxy(await engine(recorder([], b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n\r\n")))
    client = await site.connect()
    for _ in range(2):
        await client.send(b"HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n")
        head = await client.head()
        assert head.status == 200
        expected = [b"500"] if b"500" in framing else []
        assert head.values(b"content-length") == expected


async def test_interim_answers_pass_to_those_who_know_them(engine: StartEngine, proxy: Serve) -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nConnection: x\r\nX: y\r\n\r\n"
    site = await proxy(await engine(recorder([], hints + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")))
    client = await site.connect()
    await client.send(GET)
    head = await client.head()
    assert head.first == b"HTTP/1.1 103 Early Hints"
    assert head.fields == [(b"Link", b"</a.css>")]
    assert (await client.answer())[1] == b"ok"
    head, body = await site.ask(b"GET /a HTTP/1.0\r\n\r\n")
    assert (head.status, body) == (200, b"ok")


async def test_first_octets_come_before_the_last(engine: StartEngine, proxy: Serve) -> None:
    go_on = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
        await go_on.wait()
        go_on.clear()
        writer.write(b"first")
        await go_on.wait()
        writer.write(b"rest.")
        await writer.drain()

    site = await proxy(await engine(talk))
    client = await site.connect()
    await client.send(GET)
    assert (await client.head()).status == 200
    go_on.set()
    assert await asyncio.wait_for(client.reader.readexactly(5), PATIENCE) == b"first"
    go_on.set()
    assert await asyncio.wait_for(client.reader.readexactly(5), PATIENCE) == b"rest."


@pytest.mark.parametrize("framing", [b"Content-Length: 10", b"Transfer-Encoding: chunked"])
async def test_body_streams_up(engine: StartEngine, proxy: Serve, framing: bytes) -> None:
    came: asyncio.Queue[bytes] = asyncio.Queue()
    chunked = framing.startswith(b"T")

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        for _ in range(2):
            came.put_nowait(await reader.readexactly(10 if chunked else 5))
        if chunked:
            came.put_nowait(await reader.readexactly(5))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    site = await proxy(await engine(talk))
    client = await site.connect()
    await client.send(b"POST /a HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n\r\n")
    for piece in (b"first", b"rest."):
        octets = b"5\r\n" + piece + b"\r\n" if chunked else piece
        await client.send(octets)
        assert await asyncio.wait_for(came.get(), PATIENCE) == octets
    if chunked:
        await client.send(b"0\r\n\r\n")
        assert await asyncio.wait_for(came.get(), PATIENCE) == b"0\r\n\r\n"
    assert (await client.head()).status == 200


LARGE = 300_000_000
HELD = 30_000_000
"""More than every buffer on the way holds together, and far less than `LARGE`."""


async def test_answer_waits_for_a_slow_client(engine: StartEngine, proxy: Serve) -> None:
    written = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        await read_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % LARGE)
        while written < LARGE:
            writer.write(b"x" * 100_000)
            await writer.drain()
            written += 100_000

    site = await proxy(await engine(talk))
    client = await site.connect()
    await client.send(GET)
    assert (await client.head()).status == 200
    await settled(lambda: written)
    assert written < HELD
    read = 0
    while read < HELD:
        read += len(await client.reader.read(1_000_000))
    await settled(lambda: written)
    assert HELD < written < 2 * HELD + HELD


async def test_upload_waits_for_a_slow_engine(engine: StartEngine, proxy: Serve) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    read = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal read
        await read_head(reader)
        begun.set()
        await go_on.wait()
        while read < HELD:
            read += len(await reader.read(1_000_000))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    site = await proxy(await engine(talk))
    client = await site.connect()
    sent = 0

    async def upload() -> None:
        nonlocal sent
        while sent < HELD:
            await client.send(b"x" * 100_000)
            sent += 100_000

    await client.send(b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % HELD)
    uploading = asyncio.create_task(upload())
    await asyncio.wait_for(begun.wait(), PATIENCE)
    await settled(lambda: sent)
    assert sent < HELD
    go_on.set()
    await asyncio.wait_for(uploading, 3 * PATIENCE)
    assert (await client.head()).status == 200
    assert read == HELD


async def settled(value: object) -> None:
    """Return when ``value()`` has stood still for a while."""
    assert callable(value)
    last, still = value(), 0
    while still < 4:
        await asyncio.sleep(0.05)
        still = still + 1 if value() == last else 0
        last = value()


async def test_engine_may_answer_before_the_upload_is_complete(engine: StartEngine, proxy: Serve) -> None:
    early = b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"
    site = await proxy(await engine(answering(early)))
    head, body = await site.ask(b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nbegun")
    assert (head.status, body) == (413, b"no")


async def test_expectation_goes_to_the_engine_and_its_consent_back(engine: StartEngine, proxy: Serve) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await read_head(reader)
        assert head.values(b"expect") == [b"100-continue"]
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await reader.readexactly(5)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + body)
        await writer.drain()

    site = await proxy(await engine(talk))
    client = await site.connect()
    await client.send(b"POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
    assert (await client.head()).first == b"HTTP/1.1 100 Continue"
    await client.send(b"hello")
    assert (await client.answer())[1] == b"hello"


async def test_expectation_that_the_engine_refuses(engine: StartEngine, proxy: Serve) -> None:
    refusal = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"
    site = await proxy(await engine(answering(refusal)))
    head, _ = await site.ask(
        b"POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
    )
    assert head.status == 403


async def test_expectation_that_the_engine_does_not_know(engine: StartEngine, proxy: Serve) -> None:
    seen: list[tuple[object, bytes]] = []
    site = await proxy(await engine(recorder(seen)))  # type: ignore[arg-type]
    client = await site.connect()
    await client.send(b"POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
    assert (await client.head()).first == b"HTTP/1.1 100 Continue"
    await client.send(b"12345")
    assert (await client.answer())[0].status == 200
    assert seen[0][1] == b"12345"


# ---- WebSocket


async def test_websocket_with_subprotocol(aiohttp_engine: StartAiohttp, proxy: Serve) -> None:
    import aiohttp

    async def handler(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(protocols=("chat",))
        await socket.prepare(request)
        async for message in socket:
            await socket.send_str(f"{request.raw_path} {message.data}")
            if message.data == "bye":
                await socket.close(code=4001)
        return socket

    site = await proxy(await aiohttp_engine(handler))
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"http://127.0.0.1:{site.port}/ws?x", protocols=("other", "chat")) as socket,
    ):
        assert socket.protocol == "chat"
        await socket.send_str("hello")
        assert await socket.receive_str() == "/ws?x hello"
        await socket.send_str("x" * 500_000)
        assert len(await socket.receive_str()) == 500_006
        await socket.send_str("bye")
        assert await socket.receive_str() == "/ws?x bye"
        await socket.receive()
        assert socket.close_code == 4001


UPGRADE = b"GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"


async def test_octets_after_the_switch_pass_untouched_and_ends_are_told(
    engine: StartEngine, proxy: Serve
) -> None:
    closed = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await read_head(reader)
        assert head.values(b"upgrade") == [b"websocket"]
        assert head.values(b"connection") == [b"Upgrade"]
        switch = b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"
        writer.write(switch + b"\x00\xffearly")
        while data := await reader.read(1000):
            writer.write(data)
            if data.endswith(b"end"):
                break
        closed.set()

    site = await proxy(await engine(talk))
    client = await site.connect()
    await client.send(UPGRADE)
    assert (await client.head()).status == 101
    assert await client.reader.readexactly(7) == b"\x00\xffearly"
    await client.send(b"GET /\xff HTTP/1.1\r\n\r\n")
    assert await client.reader.readexactly(19) == b"GET /\xff HTTP/1.1\r\n\r\n"
    await client.send(b"end")
    assert await client.rest() == b"end"

    closed.clear()
    client = await site.connect()
    await client.send(UPGRADE)
    assert (await client.head()).status == 101
    client.writer.close()
    await asyncio.wait_for(closed.wait(), PATIENCE)


async def test_upgrade_that_the_engine_declines(engine: StartEngine, proxy: Serve) -> None:
    site = await proxy(await engine(recorder([])))
    client = await site.connect()
    await client.send(UPGRADE)
    assert (await client.answer())[1] == b"hello"
    await client.send(GET)
    assert (await client.answer())[1] == b"hello"


async def test_switch_that_nobody_asked_for(engine: StartEngine, proxy: Serve) -> None:
    octets = b"HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\nsmuggled"
    site = await proxy(await engine(answering(octets)))
    head, _ = await site.ask(GET.replace(b"\r\n\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"))
    assert head.status == 502
