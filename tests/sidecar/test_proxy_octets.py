"""What a client sends and what the engine answers arrive on the other side octet for octet."""

from __future__ import annotations

import asyncio
import gzip

import pytest
from aiohttp import web

from tests.sidecar.wire import Head, Serve, StartAiohttp, StartEngine, recorder

TARGETS = [
    b"/",
    b"/?",
    b"/a?",
    b"/%7Euser/~user",
    b"/a%2Fb%2fc",
    b"/a/../b/./c//d",
    b"//x/../y",
    b"//user:pass@[z/../y",
    b"/%zz%4?q=%zz&r=%",
    b"/search?q=a+b%20c&q=&=&&",
    b"/a#b?c#d",
    b"/\"<>{}|\\^`[]';:@,$!*()",
    b"/search?q=\xc5\xbeirafa",
    b"/\xff\xfe?\xe9=\x80",
    b"/" + b"x" * 8000,
]


@pytest.mark.parametrize("target", TARGETS, ids=range(len(TARGETS)))
async def test_target_goes_as_received(engine: StartEngine, proxy: Serve, target: bytes) -> None:
    seen: list[tuple[Head, bytes]] = []
    site = await proxy(await engine(recorder(seen)))
    head, body = await site.ask(b"GET " + target + b" HTTP/1.1\r\nHost: engine.example\r\n\r\n")
    assert (head.status, body) == (200, b"hello")
    assert seen[0][0].first == b"GET " + target + b" HTTP/1.1"


@pytest.mark.parametrize(
    ("target", "forwarded"),
    [
        (b"http://other.example/a/../b?c", b"/a/../b?c"),
        (b"http://other.example?c", b"/?c"),
        (b"HTTPS://other.example:81", b"/"),
    ],
)
async def test_absolute_form_goes_as_origin_form_with_its_own_host(
    engine: StartEngine, proxy: Serve, target: bytes, forwarded: bytes
) -> None:
    seen: list[tuple[Head, bytes]] = []
    site = await proxy(await engine(recorder(seen)))
    await site.ask(b"GET " + target + b" HTTP/1.1\r\nHost: engine.example\r\n\r\n")
    assert seen[0][0].first == b"GET " + forwarded + b" HTTP/1.1"
    assert seen[0][0].values(b"host") in ([b"other.example"], [b"other.example:81"])


async def test_asterisk_form(engine: StartEngine, proxy: Serve) -> None:
    seen: list[tuple[Head, bytes]] = []
    site = await proxy(await engine(recorder(seen)))
    await site.ask(b"OPTIONS * HTTP/1.1\r\nHost: engine.example\r\n\r\n")
    assert seen[0][0].first == b"OPTIONS * HTTP/1.1"


@pytest.mark.parametrize("line", [b"CONNECT h.example:443", b"TRACE /a"])
async def test_connect_and_trace_stop_here(engine: StartEngine, proxy: Serve, line: bytes) -> None:
    seen: list[tuple[Head, bytes]] = []
    site = await proxy(await engine(recorder(seen)))
    head, _ = await site.ask(line + b" HTTP/1.1\r\nHost: engine.example\r\n\r\n")
    assert head.status == 405
    assert head.values(b"allow")
    assert seen == []


REQUEST_FIELDS = [
    (b"X-First", b"1"),
    (b"hOST", b"Engine.Example:8080"),
    (b"Cookie", b'a=1; b="2"'),
    (b"cookie", b"c=3"),
    (b"X-Empty", b""),
    (b"X-Latin", b"caf\xe9 \xff\xfe"),
    (b"X-Utf8", "žirafa".encode()),
    (b"Accept-Encoding", b"gzip, br"),
    (b"Accept", b"*/*"),
    (b"X-First", b"2"),
    (b"Authorization", b"Basic eDp5"),
    (b"X-Forwarded-For", b"192.0.2.1"),
    (b"Via", b"1.1 front"),
    (b"Range", b"bytes=0-1"),
    (b"If-None-Match", b'"x"'),
]

HOP_BY_HOP = [
    (b"Connection", b"close, X-Private, Host,content-length"),
    (b"X-Private", b"1"),
    (b"Keep-Alive", b"timeout=5"),
    (b"Proxy-Connection", b"keep-alive"),
    (b"Proxy-Authorization", b"Basic eDp5"),
    (b"TE", b"trailers"),
    (b"Trailer", b"X-Checksum"),
    (b"Upgrade", b"h2c"),
    (b"HTTP2-Settings", b"AAMAAABkAAQAAP__"),
]


def lines(pairs: list[tuple[bytes, bytes]]) -> bytes:
    return b"".join(name + b": " + value + b"\r\n" for name, value in pairs)


async def test_request_fields_go_as_received_but_those_of_the_connection(
    engine: StartEngine, proxy: Serve
) -> None:
    seen: list[tuple[Head, bytes]] = []
    site = await proxy(await engine(recorder(seen)))
    await site.ask(b"GET / HTTP/1.1\r\n" + lines(REQUEST_FIELDS + HOP_BY_HOP) + b"\r\n")
    assert seen[0][0].fields == REQUEST_FIELDS


ANSWER_FIELDS = [
    (b"server", b"Engine/1.0"),
    (b"Set-Cookie", b"a=1; Path=/; HttpOnly"),
    (b"X-Latin", b"caf\xe9 \xff\xfe"),
    (b"set-COOKIE", b"b=\xe9"),
    (b"Content-Length", b"5"),
    (b"Set-Cookie", b"a=2"),
    (b"ETag", b'W/"x"'),
    (b"Location", b"/a/../b?%zz"),
    (b"Content-Type", b"text/html; charset=ISO-8859-2"),
]


async def test_answer_goes_as_sent(engine: StartEngine, proxy: Serve) -> None:
    gone = [
        (b"Connection", b"X-Gone"),
        (b"X-Gone", b"1"),
        (b"Keep-Alive", b"timeout=5"),
        (b"Proxy-Info", b"x"),
    ]
    octets = b"HTTP/1.1 302 Na\xefve  reason\r\n" + lines(ANSWER_FIELDS + gone) + b"\r\n\xff\x00\r\n\xfe"
    site = await proxy(await engine(recorder([], octets)))
    head, body = await site.ask(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert head.first == b"HTTP/1.1 302 Na\xefve  reason"
    assert head.fields == ANSWER_FIELDS
    assert body == b"\xff\x00\r\n\xfe"


async def test_empty_reason(engine: StartEngine, proxy: Serve) -> None:
    site = await proxy(await engine(recorder([], b"HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n")))
    head, _ = await site.ask(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert head.first == b"HTTP/1.1 299 "


async def test_host_is_supplied_where_an_old_client_sends_none(engine: StartEngine, proxy: Serve) -> None:
    seen: list[tuple[Head, bytes]] = []
    upstream = await engine(recorder(seen))
    site = await proxy(upstream)
    head, body = await site.ask(b"GET /old HTTP/1.0\r\n\r\n")
    assert (head.status, body) == (200, b"hello")
    assert seen[0][0].first == b"GET /old HTTP/1.1"
    assert seen[0][0].fields == [(b"Host", upstream.authority.encode())]


BODY = bytes(range(256)) * 3


async def test_body_of_known_length(engine: StartEngine, proxy: Serve) -> None:
    seen: list[tuple[Head, bytes]] = []
    site = await proxy(await engine(recorder(seen)))
    await site.ask(b"POST / HTTP/1.1\r\ncontent-length: 768\r\nHost: x\r\n\r\n" + BODY)
    assert seen == [(Head(b"POST / HTTP/1.1", [(b"content-length", b"768"), (b"Host", b"x")]), BODY)]


async def test_chunked_body(engine: StartEngine, proxy: Serve) -> None:
    seen: list[tuple[Head, bytes]] = []
    site = await proxy(await engine(recorder(seen)))
    client = await site.connect()
    await client.send(
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n300;note=1\r\n" + BODY
    )
    await client.send(b"\r\n3\r\nend\r\n0\r\nX-Trailer: 1\r\n\r\n")
    head, _ = await client.answer()
    assert head.status == 200
    assert seen[0][1] == BODY + b"end"
    assert not seen[0][0].values(b"x-trailer")


@pytest.mark.parametrize("framing", [b"Content-Length: 768\r\n\r\n" + BODY, b"Content-Length: 0\r\n\r\n"])
async def test_body_without_a_search_method(engine: StartEngine, proxy: Serve, framing: bytes) -> None:
    seen: list[tuple[Head, bytes]] = []
    site = await proxy(await engine(recorder(seen)))
    await site.ask(b"DELETE / HTTP/1.1\r\nHost: x\r\n" + framing)
    length, body = framing.split(b"\r\n\r\n", 1)
    assert seen[0][1] == body
    assert seen[0][0].values(b"content-length") == [length.removeprefix(b"Content-Length: ")]


async def test_compressed_and_ranged_answers_pass(aiohttp_engine: StartAiohttp, proxy: Serve) -> None:
    packed = gzip.compress(b"<html><body>" + b"text " * 1000)

    async def handler(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Range"):
            return web.Response(
                status=206, body=packed[:10], headers={"Content-Range": f"bytes 0-9/{len(packed)}"}
            )
        return web.Response(body=packed, headers={"Content-Encoding": "gzip", "Content-Type": "text/html"})

    site = await proxy(await aiohttp_engine(handler))
    head, body = await site.ask(b"GET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n")
    assert (body, head.values(b"content-encoding")) == (packed, [b"gzip"])
    head, body = await site.ask(b"GET / HTTP/1.1\r\nHost: x\r\nRange: bytes=0-9\r\n\r\n")
    assert (head.status, body) == (206, packed[:10])
    assert head.values(b"content-range") == [b"bytes 0-9/%d" % len(packed)]


async def test_unix_socket(aiohttp_engine: StartAiohttp, proxy: Serve) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(text=request.raw_path)

    site = await proxy(await aiohttp_engine(handler, unix=True))
    head, body = await site.ask(b"GET /a%2Fb HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (head.status, body) == (200, b"/a%2Fb")


async def test_environment_names_no_proxy(
    engine: StartEngine, proxy: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    site = await proxy(await engine(recorder([])))
    head, _ = await site.ask(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert head.status == 200


async def test_connections_are_kept_on_both_sides(engine: StartEngine, proxy: Serve) -> None:
    connections = 0
    inner = recorder([])

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await inner(reader, writer)

    site = await proxy(await engine(talk))
    client = await site.connect()
    for _ in range(5):
        await client.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await client.answer())[1] == b"hello"
        await client.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab")
        assert (await client.answer())[1] == b"hello"
    assert connections == 1


async def test_pipelined_requests_are_answered_in_order(aiohttp_engine: StartAiohttp, proxy: Serve) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(text=request.raw_path + await request.text())

    site = await proxy(await aiohttp_engine(handler))
    client = await site.connect()
    posts = [b"POST /%d HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n+" % number for number in range(50)]
    await client.send(b"".join(posts))
    for number in range(50):
        assert (await client.answer())[1] == b"/%d+" % number


async def test_targets_beyond_ascii_on_a_kept_connection(engine: StartEngine, proxy: Serve) -> None:
    seen: list[tuple[Head, bytes]] = []
    site = await proxy(await engine(recorder(seen)))
    client = await site.connect()
    requests = [
        (b"GET /\xc5\xbe HTTP/1.1\r\nHost: x\r\n\r\n", b"/\xc5\xbe"),
        (b"POST /\xe9 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n\xe9\xe9\xe9", b"/\xe9"),
        (
            b"POST /\xea HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n\xe9\r\n0\r\n\r\n",
            b"/\xea",
        ),
        (b"GET /plain HTTP/1.1\r\nHost: x\r\nX: \xe9\r\n\r\n", b"/plain"),
        (b"\r\nGET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", b"/\xff"),
    ]
    for octets, target in requests:
        for piece in (octets[:6], octets[6:9], octets[9:-1], octets[-1:]):
            await client.send(piece)
            await asyncio.sleep(0)
        assert (await client.answer())[1] == b"hello"
        assert seen[-1][0].first.split(b" ")[1] == target
    assert seen[1][1] == b"\xe9\xe9\xe9"
