"""An annotated page: what the engine is asked for, what is put in, and which answers stay untouched."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from interceptor.sidecar.reverse_proxy import Annotation
from tests.sidecar.wire import Head, Serve, StartEngine, read_head, recorder

GET = (
    b"GET /search?q=x HTTP/1.1\r\nHost: x\r\nRange: bytes=0-5\r\nIf-Range: y\r\nIf-None-Match: z\r\n"
    b"accept-encoding: gzip\r\nIf-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT\r\nAccept-Encoding: br\r\n\r\n"
)
PAGE = b"<html><body><p>results</body></html>"


class Mark:
    """Puts ``[mark]`` behind the body tag, as the real inserter puts the strip."""

    def __init__(self, csp: bool, charset: str | None) -> None:
        self.csp, self.charset = csp, charset
        self.inserted = False
        self._held = b""

    def feed(self, chunk: bytes) -> bytes:
        if self.inserted:
            return chunk
        self._held += chunk
        if b"<body>" not in self._held:
            return b""
        self.inserted = True
        held, self._held = self._held, b""
        return held.replace(b"<body>", b"<body>[mark]")

    def close(self) -> bytes:
        return self._held


class Notes:
    """Makes an annotation and keeps what became of it."""

    def __init__(self) -> None:
        self.made: list[Mark] = []
        self.shown = 0

    def annotation(self) -> Annotation:
        def make(csp: bool, charset: str | None) -> Mark:
            self.made.append(Mark(csp, charset))
            return self.made[-1]

        def shown() -> None:
            self.shown += 1

        return Annotation(make, shown)


def html(body: bytes, more: bytes = b"") -> bytes:
    return (
        b'HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; charset="ISO-8859-2"\r\nETag: "x"\r\n'
        b"Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\nAccept-Ranges: bytes\r\nContent-MD5: a\r\nDigest: b\r\n"
        b"Repr-Digest: c\r\nContent-Digest: d\r\nCache-Control: public, max-age=60\r\nExpires: 0\r\n"
        b"X-Accel-Expires: 60\r\nSurrogate-Control: a\r\nCDN-Cache-Control: b\r\nSet-Cookie: a=1\r\n"
        b"Content-Length: %d\r\n" % len(body) + more + b"\r\n" + body
    )


async def test_page_gets_its_mark_and_loses_what_was_true_of_the_old_one(
    engine: StartEngine, proxy: Serve
) -> None:
    seen: list[tuple[Head, bytes]] = []
    notes = Notes()
    site = await proxy(await engine(recorder(seen, html(PAGE))), annotate=notes.annotation())
    head, body = await site.ask(GET)
    assert body == PAGE.replace(b"<body>", b"<body>[mark]")
    assert head.fields == [
        (b"Content-Type", b'Text/HTML; charset="ISO-8859-2"'),
        (b"Set-Cookie", b"a=1"),
        (b"Cache-Control", b"no-store"),
        (b"Transfer-Encoding", b"chunked"),
    ]
    assert seen[0][0].fields == [(b"Host", b"x"), (b"accept-encoding", b"identity")]
    assert (notes.made[0].csp, notes.made[0].charset, notes.shown) == (False, "ISO-8859-2", 1)


async def test_identity_is_asked_for_where_the_client_asked_for_nothing(
    engine: StartEngine, proxy: Serve
) -> None:
    seen: list[tuple[Head, bytes]] = []
    site = await proxy(await engine(recorder(seen, html(PAGE))), annotate=Notes().annotation())
    await site.ask(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert seen[0][0].values(b"accept-encoding") == [b"identity"]


async def test_old_client_gets_its_mark(engine: StartEngine, proxy: Serve) -> None:
    site = await proxy(await engine(recorder([], html(PAGE))), annotate=Notes().annotation())
    head, body = await site.ask(GET.replace(b"HTTP/1.1", b"HTTP/1.0"))
    assert b"[mark]" in body
    assert not head.values(b"content-length")


@pytest.mark.parametrize(
    "field",
    [
        b"Content-Security-Policy: default-src 'self'\r\n",
        b"content-security-policy-report-only: style-src 'self'; report-uri /r\r\n",
    ],
)
async def test_policy_against_style_is_told(engine: StartEngine, proxy: Serve, field: bytes) -> None:
    notes = Notes()
    site = await proxy(await engine(recorder([], html(PAGE, field))), annotate=notes.annotation())
    await site.ask(GET)
    assert notes.made[0].csp is True


async def test_page_streams_while_it_is_annotated(engine: StartEngine, proxy: Serve) -> None:
    go_on = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
        writer.write(b"3\r\n<bo\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.write(b"5\r\ndy>ab\r\n")
        await go_on.wait()
        writer.write(b"2\r\ncd\r\n0\r\n\r\n")
        await writer.drain()

    notes = Notes()
    site = await proxy(await engine(talk), annotate=notes.annotation())
    client = await site.connect()
    await client.send(GET)
    await client.head()
    assert await client.reader.readexactly(19) == b"e\r\n<body>[mark]ab\r\n"
    assert notes.shown == 1
    go_on.set()
    assert await client.reader.readexactly(12) == b"2\r\ncd\r\n0\r\n\r\n"


async def test_page_without_a_place_for_it_arrives_whole(engine: StartEngine, proxy: Serve) -> None:
    notes = Notes()
    site = await proxy(
        await engine(recorder([], html(b"<frameset></frameset>"))), annotate=notes.annotation()
    )
    assert (await site.ask(GET))[1] == b"<frameset></frameset>"
    assert notes.shown == 0


PACKED = gzip.compress(PAGE)
UNTOUCHED = [
    b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: "x"\r\nContent-Length: 2\r\n\r\n{}',
    b'HTTP/1.1 200 OK\r\nETag: "x"\r\nContent-Length: 36\r\n\r\n' + PAGE,
    b"HTTP/1.1 200 OK\r\nContent-Type: application/xhtml+xml\r\nContent-Length: 36\r\n\r\n" + PAGE,
    b'HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nETag: "x"\r\nContent-Length: 36\r\n\r\n' + PAGE,
    b"HTTP/1.1 206 Partial\r\nContent-Type: text/html\r\nContent-Length: 36\r\n\r\n" + PAGE,
    b"HTTP/1.1 302 Found\r\nContent-Type: text/html\r\nLocation: /\r\nContent-Length: 36\r\n\r\n" + PAGE,
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    % len(PACKED)
    + PACKED,
]


@pytest.mark.parametrize("octets", UNTOUCHED)
async def test_anything_but_a_plain_page_stays_untouched(
    engine: StartEngine, proxy: Serve, octets: bytes
) -> None:
    notes = Notes()
    site = await proxy(await engine(recorder([], octets)), annotate=notes.annotation())
    client = await site.connect()
    await client.send(GET)
    got = await client.reader.readexactly(len(octets))
    assert got == octets
    assert (notes.made, notes.shown) == ([], 0)


async def test_head_of_an_annotated_page(engine: StartEngine, proxy: Serve) -> None:
    notes = Notes()
    answer = html(PAGE).removesuffix(PAGE)
    site = await proxy(await engine(recorder([], answer)), annotate=notes.annotation())
    client = await site.connect()
    for _ in range(2):
        await client.send(b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
        head = await client.head()
        assert head.values(b"cache-control") == [b"no-store"]
        assert not head.values(b"content-length")
        assert not head.values(b"etag")
    assert (notes.made, notes.shown) == ([], 0)


async def test_body_read_already_goes_on_octet_for_octet(engine: StartEngine, serve: Serve) -> None:
    from aiohttp import web

    from interceptor.config import Limits
    from interceptor.sidecar.http_server import Request, read_body
    from interceptor.sidecar.reverse_proxy import ReverseProxy

    seen: list[tuple[Head, bytes]] = []
    forwarder = ReverseProxy(await engine(recorder(seen)), Limits())
    await forwarder.start()

    async def handler(request: Request) -> web.StreamResponse:
        return await forwarder.forward(request, body=await read_body(request, limit=1000, seconds=5))

    site = await serve(handler)
    await site.ask(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nX: y\r\n\r\nq=\xff%z")
    client = await site.connect()
    await client.send(
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: x\r\nExpect: 100-continue\r\n\r\n"
    )
    assert (await client.head()).status == 100
    await client.send(b"2\r\nq=\r\n2\r\n\xff%\r\n0\r\n\r\n")
    assert (await client.answer())[0].status == 200
    await site.ask(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
    await forwarder.close()
    post = b"POST / HTTP/1.1"
    assert seen == [
        (Head(post, [(b"Host", b"x"), (b"Content-Length", b"5"), (b"X", b"y")]), b"q=\xff%z"),
        (Head(post, [(b"Host", b"x"), (b"Content-Length", b"4")]), b"q=\xff%"),
        (Head(post, [(b"Host", b"x"), (b"Content-Length", b"0")]), b""),
    ]
