import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
import urllib.parse
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from interceptor.demo.documentation import Document
from interceptor.demo.engine import application, build_index, search
from interceptor.errors import StartError

DOCUMENTS = (
    Document("garden.lantern", "function", "lantern(colour)\n\nLight the purple lantern in the garden."),
    Document("garden.path", "module", "A path of stones; <script>alert(1)</script> & \x02marks\x03."),
    Document("kitchen.kettle", "class", "Boils water."),
)


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """The address of the engine, run as the demo runs it: in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "interceptor.demo", str(listener.fileno())],
            pass_fds=[listener.fileno()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    yield f"http://127.0.0.1:{port}"
    output, _ = process.communicate(timeout=20)  # closes its standard input, which ends it
    assert (process.returncode, output) == (0, b"")


@pytest.fixture
async def client(base: str) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(base, timeout=aiohttp.ClientTimeout(total=30)) as session:
        yield session


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("compress a file", "bz2"),
        ("json.dumps", "json.dumps"),
        ("Ordered Dictionaries", "collections.OrderedDict"),
    ],
)
async def test_a_search_finds_what_it_names(client: aiohttp.ClientSession, query: str, title: str) -> None:
    async with client.get("/search", params={"q": query}) as response:
        page = await response.text()
        assert response.status == 200
        assert response.content_type == "text/html"
        assert response.content_length == len(page.encode())
    links = {name: address for address, name in re.findall(r'<h2><a href="(/doc/\d+)">([^<]+)<', page)}
    assert title in links
    async with client.get(links[title]) as response:
        assert f"<h1>{title}</h1>" in await response.text()


async def test_json_has_the_same_results(client: aiohttp.ClientSession) -> None:
    async with client.get("/search.json", params={"q": "json.dumps"}) as response:
        data = json.loads(await response.text())
    result = next(result for result in data["results"] if result["title"] == "json.dumps")
    assert re.fullmatch(r"/doc/\d+", result["address"])
    assert "<" not in result["excerpt"]


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "a OR",
        "NEAR(a b, 5) AND",
        "title : x*",
        "^ - + * ( ) { }",
        "'; DROP TABLE documents; --",
        "\x00json\x00",
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        "x" * 6_000,
        "word " * 1_000,
        '<script>alert("1")</script>',
    ],
)
async def test_no_query_is_syntax(client: aiohttp.ClientSession, query: str) -> None:
    target = "/search?q=" + urllib.parse.quote(query)
    async with client.get(target) as response:
        page = await response.text()
        assert response.status == 200
    assert "<script" not in page


async def test_the_form_keeps_the_query_and_shows_it_escaped(client: aiohttp.ClientSession) -> None:
    async with client.get("/search", params={"q": 'path "of" <stones>'}) as response:
        page = await response.text()
    assert 'value="path &#34;of&#34; &lt;stones&gt;"' in page


@pytest.mark.parametrize("target", ["/", "/search", "/search?q=", "/search?q=+%20"])
async def test_without_a_query_there_is_the_form(client: aiohttp.ClientSession, target: str) -> None:
    async with client.get(target) as response:
        assert response.status == 200
        assert 'name="q"' in await response.text()


@pytest.mark.parametrize("target", ["/doc/999999999", "/doc/0"])
async def test_an_unknown_document_is_missing(client: aiohttp.ClientSession, target: str) -> None:
    async with client.get(target) as response:
        assert response.status == 404
        assert "no such page" in await response.text()


async def test_malformed_requests_are_logged_nowhere(base: str) -> None:
    # What the process writes is checked when it has ended, in the fixture.
    host, port = urllib.parse.urlsplit(base).netloc.split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET /search?q=purple garden lantern HTTP/9\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.")
    writer.close()
    await writer.wait_closed()


async def test_excerpts_are_escaped_and_marked() -> None:
    index = build_index(DOCUMENTS)
    (found,) = search(index, "stones")
    assert found.title == "garden.path"
    assert "<mark>stones</mark>" in found.excerpt
    assert "<script" not in found.excerpt
    assert "&amp; marks." in found.excerpt
    index.close()


def test_all_words_come_before_any_word() -> None:
    index = build_index(DOCUMENTS)
    assert [result.title for result in search(index, "garden lantern")] == ["garden.lantern"]
    assert [result.title for result in search(index, "kettle unknownword")] == ["kitchen.kettle"]
    assert search(index, "unknownword") == []
    index.close()


@given(st.text(max_size=200))
def test_any_text_can_be_searched(query: str) -> None:
    index = build_index(DOCUMENTS)
    search(index, query)
    index.close()


def test_an_empty_library_is_told() -> None:
    with pytest.raises(StartError, match="source files"):
        build_index(())


async def test_the_application_can_be_embedded() -> None:
    index = build_index(DOCUMENTS)
    runner = web.AppRunner(application(index), access_log=None)
    await runner.setup()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        site = web.SockSite(runner, listener)
        await site.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/search?q=lantern"
        async with aiohttp.ClientSession() as session, session.get(address) as response:
            assert "garden.lantern" in await response.text()
        await runner.cleanup()
    index.close()


def test_the_engine_ends_with_the_process_that_started_it() -> None:
    starter = (
        "import os, signal, socket, subprocess, sys\n"
        "listener = socket.create_server(('127.0.0.1', 0))\n"
        "fd = listener.fileno()\n"
        "command = [sys.executable, '-m', 'interceptor.demo', str(fd)]\n"
        "engine = subprocess.Popen(command, pass_fds=[fd], stdin=subprocess.PIPE)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    # The engine holds the other end of standard output too: that the output ends tells that the engine did.
    result = subprocess.run([sys.executable, "-c", starter], capture_output=True, timeout=30)
    assert (result.returncode, result.stdout, result.stderr) == (-signal.SIGKILL, b"", b"")
