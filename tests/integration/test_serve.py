"""The sidecar as a person and an engine see it: the real command, real sockets."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest
from running import Engine, Running, until

Serve = Callable[..., Running]
MATCHING = "purple+garden+lantern"


async def get(
    running: Running, target: str, headers: Mapping[str, str] | None = None
) -> tuple[int, Mapping[str, str], bytes]:
    async with (
        aiohttp.ClientSession(auto_decompress=False) as session,
        session.get(f"{running.url}{target}", allow_redirects=False, headers=headers) as answer,
    ):
        return answer.status, answer.headers, await answer.read()


async def test_an_ordinary_search_is_the_engines_page_octet_for_octet(serve: Serve, engine: Engine) -> None:
    running = serve(None, "--upstream", engine.url)
    status, headers, page = await get(running, "/search?q=weather+tomorrow")
    assert (status, page) == (200, Engine.PAGE)
    assert {name.lower(): value for name, value in dict(headers).items()} == {
        "content-type": "text/html; charset=utf-8",
        "etag": '"abc"',
        "x-engine": "yes",
        "content-length": str(len(Engine.PAGE)),
    }
    assert engine.seen[0].target == b"/search?q=weather+tomorrow"


@pytest.mark.parametrize(
    "target",
    [
        f"/search?q={MATCHING}",
        "/?query=Purple%20GARDEN%20lantern",
        "/search?q=weather&q=purple-garden-lantern",
        f"/search?q={quote(quote('purple garden lantern'))}",
        "/find?%71=p%C3%BArple+garden+lantern",
    ],
)
async def test_a_matching_search_is_answered_with_the_banner(
    serve: Serve, engine: Engine, target: str
) -> None:
    running = serve(None, "--upstream", engine.url)
    status, headers, page = await get(running, target)
    assert status == 200
    assert b"redirectionprogram.com" in page
    assert b"lantern" not in page.lower()
    assert "no-store" in headers["Cache-Control"]
    assert engine.seen == []


async def test_a_matching_post_is_answered_and_an_ordinary_one_passes_whole(
    serve: Serve, engine: Engine
) -> None:
    running = serve(None, "--upstream", engine.url)
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{running.url}/search", data={"q": "purple garden lantern"}) as answer:
            assert b"redirectionprogram.com" in await answer.read()
        assert engine.seen == []
        async with session.post(f"{running.url}/search", data={"q": "weather & rain", "x": "é"}) as answer:
            assert await answer.read() == Engine.PAGE
    assert engine.seen[0].body == b"q=weather+%26+rain&x=%C3%A9"


async def test_head_has_the_headers_of_get(serve: Serve, engine: Engine) -> None:
    running = serve(None, "--upstream", engine.url)
    _, of_get, _ = await get(running, f"/search?q={MATCHING}")
    async with (
        aiohttp.ClientSession() as session,
        session.head(f"{running.url}/search?q={MATCHING}") as answer,
    ):
        assert answer.status == 200
        assert {**answer.headers, "Date": ""} == {**dict(of_get), "Date": ""}
        assert await answer.read() == b""
    running.until_counted(1, "searches")


async def test_a_question_about_the_law_keeps_its_results_and_gets_a_strip(
    serve: Serve, engine: Engine
) -> None:
    running = serve(None, "--upstream", engine.url)
    conditional = {"If-None-Match": '"abc"', "Range": "bytes=0-10", "Accept-Encoding": "gzip, br"}
    status, headers, page = await get(running, f"/search?q={MATCHING}+law", headers=conditional)
    assert status == 200
    before, tag, after = Engine.PAGE.partition(b"<body class=results>")
    assert page.startswith(before + tag) and page.endswith(after)
    strip = page[len(before + tag) : -len(after)]
    assert b"findahelpline.com" in strip and b"lantern" not in strip
    assert "ETag" not in headers and "no-store" in headers["Cache-Control"]
    sent = engine.seen[0].head.lower()
    assert b"\r\naccept-encoding: identity\r\n" in sent
    assert b"if-none-match" not in sent and b"\r\nrange" not in sent


async def test_what_is_not_html_passes_an_annotation_untouched(serve: Serve, engine: Engine) -> None:
    engine.headers = b"Content-Type: application/json\r\n"
    engine.page = b'{"results": [1, 2]}'
    running = serve(None, "--upstream", engine.url)
    _, _, page = await get(running, f"/search?q={MATCHING}+law")
    assert page == engine.page
    running.until_counted(1, "interventions", action="annotate", category="informational")
    assert running.counted("warnings", message="informational") == 0


async def test_a_client_that_asks_for_json_gets_json_without_results(serve: Serve, engine: Engine) -> None:
    running = serve(None, "--upstream", engine.url)
    _, headers, page = await get(running, f"/search?q={MATCHING}", headers={"Accept": "application/json"})
    assert headers["Content-Type"] == "application/json"
    data = json.loads(page)
    assert data["results"] == []
    assert "redirection" in {place["id"] for place in data["interceptor"]["help"]}


async def test_shadow_mode_counts_and_shows_nothing(serve: Serve, engine: Engine) -> None:
    running = serve({"mode": "shadow"}, "--upstream", engine.url)
    for target in (f"/search?q={MATCHING}", f"/search?q={MATCHING}+law"):
        _, _, page = await get(running, target)
        assert page == Engine.PAGE
    running.until_counted(1, "interventions", action="replace", category="seeking")
    running.until_counted(1, "interventions", action="annotate", category="informational")
    assert running.counted("warnings", message="harm-legal") == 0


async def test_the_banners_links_lead_to_help_and_count_once(serve: Serve, engine: Engine) -> None:
    running = serve(None, "--upstream", engine.url)
    _, _, page = await get(running, f"/search?q={MATCHING}")
    link = next(part for part in page.decode().split('"') if "/go/redirection/" in part)
    for _ in range(3):
        status, headers, _ = await get(running, link)
        assert (status, headers["Location"]) == (303, "https://www.redirectionprogram.com/")
    status, headers, _ = await get(running, link[:-4] + "AAAA")
    assert (status, headers["Location"]) == (303, "https://www.redirectionprogram.com/")
    status, _, page = await get(running, "/_interceptor/go/https:%2F%2Fevil.example/x")
    assert status == 404 and b"redirectionprogram.com" in page and b"evil" not in page
    running.until_counted(1, "clicks", message="harm-legal")
    running.until_counted(1, "clicks_by_resource", resource="redirection")
    assert running.counted("warnings", message="harm-legal") == 1


async def test_another_language_of_the_same_banner_is_the_same_warning(serve: Serve, engine: Engine) -> None:
    running = serve(None, "--upstream", engine.url)
    _, _, page = await get(running, f"/search?q={MATCHING}")
    ticket = page.decode().partition('name=t value="')[2].partition('"')[0]
    _, _, finnish = await get(running, f"/_interceptor/banner?t={ticket}&lang=fi")
    assert b'<html lang="fi"' in finnish
    running.until_window()
    assert running.counted("warnings", message="harm-legal") == 1
    assert running.counted("warnings_by_language", language="en") == 1
    assert running.counted("warnings_by_language", language="fi") == 0


async def test_the_language_of_what_matched_comes_first(serve: Serve, engine: Engine) -> None:
    running = serve(None, "--upstream", engine.url)
    _, _, page = await get(running, "/search?q=violetti+puutarhalyhtyt", headers={"Accept-Language": "es"})
    assert b'<html lang="fi"' in page


async def test_the_banners_own_search_box(serve: Serve, engine: Engine) -> None:
    running = serve(None, "--upstream", engine.url)
    _, _, page = await get(running, f"/search?q={MATCHING}")
    ticket = page.decode().partition('name=t value="')[2].partition('"')[0]
    assert ticket
    async with aiohttp.ClientSession() as session:
        box = f"{running.url}/_interceptor/search?t={ticket}"
        async with session.post(box, data={"q": "purple garden lantern"}) as answer:
            assert b"redirectionprogram.com" in await answer.read()
            assert answer.status == 200
        async with session.post(box, data={"q": "rain & wind"}, allow_redirects=False) as answer:
            assert answer.status == 303
            assert answer.headers["Location"] == "/search?q=rain%20%26%20wind"
    running.until_counted(1, "returns", message="harm-legal", outcome="matching")
    assert running.counted("returns", message="harm-legal", outcome="other") == 0  # one return a ticket
    assert running.counted("searches") == 2


async def test_decide_is_off_until_enabled_and_then_tells_data(serve: Serve) -> None:
    closed, open_ = serve(), serve({"decide_api": {"enabled": True}})
    strangers = serve({"decide_api": {"enabled": True, "peers": ["10.0.0.0/8"]}})
    async with aiohttp.ClientSession() as session:
        for running in (closed, strangers):
            async with session.post(f"{running.url}/_interceptor/v1/decide", json={"query": "x"}) as answer:
                assert answer.status == 404
        queries = ["weather", "purple garden lantern", "purple garden lantern law"]
        async with session.post(f"{open_.url}/_interceptor/v1/decide", json={"queries": queries}) as answer:
            assert answer.headers["X-Interceptor-Action"] == "replace"
            data = await answer.json()
        assert [item["action"] for item in data["decisions"]] == ["pass", "replace", "annotate"]
        assert "banner" not in data["decisions"][0]
        assert data["decisions"][1]["banner"]["help"]
        for body, status in [(b"{", 400), (b"[]", 422), (b'{"query": 1}', 422), (b'{"queries": []}', 422)]:
            headers = {"Content-Type": "application/json"}
            async with session.post(
                f"{open_.url}/_interceptor/v1/decide", data=body, headers=headers
            ) as answer:
                assert answer.status == status
        async with session.get(f"{open_.url}/_interceptor/v1/openapi.json") as answer:
            assert (await answer.json())["openapi"].startswith("3.1")


async def test_oversized_input_is_refused_and_never_half_read(serve: Serve, engine: Engine) -> None:
    running = serve({"limits": {"search_body": 5000, "query": 1000}}, "--upstream", engine.url)
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{running.url}/search", data={"q": "x" * 6000}) as answer:
            assert answer.status == 413
        async with session.post(f"{running.url}/search", data={"q": "x" * 2000}) as answer:
            assert answer.status == 413
        async with session.get(f"{running.url}/search?q={'x' * 2000}") as answer:
            assert answer.status == 414
        async with session.get(f"{running.url}/search?q={'x' * 9000}") as answer:
            assert answer.status == 414
    assert engine.seen == []


async def test_counts_are_exact_over_several_workers(serve: Serve, engine: Engine) -> None:
    running = serve(None, "--upstream", engine.url, "--workers", "3")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=20, force_close=True)) as session:
        for number in range(300):
            query = MATCHING if number % 3 == 0 else "weather"
            async with session.get(f"{running.url}/search?q={query}") as answer:
                await answer.read()
    running.until_counted(300, "searches")
    assert running.counted("interventions", action="replace", category="seeking") == 100
    assert running.counted("warnings", message="harm-legal") == 100


def test_every_series_is_there_before_the_first_search_and_none_is_added(serve: Serve) -> None:
    running = serve({"privacy": {"window": "1h"}})
    before = running.metrics_text()
    assert "_created" not in before and "process_" not in before and "python_" not in before
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", running.port)) as client:
            client.sendall(
                b"GET /search?q=purple+garden+lantern HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            )
            while client.recv(65536):
                pass
    assert running.metrics_text() == before


def test_a_killed_worker_is_replaced_and_its_counts_stay(serve: Serve) -> None:
    running = serve({"privacy": {"window": "2s"}}, "--workers", "2")

    def search() -> bytes:
        with socket.create_connection(("127.0.0.1", running.port)) as client:
            client.sendall(b"GET /?q=purple+garden+lantern HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return client.recv(12)

    until(lambda: len(running.children()) == 2, "two workers")
    for _ in range(10):
        assert search() == b"HTTP/1.1 200"
    before = running.children()
    os.kill(min(before), signal.SIGKILL)
    until(lambda: len(running.children()) == 2 and running.children() != before, "another worker")
    for _ in range(10):
        assert search() == b"HTTP/1.1 200"
    running.until_counted(20, "searches")


async def test_a_stop_lets_running_requests_end(serve: Serve, engine: Engine) -> None:
    running = serve({"limits": {"drain": "10s"}}, "--upstream", engine.url)
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    writer.write(
        b"POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 6\r\n\r\nabc"
    )
    await writer.drain()
    await asyncio.to_thread(until, lambda: len(running.lines) > 0, "the log")
    running.process.send_signal(signal.SIGTERM)
    with pytest.raises(ConnectionError):
        for _ in range(500):
            (await asyncio.open_connection("127.0.0.1", running.port))[1].close()
            await asyncio.sleep(0.01)
    writer.write(b"def")
    answer = await asyncio.wait_for(reader.read(), 10)
    assert answer.startswith(b"HTTP/1.1 200") and Engine.PAGE in answer
    writer.close()
    assert await asyncio.to_thread(running.process.wait, 10) == 0


def test_its_processes_end_when_the_supervisor_is_killed(serve: Serve) -> None:
    running = serve()
    children = running.children() | running.children("fork server")
    assert len(children) > 1
    running.stop(signal.SIGKILL)
    until(
        lambda: not any(Path(f"/proc/{child}/cmdline").exists() for child in children), "its processes to end"
    )


def test_unix_sockets_in_front_and_for_the_admin(serve: Serve, tmp_path: Path) -> None:
    public, admin = tmp_path / "public.sock", tmp_path / "admin.sock"
    running = serve(None, "--listen", f"unix:{public}", "--listen", "127.0.0.1:0", "--admin", f"unix:{admin}")
    assert f"unix:{public}" in running.public
    for path, target, expected in [
        (public, "/?q=purple+garden+lantern", b"redirectionprogram.com"),
        (admin, "/readyz", b"ready"),
    ]:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
            client.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            answer = b""
            while piece := client.recv(65536):
                answer += piece
        assert expected in answer
    running.stop()
    assert not public.exists() and not admin.exists()


def test_an_address_that_is_taken_is_named_with_a_remedy(serve: Serve, tmp_path: Path) -> None:
    running = serve()
    second = subprocess.run(
        [sys.executable, "-m", "interceptor", "serve", "--listen", running.public, "--admin", "127.0.0.1:0"],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert second.returncode == 2
    assert running.public in second.stderr and "another process listens there" in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize("policy", ["open", "closed"])
async def test_the_engine_is_down_or_hangs(serve: Serve, engine: Engine, policy: str) -> None:
    engine.hang = True
    config = {"limits": {"engine": "500ms", "connect": "500ms"}, "fault_policy": policy}
    hanging = serve(config, "--upstream", engine.url)
    started = time.monotonic()
    status, _, page = await get(hanging, "/search?q=weather")
    assert status == 504 and b"weather" not in page
    assert time.monotonic() - started < 10
    down = serve(config, "--upstream", "http://127.0.0.1:1")
    status, _, page = await get(down, "/search?q=weather")
    assert status == 502 and b"weather" not in page
    status, _, page = await get(down, f"/search?q={MATCHING}")
    assert status == 200 and b"redirectionprogram.com" in page


@pytest.mark.parametrize("policy", ["open", "closed"])
def test_readiness_tells_what_a_fault_would_do(serve: Serve, policy: str) -> None:
    running = serve({"fault_policy": policy})
    with urllib.request.urlopen(f"http://{running.admin}/readyz", timeout=20) as answer:
        assert answer.read().decode() == f"ready\nmode: enforce\nfault policy: {policy}\n"
