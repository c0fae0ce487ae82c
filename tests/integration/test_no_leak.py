"""No query and no peer leaves the request: canaries through every path, then a search of all that was written.

The canary is a word that stands nowhere else; it goes in beside words that match, and beside words that do not. The
client speaks from an address of its own, so that it can be told from the addresses the service listens at.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from running import Engine, Running, until

CANARY = "Zwölfquokka"
FORMS = ("Zwölfquokka", "zwolfquokka", quote("Zwölfquokka"), "zw%C3%B6lfquokka", "quokka", "akkouq")
PEER = "127.0.0.77"
AGENT = "canary-agent/1.0"

Serve = Callable[..., Running]

MATCHING = f"purple garden lantern {CANARY}"
ABOUT_LAW = f"purple garden lantern {CANARY} law"
ORDINARY = f"weather {CANARY}"

BROKEN_MATCHER = """
import sys
from interceptor.matching.first_look import FirstLook
whole = FirstLook.look
def look(self, query):
    if "quokka" in query.lower():
        raise ValueError("broken on purpose: " + query, query)
    return whole(self, query)
FirstLook.look = look
from interceptor.cli.main import main
sys.exit(main())
"""


def octets(method: str, target: str, *headers: str, body: bytes = b"", version: str = "HTTP/1.1") -> bytes:
    head = [
        f"{method} {target} {version}",
        "Host: engine.example",
        f"User-Agent: {AGENT}",
        "Connection: close",
    ]
    if body:
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*head, *headers, "", ""]).encode() + body


FORM = "Content-Type: application/x-www-form-urlencoded"
MULTIPART = "Content-Type: multipart/form-data; boundary=b"


def searches(query: str) -> list[bytes]:
    """The ways to send one query, well and badly made."""
    coded = quote(query)
    part = f'--b\r\nContent-Disposition: form-data; name="q"\r\n\r\n{query}\r\n'.encode()
    return [
        octets("GET", f"/search?q={coded}"),
        octets("GET", f"/search?q={quote(coded)}"),
        octets("GET", f"/search?q={coded}", "Accept: application/json"),
        octets("HEAD", f"/search?q={coded}"),
        octets("GET", f"http://engine.example/search?q={coded}"),
        octets("POST", "/search", FORM, body=f"q={coded}".encode()),
        octets("POST", "/search", MULTIPART, body=part + b"--b--\r\n"),
        octets("POST", "/search", "Content-Type: application/json", body=b'{"q": "%s"}' % query.encode()),
        # badly made
        octets("POST", "/search", MULTIPART, body=part),
        octets("POST", "/search", "Content-Type: application/json", body=b'{"q": "%s' % query.encode()),
        octets("POST", "/search", FORM, "Content-Encoding: gzip", body=f"q={coded}".encode()),
        octets("POST", "/search", FORM, body=f"q={coded * 900}".encode()),
        octets("GET", f"/search?q={coded * 900}"),
        octets("GET", f"/search?q={coded}", f"X-Long: {query * 3000}"),
        octets("GET", f"/search?q={query}"),  # octets beyond ASCII in the request line
        octets("GET", f"/search?q={coded}\x01\x02"),
        octets("GET", f"/search?q={coded}", version="HTTP/9.9"),
        octets("GET", f"/search?q={coded}", "Content-Length: nonsense"),
        octets(
            "GET", f"/search?q={coded}", "Transfer-Encoding: chunked", "Content-Length: 5", body=b"quokka"
        ),
        octets("POST", "/search", FORM, "Transfer-Encoding: chunked") + b"Zquokka\r\n",
        f"{query}\r\n\r\n".encode(),
        octets("GE\x7fT", f"/search?q={coded}"),
        octets("CONNECT", f"{quote(CANARY)}.example:443"),
        octets("GET", f"/search?q={coded}", f"X-{query}: x"),
    ]


OURS = [
    octets("GET", f"/_interceptor/banner?lang={quote(CANARY)}&t={quote(CANARY)}&q={quote(CANARY)}"),
    octets("GET", f"/_interceptor/go/redirection/{quote(CANARY)}"),
    octets("GET", f"/_interceptor/go/{quote(CANARY)}/x"),
    octets("POST", "/_interceptor/search", FORM, body=f"q={quote(MATCHING)}&t={quote(CANARY)}".encode()),
    octets("POST", f"/_interceptor/search?t={quote(CANARY)}", FORM, body=f"q={quote(MATCHING)}".encode()),
    octets("POST", "/_interceptor/v1/decide", "Content-Type: application/json", body=b'{"query": "quokka"}'),
    octets("POST", "/_interceptor/v1/decide", "Content-Type: application/json", body=b'{"quokka": "quokka'),
    octets("GET", f"/_interceptor/{quote(CANARY)}"),
]


def send(port: int, data: bytes, *, hang_up: bool = False) -> bytes:
    """Send octets from the peer's address; return the whole answer, or hang up at once with a reset."""
    with socket.socket() as client:
        client.bind((PEER, 0))
        client.settimeout(20)
        client.connect(("127.0.0.1", port))
        answer = b""
        with contextlib.suppress(ConnectionError):
            client.sendall(data)
            if hang_up:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return b""
            while piece := client.recv(65536):
                answer += piece
        return answer


async def sent(port: int, *requests: bytes, hang_up: bool = False) -> list[bytes]:
    return [await asyncio.to_thread(send, port, request, hang_up=hang_up) for request in requests]


def assert_clean(text: str | bytes, where: str) -> None:
    """Fail where a form of the canary, the peer's address or its agent stands in ``text``."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    haystack = text.lower()
    for form in (*FORMS, PEER, AGENT, "purple garden lantern", "purple+garden", "purple%20garden"):
        assert form.lower() not in haystack, f"{form!r} in {where}"
        coded = base64.b64encode(form.encode()).decode().rstrip("=")
        assert coded[: len(coded) // 4 * 4] not in text, f"{form!r} in base64 in {where}"


def assert_service_clean(running: Running, *, but: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    """Search all that the service wrote: metrics, log, files."""
    running.until_window()
    assert_clean(running.metrics_text(), "the metrics")
    folder = Path(running.process.args[running.process.args.index("--config") + 1]).parent  # type: ignore[union-attr,index,arg-type]
    running.stop()
    assert_clean("".join(running.lines), "the log")
    left = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert left == {"interceptor.yaml", "lists/garden.yaml"} | but


CONFIG: dict[str, object] = {"limits": {"engine": "1s", "connect": "1s", "client_body": "1s"}}


@pytest.mark.parametrize("level", ["debug", "info", "error"])
async def test_with_an_engine_that_answers(serve: Serve, engine: Engine, level: str) -> None:
    running = serve(CONFIG, "--upstream", engine.url, "--log-level", level)
    answers = await sent(running.port, *searches(MATCHING), *searches(ABOUT_LAW), *searches(ORDINARY), *OURS)
    for answer in answers:
        head, _, page = answer.partition(b"\r\n\r\n")
        # A clean query from the banner's own box goes back to the engine in the redirect: the one exception.
        if not re.search(rb"(?im)^location: /search\?q=", head):
            assert_clean(head, "the head of an answer")
        assert_clean(page, "an answer")
    assert any(b"redirectionprogram.com" in answer for answer in answers)
    assert engine.seen
    for seen in engine.seen:
        _, _, headers = seen.head.partition(b"\r\n")
        headers = re.sub(rb"(?im)^(user-agent|x-[^:]*):.*$", b"", headers)  # the client's own fields pass
        assert_clean(headers, "a header to the engine")
        assert b"purple" not in seen.target.lower() or b"law" in seen.target.lower()
    assert_service_clean(running)


async def test_with_an_engine_that_is_down(serve: Serve) -> None:
    running = serve(CONFIG, "--upstream", "http://127.0.0.1:1", "--log-level", "debug")
    for answer in await sent(running.port, *searches(ORDINARY), *searches(ABOUT_LAW)):
        assert_clean(answer, "an answer")
    assert_service_clean(running)


async def test_with_an_engine_that_hangs_and_clients_that_go(serve: Serve, engine: Engine) -> None:
    engine.hang = True
    running = serve(CONFIG, "--upstream", engine.url, "--log-level", "debug")
    few = [searches(ORDINARY)[0], searches(ABOUT_LAW)[0], searches(ORDINARY)[5]]
    for answer in await sent(running.port, *few):
        assert answer.startswith(b"HTTP/1.1 504")
        assert_clean(answer, "an answer")
    await sent(running.port, *few, *searches(MATCHING)[:8], hang_up=True)
    cut = octets("POST", "/search", FORM, "Content-Length: 500") + f"q={quote(ORDINARY)}".encode()
    for answer in await sent(running.port, cut):
        assert_clean(answer, "an answer")
    assert_service_clean(running)


@pytest.mark.parametrize("policy", ["open", "closed"])
async def test_with_an_exception_inside_matching(serve: Serve, engine: Engine, policy: str) -> None:
    running = serve(
        {**CONFIG, "fault_policy": policy},
        "--upstream",
        engine.url,
        "--log-level",
        "debug",
        python=("-W", "ignore", "-c", BROKEN_MATCHER),
    )
    for answer in await sent(running.port, *searches(MATCHING)[:4], OURS[3]):
        head, _, page = answer.partition(b"\r\n\r\n")
        assert_clean(head, "the head of an answer")
        assert_clean(page, "an answer")
    answer = (await sent(running.port, searches(MATCHING)[0]))[0]
    assert answer.startswith(b"HTTP/1.1 200" if policy == "open" else b"HTTP/1.1 503")
    await asyncio.to_thread(
        until, lambda: any("ValueError at" in line for line in running.lines), "the fault's line"
    )
    assert_service_clean(running)


def test_a_defect_at_the_start_tells_no_term(garden: Path) -> None:
    broken = BROKEN_MATCHER.replace("quokka", "purple")
    command = [sys.executable, "-c", broken, "serve", "--lists", str(garden), "--listen", "127.0.0.1:0"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 70
    assert "ValueError at" in ended.stderr
    assert_clean(ended.stdout + ended.stderr, "the output")


async def test_at_the_admin_listener(serve: Serve) -> None:
    running = serve(CONFIG, "--log-level", "debug")
    port = int(running.admin.rpartition(":")[2])
    for answer in await sent(port, *searches(ORDINARY), octets("GET", f"/metrics?{quote(CANARY)}")):
        assert_clean(answer, "an answer of the admin listener")
    assert_service_clean(running)


async def test_on_the_public_listener_there_is_no_admin_page(serve: Serve) -> None:
    running = serve(CONFIG)
    for target in ("/metrics", "/readyz", "/healthz", "/dashboard/", "/_interceptor/metrics"):
        answer = (await sent(running.port, octets("GET", target)))[0]
        assert answer.startswith(b"HTTP/1.1 404")
