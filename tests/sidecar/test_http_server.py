"""The HTTP server: what it refuses, how long it waits, how it stops, and that it says nothing of a request."""

from __future__ import annotations

import asyncio
import logging
import socket
from typing import Any

import pytest
from aiohttp import web

from interceptor.config import Limits
from interceptor.errors import EncodingRefusedError
from interceptor.sidecar.http_server import Request, read_body
from tests.sidecar.wire import Serve, Site, quick

GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
CANARY = "purple-garden-lantern"


async def echo(request: Request) -> web.StreamResponse:
    body = await read_body(request, limit=1000, seconds=PATIENCE)
    return web.Response(text=f"{request.method} {request.target} {body.decode()}")


PATIENCE = 5.0


def with_te(value: bytes, version: bytes = b"1.1") -> bytes:
    return (
        b"POST /a HTTP/"
        + version
        + b"\r\nHost: x\r\nTransfer-Encoding: "
        + value
        + b"\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    )


def with_field(line: bytes) -> bytes:
    return b"POST /a HTTP/1.1\r\nHost: x\r\n" + line + b"\r\n\r\nhello"


REFUSED = {
    "garbage": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + CANARY.encode(), 400),
    "unknown method": (b"FETCH /%s HTTP/1.1\r\nHost: x\r\n\r\n" % CANARY.encode(), 400),
    "no version": (b"GET /%s\r\n\r\n" % CANARY.encode(), 505),
    "version 2": (b"GET /%s HTTP/2.0\r\nHost: x\r\n\r\n" % CANARY.encode(), 505),
    "version 1.2": (b"GET /%s HTTP/1.2\r\nHost: x\r\n\r\n" % CANARY.encode(), 400),
    "no host": (b"GET /%s HTTP/1.1\r\n\r\n" % CANARY.encode(), 400),
    "two hosts": (b"GET /%s HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" % CANARY.encode(), 400),
    "space in target": (b"GET /a %s HTTP/1.1\r\nHost: x\r\n\r\n" % CANARY.encode(), 400),
    "control in target": (b"GET /a\x01%s HTTP/1.1\r\nHost: x\r\n\r\n" % CANARY.encode(), 400),
    "relative target": (b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % CANARY.encode(), 400),
    "foreign scheme": (b"GET ftp://h/%s HTTP/1.1\r\nHost: x\r\n\r\n" % CANARY.encode(), 400),
    "user in target": (b"GET http://%s@h/ HTTP/1.1\r\nHost: x\r\n\r\n" % CANARY.encode(), 400),
    "long target": (b"GET /" + CANARY.encode() * 500 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    "long target beyond ASCII": (b"GET /" + b"\xe9" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    "long field": (with_field(b"A: " + CANARY.encode() * 1000), 431),
    "many fields": (with_field(b"\r\n".join([b"A: " + CANARY.encode()] * 200)), 431),
    "bare LF": (b"GET /%s HTTP/1.1\nHost: x\n\n" % CANARY.encode(), 400),
    "bare LF after field": (with_field(b"A: %s\nB: c" % CANARY.encode()), 400),
    "bare CR": (with_field(b"A: %s\rB: c" % CANARY.encode()), 400),
    "NUL": (with_field(b"A: %s\x00" % CANARY.encode()), 400),
    "folded field": (with_field(b"A: b\r\n " + CANARY.encode()), 400),
    "space before colon": (with_field(b"%s : b" % CANARY.encode()), 400),
    "space before first field": (b"GET /a HTTP/1.1\r\n Host: %s\r\nHost: x\r\n\r\n" % CANARY.encode(), 400),
    "no field name": (with_field(b": " + CANARY.encode()), 400),
    "two lengths": (with_field(b"Content-Length: 5\r\nContent-Length: 6"), 400),
    "same length twice": (with_field(b"Content-Length: 5\r\nContent-Length: 5"), 400),
    "list of lengths": (with_field(b"Content-Length: 5, 5"), 400),
    "signed length": (with_field(b"Content-Length: +5"), 400),
    "negative length": (with_field(b"Content-Length: -5"), 400),
    "huge length": (with_field(b"Content-Length: 99999999999999999999999"), 400),
    "empty length": (with_field(b"Content-Length:"), 400),
    "length and coding": (with_field(b"Content-Length: 5\r\nTransfer-Encoding: chunked"), 400),
    "coding and length": (with_field(b"Transfer-Encoding: chunked\r\nContent-Length: 5"), 400),
    "second coding": (with_te(b"gzip, chunked"), 501),
    "chunked twice": (with_te(b"chunked, chunked"), 400),
    "chunked not last": (with_te(b"chunked, gzip"), 400),
    "unknown coding": (with_te(b"xchunked"), 400),
    "identity": (with_te(b"identity"), 400),
    "hidden coding": (with_te(b"\x0bchunked"), 400),
    "coding in 1.0": (with_te(b"chunked", b"1.0"), 400),
    "prefixed chunk size": (with_te(b"chunked").replace(b"5\r\nhello", b"0x5\r\nhello"), 400),
    "space in chunk size": (with_te(b"chunked").replace(b"5\r\nhello", b"5 \r\nhello"), 400),
    "bare LF in chunk": (with_te(b"chunked").replace(b"5\r\nhello", b"5\nhello"), 400),
    "chunk too long": (with_te(b"chunked").replace(b"hello", b"hello" + CANARY.encode()), 400),
    "body too large": (with_field(b"Content-Length: 5000"), 413),
    "connect": (b"CONNECT %s:443 HTTP/1.1\r\nHost: x\r\n\r\n" % CANARY.encode(), 405),
    "trace": (b"TRACE /%s HTTP/1.1\r\nHost: x\r\n\r\n" % CANARY.encode(), 405),
}


@pytest.mark.parametrize(("octets", "status"), REFUSED.values(), ids=list(REFUSED))
@pytest.mark.parametrize("split", [False, True], ids=["whole", "split"])
async def test_refusals_are_plain_and_silent(
    serve: Serve,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    octets: bytes,
    status: int,
    split: bool,
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "aiohttp")
    caplog.set_level(logging.DEBUG, "asyncio")
    site: Site = await serve(echo)
    client = await site.connect()
    port = client.writer.get_extra_info("sockname")[1]
    head_end = octets.find(b"\r\n\r\n") + 4
    if split and head_end > 4:
        await client.send(octets[:head_end])
        await asyncio.sleep(0.01)
        octets = octets[head_end:]
    await client.send(octets)
    head, body = await client.answer()
    assert head.status == status
    assert head.values(b"content-type") == [b"text/plain; charset=utf-8"]
    assert head.values(b"cache-control") == [b"no-store"]
    assert not head.values(b"server")
    assert await client.rest() == b""
    assert site.faults == []
    output = capfd.readouterr()
    written = caplog.text + output.out + output.err
    assert CANARY not in body.decode() + written
    assert "hello" not in body.decode() + written
    assert str(port) not in written
    assert "127.0.0.1" not in written


async def test_good_requests_are_answered(serve: Serve) -> None:
    site = await serve(echo)
    assert (await site.ask(GET))[1] == b"GET /a "
    assert (await site.ask(b"\r\n\r\n" + GET))[1] == b"GET /a "
    assert (await site.ask(b"GET /a HTTP/1.0\r\n\r\n"))[1] == b"GET /a "
    assert (await site.ask(with_te(b"Chunked")))[1] == b"POST /a hello"
    assert (await site.ask(with_field(b"Content-Length: 5")))[1] == b"POST /a hello"


async def test_old_client_keeps_its_connection_only_where_it_asks(serve: Serve) -> None:
    site = await serve(echo)
    client = await site.connect()
    for _ in range(2):
        await client.send(b"GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        head, body = await client.answer()
        assert (body, head.values(b"connection")) == (b"GET /a ", [b"keep-alive"])
    await client.send(b"GET /a HTTP/1.0\r\n\r\n")
    assert (await client.answer())[1] == b"GET /a "
    assert await client.rest() == b""


async def test_same_bounds_for_target_and_field_keep_their_own_statuses(serve: Serve) -> None:
    site = await serve(echo, Limits(target=3000, headers=3000))
    head, _ = await site.ask(b"GET /" + b"a" * 3000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert head.status == 414
    head, _ = await site.ask(with_field(b"A: " + b"a" * 3010))
    assert head.status == 431


async def test_repr_of_a_request_holds_nothing_of_it(serve: Serve) -> None:
    seen: list[str] = []

    async def handler(request: Request) -> web.StreamResponse:
        seen.append(repr(request))
        return web.Response()

    site = await serve(handler)
    await site.ask(b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n" % CANARY.encode())
    assert seen == ["<Request GET>"]


# ---- bodies


async def test_continue_comes_when_the_body_is_wanted(serve: Serve) -> None:
    site = await serve(echo)
    client = await site.connect()
    await client.send(b"POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
    assert (await client.head()).first == b"HTTP/1.1 100 Continue"
    await client.send(b"hello")
    head, body = await client.answer()
    assert (head.status, body) == (200, b"POST /a hello")


async def test_continue_does_not_come_for_a_body_that_is_too_large(serve: Serve) -> None:
    site = await serve(echo)
    head, _ = await site.ask(
        b"POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n\r\n"
    )
    assert head.status == 413


async def test_chunked_body_that_grows_too_large(serve: Serve) -> None:
    site = await serve(echo)
    octets = b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    head, _ = await site.ask(octets + b"100\r\n" + b"a" * 256 + b"\r\n" + b"300\r\n" + b"a" * 768 + b"\r\n")
    assert head.status == 413


async def test_body_that_does_not_come(serve: Serve) -> None:
    async def handler(request: Request) -> web.StreamResponse:
        return web.Response(body=await read_body(request, limit=1000, seconds=0.1))

    site = await serve(handler)
    head, _ = await site.ask(b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhel")
    assert head.status == 408
    assert site.faults == []


async def test_exceptions_of_extraction_become_their_status(serve: Serve) -> None:
    async def handler(request: Request) -> web.StreamResponse:
        raise EncodingRefusedError

    site = await serve(handler)
    head, body = await site.ask(GET)
    assert (head.status, site.faults) == (415, [])
    assert b"form that cannot be read" in body


# ---- faults


@pytest.mark.parametrize("fault", [KeyError(CANARY), TimeoutError(CANARY)])
async def test_fault_is_told_to_the_callback_and_to_nobody_else(
    serve: Serve, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], fault: Exception
) -> None:
    caplog.set_level(logging.DEBUG)

    async def handler(request: Request) -> web.StreamResponse:
        raise fault

    site = await serve(handler)
    head, body = await site.ask(GET)
    assert head.status == 500
    told = site.faults[0]
    assert fault in (told, told.__cause__)
    output = capfd.readouterr()
    assert CANARY not in body.decode() + caplog.text + output.out + output.err


async def test_a_broken_body_behind_its_answer_is_no_fault_of_ours(serve: Serve) -> None:
    site = await serve(echo)
    client = await site.connect()
    await client.send(b"TRACE /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    head, _ = await client.answer()
    assert head.status == 405
    await client.send(b"no chunk\r\n\r\n")
    assert await client.rest() == b""
    assert not site.faults


async def test_fault_in_a_task_of_the_loop_is_told_to_the_callback(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    site = await serve(echo)

    def fail() -> None:
        raise KeyError(CANARY)

    asyncio.get_running_loop().call_soon(fail)
    await asyncio.sleep(0.01)
    assert [type(fault) for fault in site.faults] == [KeyError]
    assert CANARY not in caplog.text


async def test_debug_mode_of_the_loop_is_off(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "asyncio")
    asyncio.get_running_loop().set_debug(True)
    site = await serve(echo)
    caplog.clear()  # the listener's own address may be told
    await site.ask(GET)
    assert "127.0.0.1" not in caplog.text


async def test_fault_amid_an_answer_ends_it_short(serve: Serve) -> None:
    async def handler(request: Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"begun")
        raise KeyError(CANARY)

    site = await serve(handler)
    client = await site.connect()
    await client.send(GET)
    assert (await client.head()).status == 200
    assert await client.rest() == b"5\r\nbegun\r\n"


# ---- time


async def test_slow_head_is_answered_408(serve: Serve) -> None:
    site = await serve(echo, quick(client_headers=0.2))
    client = await site.connect()
    for octet in GET[:10]:
        await client.send(bytes([octet]))
    head, _ = await client.answer()
    assert head.status == 408
    assert await client.rest() == b""


async def test_slow_head_of_a_later_request(serve: Serve) -> None:
    site = await serve(echo, quick(client_headers=0.2))
    client = await site.connect()
    await client.send(GET)
    assert (await client.answer())[0].status == 200
    await asyncio.sleep(0.4)  # idle for longer than a head may take, which is no fault
    await client.send(GET)
    assert (await client.answer())[0].status == 200
    await client.send(GET[:10])
    assert (await client.answer())[0].status == 408


async def test_connection_without_a_request_is_closed(serve: Serve) -> None:
    site = await serve(echo, quick(client_headers=0.1))
    client = await site.connect()
    assert await client.rest() == b""


async def test_idle_connection_is_closed(serve: Serve) -> None:
    site = await serve(echo, quick(keepalive=0.2))
    client = await site.connect()
    await client.send(GET)
    assert (await client.answer())[0].status == 200
    assert await client.rest() == b""


async def test_client_that_does_not_read_is_cut_off(serve: Serve) -> None:
    ended = asyncio.Event()

    async def handler(request: Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            for _ in range(1000):
                await response.write(b"x" * 1_000_000)
        finally:
            ended.set()
        return response

    site = await serve(handler, quick(keepalive=0.3))
    client = await site.connect()
    await client.send(GET)
    await asyncio.wait_for(ended.wait(), PATIENCE)


async def test_client_that_goes_away_ends_the_handler(serve: Serve) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def handler(request: Request) -> web.StreamResponse:
        begun.set()
        try:
            await asyncio.sleep(PATIENCE)
        finally:
            ended.set()
        return web.Response()

    site = await serve(handler)
    client = await site.connect()
    await client.send(GET)
    await asyncio.wait_for(begun.wait(), PATIENCE)
    client.writer.close()
    await asyncio.wait_for(ended.wait(), PATIENCE / 2)
    assert site.faults == []


# ---- stopping


class Slow:
    """A handler that waits until it is let go."""

    def __init__(self) -> None:
        self.begun, self.go = asyncio.Event(), asyncio.Event()

    async def __call__(self, request: Request) -> web.StreamResponse:
        self.begun.set()
        body = await read_body(request, limit=1000, seconds=PATIENCE)
        await self.go.wait()
        return web.Response(body=b"done" + body)


async def test_stop_lets_running_requests_end(serve: Serve) -> None:
    handler = Slow()
    site = await serve(handler)
    idle, busy, uploading = [await site.connect() for _ in range(3)]
    await busy.send(GET)
    await asyncio.wait_for(handler.begun.wait(), PATIENCE)
    handler.begun.clear()
    await uploading.send(b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe")
    await asyncio.wait_for(handler.begun.wait(), PATIENCE)

    stopped = asyncio.create_task(site.server.stop(PATIENCE))
    assert await idle.rest() == b""
    with pytest.raises(OSError):
        await site.connect()
    assert not stopped.done()
    await uploading.send(b"llo")
    handler.go.set()
    head, body = await busy.answer()
    assert (head.status, body, head.values(b"connection")) == (200, b"done", [b"close"])
    assert (await uploading.answer())[1] == b"donehello"
    assert await busy.rest() == b""
    await asyncio.wait_for(stopped, 1)


async def test_stop_cuts_what_takes_too_long(serve: Serve) -> None:
    handler = Slow()
    site = await serve(handler)
    client = await site.connect()
    await client.send(GET)
    await asyncio.wait_for(handler.begun.wait(), PATIENCE)
    await asyncio.wait_for(site.server.stop(0.1), PATIENCE)
    assert await client.rest() == b""
    assert site.faults == []


async def test_unix_socket_stays_for_other_processes(tmp_path: Any) -> None:
    from interceptor.sidecar.http_server import PublicServer

    path = tmp_path / "public.sock"
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))
        bound.setblocking(False)
        server = PublicServer(echo, Limits())
        await server.start([bound])
        reader, writer = await asyncio.open_unix_connection(str(path))
        writer.write(GET)
        assert (await reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 200")
        writer.close()
        await server.stop(1.0)
    assert path.exists()
