"""Whatever real parsers find under a name is among what we find: the standard library's, and aiohttp over sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, quote, quote_plus, urlencode

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from interceptor.config import Limits, Search
from interceptor.extraction import Extractor

EVERYWHERE = Extractor((Search("*", ("q",)), Search("/search/{query}", ("q",))), Limits())
FORM = "application/x-www-form-urlencoded"
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(str.strip)
QUERY_STRINGS = st.lists(
    st.sampled_from(
        ["q", "Q", "%71", "x", "=", "&", ";", "+", "%", "%20", "%D1%84", "%FF", "[", "]", "word", "#", "ф"]
    ),
    max_size=20,
).map("".join)


@settings(deadline=None)
@given(WORDS, st.sampled_from([quote, quote_plus]))
def test_what_is_sent_in_utf8_is_found(words: str, encode: Any) -> None:
    assert words in EVERYWHERE.extract("GET", "/?x=1&q=" + encode(words, safe=""))
    assert words in EVERYWHERE.extract("GET", "/?q=" + encode(quote(words, safe=""), safe=""))
    assert words in EVERYWHERE.extract("POST", "/", FORM, f"q={encode(words, safe='')}".encode())
    assert words in EVERYWHERE.extract(
        "POST", "/", "application/json", json.dumps({"x": {"q": [words]}}).encode()
    )


@settings(deadline=None)
@given(WORDS.filter(lambda words: "/" not in words and "\\" not in words and words.strip(".") == words))
def test_what_is_sent_in_a_path_is_found(words: str) -> None:
    assert words in EVERYWHERE.extract("GET", "/search/" + quote(words, safe=""))


@settings(deadline=None)
@given(QUERY_STRINGS)
def test_what_the_standard_library_finds_is_found(query: str) -> None:
    # With '&' alone, as the WHATWG has it, and with ';' beside it, as HTML 4 advised servers.
    theirs = {value for text in (query, query.replace(";", "&")) for value in parse_qs(text).get("q", ())}
    ours = EVERYWHERE.extract("GET", "/?" + query)
    assert {value for value in theirs if value.strip()} <= set(ours)


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | WORDS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["q", "x", "y"]), inner),
        max_leaves=20,
    )
)
def test_every_text_of_a_document_beneath_the_name_is_found(document: object) -> None:
    wanted: set[str] = set()

    def walk(node: object, inside: bool) -> None:
        if isinstance(node, dict):
            for key, child in node.items():
                walk(child, inside or key == "q")
        elif isinstance(node, list):
            for child in node:
                walk(child, inside)
        elif inside and isinstance(node, str | int) and not isinstance(node, bool):
            wanted.add(str(node))

    walk(document, False)
    texts = EVERYWHERE.extract("POST", "/", "application/json", json.dumps(document).encode())
    assert wanted <= set(texts)
    assert bool(texts) == bool(wanted)


class Engines:
    """Two servers on loopback that get the same requests: one reads them with aiohttp, one with the extractor."""

    def __init__(self) -> None:
        self.theirs: list[set[str]] = []
        self.ours: list[set[str]] = []
        self.ports: list[int] = []

    async def read_with_aiohttp(self, request: web.Request) -> web.Response:
        values = [*request.query.getall("q", []), *(await request.post()).getall("q", [])]
        self.theirs.append(
            {
                value.file.read().decode() if isinstance(value, web.FileField) else str(value)
                for value in values
            }
        )
        return web.Response()

    async def read_with_extractor(self, request: web.Request) -> web.Response:
        content_type = request.headers.get("Content-Type")
        body = (
            await request.read()
            if EVERYWHERE.reads_body(request.method, request.raw_path, content_type)
            else None
        )
        self.ours.append(set(EVERYWHERE.extract(request.method, request.raw_path, content_type, body)))
        return web.Response()


@pytest.fixture
async def engines() -> AsyncIterator[Engines]:
    engines = Engines()
    runners = []
    for handler in (engines.read_with_aiohttp, engines.read_with_extractor):
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", handler)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        runners.append(runner)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        engines.ports.append(runner.addresses[0][1])
    yield engines
    for runner in runners:
        await runner.cleanup()


async def test_what_a_client_posts_is_found_as_an_engine_finds_it(engines: Engines) -> None:
    words = "пурпурный garden 灯笼 & + % = ; café"
    for port in engines.ports:
        with_file = aiohttp.FormData()
        with_file.add_field("q", words.encode(), filename="q.txt", content_type="text/plain")
        multipart = aiohttp.FormData(default_to_multipart=True)
        multipart.add_field("x", "1")
        multipart.add_field("q", words)
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
            for response in (
                await client.get("/search", params={"q": words}),
                await client.post("/search", params={"q": "bench"}, data={"q": words}),
                await client.post("/search", data=multipart),
                await client.post("/search", data=with_file),
            ):
                assert response.status == 200
    assert [words in theirs for theirs in engines.theirs] == [True] * 4
    assert all(theirs <= ours for theirs, ours in zip(engines.theirs, engines.ours, strict=True))


@pytest.mark.parametrize(
    "request_octets",
    [
        b"GET /?q=%71&%71=lantern&q=%2571 HTTP/1.1\r\n\r\n",
        b"GET http://engine.example/?q=lantern HTTP/1.1\r\n\r\n",
        b"GET //a/../?q=lantern#fragment HTTP/1.1\r\n\r\n",
        b"GET /?q=p%C3%BArpura%FF HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded; charset=koi8-r\r\n\r\nq=%C6%CF%CE",
        b"POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=XX\r\n\r\n"
        b'--XX\r\nContent-Disposition: form-data; name="q"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        b"bGFudGVybg==\r\n--XX--\r\n",
    ],
)
async def test_what_a_hand_writes_is_found_as_an_engine_finds_it(
    engines: Engines, request_octets: bytes
) -> None:
    for port in engines.ports:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head, _, body = request_octets.partition(b"\r\n\r\n")
        writer.write(head + b"\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        status = await asyncio.wait_for(reader.readline(), 10)
        writer.close()
        await writer.wait_closed()
        assert b"200" in status
    assert engines.theirs[0]
    assert engines.theirs[0] <= engines.ours[0]


def test_a_form_of_a_client_in_another_encoding_is_found() -> None:
    for codec in ("koi8-r", "windows-1251", "iso-8859-5"):
        body = urlencode({"q": "фонарь"}, encoding=codec).encode()
        assert "фонарь" in EVERYWHERE.extract("POST", "/", f"{FORM}; charset={codec}", body)
