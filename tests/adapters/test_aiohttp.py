"""The aiohttp adapter in a real application over a real socket."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from running import Running

from interceptor import Interceptor
from interceptor.adapters.aiohttp import setup
from interceptor.config import Config, Keeper, Limits, Search

PAGE = "<!doctype html><title>Results</title><body><p>Results of the engine: é</p></body>"


def application() -> web.Application:
    async def search(request: web.Request) -> web.Response:
        form = await request.post() if request.method == "POST" else {}
        return web.Response(
            text=f"{PAGE}<!-- {request.query.get('q') or str(form.get('q', ''))} -->",
            content_type="text/html",
            headers={"ETag": '"x"'},
        )

    async def body(request: web.Request) -> web.Response:
        return web.json_response(await request.json())

    async def streamed(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        async for piece in request.content.iter_any():
            await response.write(piece)
        return response

    app = web.Application()
    app.router.add_route("*", "/search", search)
    app.router.add_post("/json", body)
    app.router.add_post("/stream", streamed)
    return app


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield "http://{}:{}".format(*runner.addresses[0][:2])
    finally:
        await runner.cleanup()


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_searches_pass_are_replaced_and_annotated(garden: Path, client: aiohttp.ClientSession) -> None:
    app = application()
    setup(app, Interceptor.load(Config(lists=(garden,))))
    async with serving(app) as url:
        async with client.get(f"{url}/search?q=weather") as answer:
            assert await answer.text() == f"{PAGE}<!-- weather -->"
            assert answer.headers["ETag"] == '"x"'
        async with client.get(f"{url}/search?q=purple+garden+lantern") as answer:
            page = await answer.text()
            assert answer.status == 200
            assert "redirectionprogram.com" in page and "Results of the engine" not in page
        async with client.get(f"{url}/search?q=purple+garden+lantern+law") as answer:
            page = await answer.text()
            assert "Results of the engine: é" in page and "findahelpline.com" in page
            assert "ETag" not in answer.headers and "no-store" in answer.headers["Cache-Control"]
        async with client.get(f"{url}/_interceptor/banner?lang=es") as answer:
            assert '<html lang="es"' in await answer.text()


@pytest.mark.parametrize("multipart", [False, True])
async def test_a_form_is_screened_and_still_there_for_the_handler(
    garden: Path, client: aiohttp.ClientSession, multipart: bool
) -> None:
    app = application()
    setup(app, Interceptor.load(Config(lists=(garden,))))

    def form(query: str) -> aiohttp.FormData:
        data = aiohttp.FormData(default_to_multipart=multipart)
        data.add_field("q", query)
        return data

    async with serving(app) as url:
        async with client.post(f"{url}/search", data=form("rain & sun")) as answer:
            assert "<!-- rain & sun -->" in await answer.text()
        async with client.post(f"{url}/search", data=form("Purple garden-lantern")) as answer:
            assert "redirectionprogram.com" in await answer.text()


async def test_other_bodies_reach_their_handlers(garden: Path, client: aiohttp.ClientSession) -> None:
    app = application()
    setup(app, Interceptor.load(Config(lists=(garden,), searches=(Search("/json", ("q",)),))))
    async with serving(app) as url:
        async with client.post(f"{url}/json", json={"q": "rain", "n": [1]}) as answer:
            assert await answer.json() == {"q": "rain", "n": [1]}
        big = b"x" * 3_000_000
        async with client.post(f"{url}/stream", data=io.BytesIO(big)) as answer:
            assert await answer.read() == big


async def test_a_search_body_beyond_the_bound_is_refused(garden: Path, client: aiohttp.ClientSession) -> None:
    app = application()
    setup(app, Interceptor.load(Config(lists=(garden,), limits=Limits(search_body=1000))))
    async with serving(app) as url, client.post(f"{url}/search", data={"q": "x" * 2000}) as answer:
        assert answer.status == 413


async def test_counts_go_to_the_keeper(
    serve: Callable[..., Running], garden: Path, tmp_path: Path, client: aiohttp.ClientSession
) -> None:
    socket = tmp_path / "keeper.sock"
    keeper = serve({"keeper": {"socket": str(socket)}}, command="keeper")
    app = application()
    setup(app, Interceptor.load(Config(lists=(garden,), keeper=Keeper(socket))))
    async with serving(app) as url:
        async with client.get(f"{url}/search?q=purple+garden+lantern") as answer:
            page = await answer.text()
        link = next(part for part in page.split('"') if "/go/redirection/" in part)
        for _ in range(2):
            async with client.get(url + link, allow_redirects=False) as answer:
                assert answer.status == 303
    await asyncio.to_thread(keeper.until_counted, 1, "clicks", message="harm-legal")
    assert keeper.counted("warnings", message="harm-legal") == 1


async def test_without_a_keeper_searches_are_warned_all_the_same(
    garden: Path, tmp_path: Path, client: aiohttp.ClientSession
) -> None:
    app = application()
    setup(app, Interceptor.load(Config(lists=(garden,), keeper=Keeper(tmp_path / "gone.sock"))))
    async with serving(app) as url, client.get(f"{url}/search?q=purple+garden+lantern") as answer:
        assert "redirectionprogram.com" in await answer.text()


async def test_the_log_of_a_failing_handler_holds_no_query(
    garden: Path,
    client: aiohttp.ClientSession,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Another test of this process may have silenced the library, as a service does.
    monkeypatch.setattr(logging.getLogger("aiohttp"), "propagate", True)
    caplog.set_level(logging.DEBUG, logger="aiohttp")

    async def broken(request: web.Request) -> web.Response:
        raise ValueError(request.query["q"])

    app = web.Application()
    app.router.add_get("/search", broken)
    setup(app, Interceptor.load(Config(lists=(garden,))))
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        url = "http://{}:{}".format(*runner.addresses[0][:2])
        async with client.get(f"{url}/search?q=quokka") as answer:
            assert answer.status == 500
    finally:
        await runner.cleanup()
    assert "ValueError at" in caplog.text
    assert "quokka" not in caplog.text and "127.0.0.1" not in caplog.text


@pytest.mark.parametrize("status", [404, 500])
async def test_an_error_page_is_left_as_it_is(
    garden: Path, client: aiohttp.ClientSession, status: int
) -> None:
    """The proxy never put a strip into an error page; the adapter once did, by a rule of its own."""

    async def failing(request: web.Request) -> web.Response:
        return web.Response(status=status, text=PAGE, content_type="text/html")

    app = web.Application()
    app.router.add_get("/search", failing)
    setup(app, Interceptor.load(Config(lists=(garden,))))
    async with (
        serving(app) as url,
        client.get(f"{url}/search?q=purple+garden+lantern+law") as answer,
    ):
        assert (answer.status, await answer.text()) == (status, PAGE)


async def test_an_annotated_page_is_kept_by_no_cache(garden: Path, client: aiohttp.ClientSession) -> None:
    kept = {"Expires": "Sun, 22 Nov 2037 00:00:00 GMT", "CDN-Cache-Control": "max-age=60", "Pragma": "cache"}

    async def search(request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html", headers=kept)

    app = web.Application()
    app.router.add_get("/search", search)
    setup(app, Interceptor.load(Config(lists=(garden,))))
    async with (
        serving(app) as url,
        client.get(f"{url}/search?q=purple+garden+lantern+law") as answer,
    ):
        assert not kept.keys() & answer.headers.keys()
        assert answer.headers["Cache-Control"] == "no-store"
