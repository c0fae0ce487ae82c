"""Engines that are down, hang, break off or talk nonsense, and clients that do."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from interceptor.addresses import Upstream
from tests.sidecar.wire import (
    HELLO,
    PATIENCE,
    Head,
    Serve,
    StartAiohttp,
    StartEngine,
    listener,
    quick,
    read_head,
    recorder,
)

CANARY = "purple-garden-lantern"
GET = f"GET /search?q={CANARY} HTTP/1.1\r\nHost: x\r\nUser-Agent: {CANARY}\r\n\r\n".encode()
POST = f"POST /{CANARY} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello".encode()


@pytest.fixture(autouse=True)
def silence(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Nothing in this file may leave a word of a request or an address in any log or on the terminal."""
    caplog.set_level(logging.DEBUG)
    for name in ("aiohttp.server", "aiohttp.client", "aiohttp.internal", "aiohttp.access", "asyncio"):
        caplog.set_level(logging.DEBUG, name)
    yield
    output = capfd.readouterr()
    written = caplog.text + output.out + output.err
    assert CANARY not in written
    assert "127.0.0.1" not in written


def own_page(head: Head, body: bytes, status: int) -> None:
    assert head.status == status
    assert head.values(b"content-type") == [b"text/plain; charset=utf-8"]
    assert CANARY.encode() not in body + repr(head).encode()


async def test_engine_down(proxy: Serve) -> None:
    with listener() as free:
        port = free.getsockname()[1]
    site = await proxy(Upstream.parse(f"http://127.0.0.1:{port}"))
    own_page(*await site.ask(GET), 502)
    own_page(*await site.ask(POST), 502)
    head, _ = await site.ask(
        GET.replace(b"GET", b"POST").replace(b"\r\n\r\n", b"\r\nContent-Length: 9\r\n\r\n")
    )
    assert head.status == 502
    assert site.faults == []


async def test_engine_socket_missing(proxy: Serve) -> None:
    site = await proxy(Upstream.parse("unix:/nonexistent/engine.sock"))
    own_page(*await site.ask(GET), 502)


async def test_engine_name_unknown(proxy: Serve) -> None:
    site = await proxy(Upstream.parse("http://engine.invalid"))
    own_page(*await site.ask(GET), 502)


async def test_engine_with_a_certificate_that_nobody_vouches_for(proxy: Serve, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "engine.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    site = await proxy(Upstream.parse(f"https://localhost:{server.sockets[0].getsockname()[1]}"))
    own_page(*await site.ask(GET), 502)
    server.close()


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nX: "])
async def test_engine_that_hangs(engine: StartEngine, proxy: Serve, begun: bytes) -> None:
    closed = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(begun)
        await reader.read()
        closed.set()

    site = await proxy(await engine(talk), quick(engine=0.2))
    own_page(*await site.ask(GET), 504)
    await asyncio.wait_for(closed.wait(), PATIENCE)
    assert site.faults == []


async def test_engine_that_does_not_read_an_upload(engine: StartEngine, proxy: Serve) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        await asyncio.sleep(PATIENCE)

    site = await proxy(await engine(talk), quick(engine=0.2))
    client = await site.connect()
    await client.send(f"POST /{CANARY} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n".encode())
    sending = asyncio.create_task(client.send(b"x" * 30_000_000))
    assert (await client.head()).status in (502, 504)
    sending.cancel()


async def test_no_connection_free(engine: StartEngine, proxy: Serve) -> None:
    from dataclasses import replace

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    site = await proxy(await engine(talk), replace(quick(connect=0.2), upstream_connections=1))
    first = await site.connect()
    await first.send(GET)
    await asyncio.sleep(0.05)
    own_page(*await site.ask(GET), 504)


CUT = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nhel",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n",
]


@pytest.mark.parametrize("octets", CUT)
@pytest.mark.parametrize("at_once", [True, False])
async def test_engine_that_breaks_off(
    engine: StartEngine, proxy: Serve, octets: bytes, at_once: bool
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(octets)
        await writer.drain()
        if not at_once:
            await asyncio.sleep(0.05)

    site = await proxy(await engine(talk))
    client = await site.connect()
    await client.send(GET)
    head = await client.head()
    if head.status == 502:
        return  # nothing had gone out yet
    rest = await client.rest()
    assert not rest.endswith(b"0\r\n\r\n")
    if head.values(b"content-length"):
        assert len(rest) < int(head.values(b"content-length")[0])

    old = await site.connect()
    await old.send(GET.replace(b"HTTP/1.1", b"HTTP/1.0"))
    head = await old.head()
    if head.values(b"content-length"):
        assert len(await old.rest()) < int(head.values(b"content-length")[0])
    elif head.status == 200:
        with pytest.raises(ConnectionResetError):
            await old.rest()
    assert site.faults == []


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"HTTP/1.1 200",
        f"nonsense {CANARY}\r\n\r\n".encode(),
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        f"HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: {CANARY}\r\nContent-Length: 0\r\n\r\n".encode(),
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
    ],
)
async def test_engine_that_talks_nonsense(engine: StartEngine, proxy: Serve, octets: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(octets)
        await writer.drain()

    site = await proxy(await engine(talk))
    own_page(*await site.ask(GET), 502)
    own_page(*await site.ask(POST), 502)
    assert site.faults == []


# ---- clients


async def test_client_that_goes_away_frees_the_engine(engine: StartEngine, proxy: Serve) -> None:
    came, closed = asyncio.Event(), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        came.set()
        assert await reader.read() == b""
        closed.set()

    site = await proxy(await engine(talk))
    client = await site.connect()
    await client.send(GET)
    await asyncio.wait_for(came.wait(), PATIENCE)
    client.writer.close()
    await asyncio.wait_for(closed.wait(), PATIENCE)
    assert site.faults == []


async def test_client_that_goes_away_amid_an_answer(engine: StartEngine, proxy: Serve) -> None:
    closed = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        try:
            while True:
                writer.write(b"x" * 100_000)
                await writer.drain()
        finally:
            closed.set()

    site = await proxy(await engine(talk))
    client = await site.connect()
    await client.send(GET)
    await client.head()
    client.writer.transport.abort()
    await asyncio.wait_for(closed.wait(), PATIENCE)
    assert site.faults == []


UPLOAD = f"POST /{CANARY} HTTP/1.1\r\nHost: x\r\n".encode()


@pytest.mark.parametrize(
    ("begun", "then", "status"),
    [
        (UPLOAD + b"Content-Length: 100\r\n\r\nhello", b"", 408),
        (UPLOAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", b"zz\r\n", 400),
    ],
)
async def test_client_that_breaks_its_upload(
    engine: StartEngine, proxy: Serve, begun: bytes, then: bytes, status: int
) -> None:
    closed = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        assert not (await reader.read()).endswith(b"0\r\n\r\n")
        closed.set()

    site = await proxy(await engine(talk), quick(client_body=0.3))
    client = await site.connect()
    await client.send(begun)
    await asyncio.sleep(0.05)
    await client.send(then)
    own_page(*await client.answer(), status)
    await asyncio.wait_for(closed.wait(), PATIENCE)
    assert await client.rest() == b""
    assert site.faults == []


async def test_client_that_goes_away_amid_its_upload(engine: StartEngine, proxy: Serve) -> None:
    came: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        came.set_result(await reader.read())

    site = await proxy(await engine(talk))
    client = await site.connect()
    await client.send(UPLOAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
    await asyncio.sleep(0.05)
    client.writer.close()
    assert await asyncio.wait_for(came, PATIENCE) == b"5\r\nhello\r\n"
    assert site.faults == []


# ---- stale connections


class Forgetful:
    """An engine that closes each connection after one answer, without saying so, at the next request."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        self.asked += 1
        writer.write(HELLO)
        await writer.drain()
        await reader.readexactly(1)


async def test_request_that_may_be_repeated_is_repeated_on_a_stale_connection(
    engine: StartEngine, proxy: Serve
) -> None:
    talk = Forgetful()
    site = await proxy(await engine(talk))
    for number in range(3):
        assert (await site.ask(GET))[1] == b"hello"
        assert talk.asked == number + 1


async def test_request_that_must_not_be_repeated_is_not(engine: StartEngine, proxy: Serve) -> None:
    site = await proxy(await engine(Forgetful()))
    assert (await site.ask(GET))[1] == b"hello"
    own_page(*await site.ask(POST), 502)


async def test_close_that_has_arrived_is_seen_before_a_request_that_must_not_be_repeated(
    engine: StartEngine, proxy: Serve
) -> None:
    seen: list[tuple[Head, bytes]] = []
    inner = recorder(seen, HELLO)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.wait_for(inner(reader, writer), 0.2)

    async def impatient(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except TimeoutError:
            writer.close()

    site = await proxy(await engine(impatient))
    for _ in range(3):
        assert (await site.ask(POST))[1] == b"hello"
        await asyncio.sleep(0.25)
    assert len(seen) == 3


async def test_answer_begun_on_a_kept_connection_is_never_asked_for_twice(
    engine: StartEngine, proxy: Serve
) -> None:
    asked = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        await read_head(reader)
        writer.write(HELLO)
        await read_head(reader)
        asked += 1
        writer.write(b"HTTP/1.1 200 OK\r\nX: y")
        await writer.drain()

    site = await proxy(await engine(talk))
    assert (await site.ask(GET))[1] == b"hello"
    own_page(*await site.ask(GET), 502)
    assert asked == 1


async def test_many_requests_at_once(aiohttp_engine: StartAiohttp, proxy: Serve) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(text=request.raw_path)

    site = await proxy(await aiohttp_engine(handler))

    async def ask(number: int) -> bytes:
        return (await site.ask(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % number))[1]

    answers = await asyncio.gather(*map(ask, range(200)))
    assert answers == [b"/%d" % number for number in range(200)]
