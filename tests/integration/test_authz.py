"""The endpoints for proxies that ask, asked by hand at the real service."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import aiohttp
import pytest
from running import Engine, Running

from tests.integration.test_no_leak import BROKEN_MATCHER

Serve = Callable[..., Running]
MATCHING = "/search?q=purple+garden+lantern"
ALL: dict[str, object] = {
    "auth_request": {"enabled": True},
    "forward_auth": {"enabled": True},
    "ext_authz": {"enabled": True},
}


async def ask(
    running: Running,
    protocol: str,
    target: str,
    *more: tuple[str, str],
    method: str = "GET",
    body: bytes | None = None,
) -> tuple[int, Mapping[str, str], bytes]:
    """Ask about ``target`` in ``protocol`` as its proxies do."""
    fields: list[tuple[str, str]] = list(more)
    path = protocol
    if protocol == "auth-request":
        fields += [("X-Original-URI", target), ("X-Original-Method", method)]
    elif protocol == "forward-auth":
        fields += [("X-Forwarded-Uri", target), ("X-Forwarded-Method", method)]
    else:
        path += target
    async with (
        aiohttp.ClientSession() as session,
        session.request(
            method if protocol == "ext-authz" else "GET",
            f"{running.url}/_interceptor/authz/{path}",
            headers=fields,
            data=body,
            allow_redirects=False,
        ) as answer,
    ):
        return answer.status, answer.headers, await answer.read()


PROTOCOLS = ("auth-request", "forward-auth", "ext-authz")


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_each_protocol_is_off_until_enabled_and_open_to_named_peers_only(
    serve: Serve, protocol: str
) -> None:
    section = protocol.replace("-", "_")
    others = {name: value for name, value in ALL.items() if name != section}
    strangers = {name: {"enabled": True, "peers": ["192.0.2.7"]} for name in ALL}
    for authz in (others, strangers):
        status, headers, _ = await ask(serve({"authz": authz}), protocol, MATCHING)
        assert status == 404
        assert "X-Interceptor-Action" not in headers


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_pass_and_replace(serve: Serve, protocol: str) -> None:
    running = serve({"authz": ALL})
    status, headers, body = await ask(running, protocol, "/search?q=weather")
    assert (status, body, headers["X-Interceptor-Action"]) == (200, b"", "pass")
    status, headers, body = await ask(running, protocol, MATCHING)
    assert (status, headers["X-Interceptor-Action"]) == (403, "replace")
    assert "no-store" in headers["Cache-Control"]
    if protocol == "auth-request":
        assert body == b""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{running.url}/_interceptor/banner?t={headers['X-Interceptor-Ticket']}") as banner,
        ):
            body = await banner.read()
    else:
        assert "X-Interceptor-Ticket" not in headers
    assert b"redirectionprogram.com" in body
    running.until_counted(2, "searches")
    running.until_counted(1, "warnings", message="harm-legal")


async def test_a_ticket_that_is_never_shown_is_no_warning(serve: Serve) -> None:
    running = serve({"authz": ALL})
    await ask(running, "auth-request", MATCHING)
    running.until_counted(1, "interventions", action="replace", category="seeking")
    assert running.counted("warnings", message="harm-legal") == 0


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_an_annotation_passes_or_is_handed_over(serve: Serve, engine: Engine, protocol: str) -> None:
    target = f"{MATCHING}+law"
    passing = serve({"authz": ALL}, "--upstream", engine.url)
    status, headers, _ = await ask(passing, protocol, target)
    assert (status, headers["X-Interceptor-Action"]) == (200, "pass")
    passing.until_counted(1, "interventions", action="annotate", category="informational")
    handing = serve({"authz": {**ALL, "annotated": "hand-over"}}, "--upstream", engine.url)
    status, headers, _ = await ask(handing, protocol, target)
    assert (status, headers["X-Interceptor-Action"]) == (200, "annotate")
    handing.until_window()
    assert handing.counted("searches") == 0
    nowhere = serve({"authz": {**ALL, "annotated": "hand-over"}})
    _, headers, _ = await ask(nowhere, protocol, target)
    assert headers["X-Interceptor-Action"] == "pass"


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_shadow_mode_decides_counts_and_lets_everything_pass(serve: Serve, protocol: str) -> None:
    running = serve({"authz": {**ALL, "annotated": "hand-over"}, "mode": "shadow"})
    for target in (MATCHING, f"{MATCHING}+law"):
        status, headers, _ = await ask(running, protocol, target)
        assert (status, headers["X-Interceptor-Action"]) == (200, "pass")
    running.until_counted(1, "interventions", action="replace", category="seeking")


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_what_cannot_be_read_does_not_pass(serve: Serve, protocol: str) -> None:
    running = serve({"authz": ALL, "limits": {"query": 100}})
    long = f"/search?q={'x' * 200}"
    status, headers, body = await ask(running, protocol, long)
    assert status == (403 if protocol == "auth-request" else 414)
    assert headers["X-Interceptor-Action"] == "refuse"
    assert b"xxx" not in body


@pytest.mark.parametrize(
    ("protocol", "name"),
    [
        ("auth-request", "X-Original-URI"),
        ("auth-request", "X-Original-Method"),
        ("forward-auth", "X-Forwarded-Uri"),
        ("forward-auth", "X-Forwarded-Method"),
        ("forward-auth", "X-Forwarded-Host"),
    ],
)
async def test_a_field_that_stands_there_twice_is_believed_neither_time(
    serve: Serve, protocol: str, name: str
) -> None:
    running = serve({"authz": ALL})
    more = [(name, "/search?q=weather")] * (2 if name == "X-Forwarded-Host" else 1)
    status, headers, _ = await ask(running, protocol, MATCHING, *more)
    assert (status, headers["X-Interceptor-Action"]) == (403 if protocol == "auth-request" else 400, "refuse")


async def test_fields_of_other_protocols_and_underscores_are_not_looked_at(serve: Serve) -> None:
    running = serve({"authz": ALL})
    harmless = "/search?q=weather"
    of_all = [
        (name, harmless)
        for name in ("X_Original_URI", "X-Original-Url", "X-Rewrite-Url", "X_Forwarded_Uri", "Forwarded")
    ]
    for protocol, others in (
        ("auth-request", [("X-Forwarded-Uri", harmless), ("X-Forwarded-Method", "HEAD")]),
        ("forward-auth", [("X-Original-URI", harmless), ("X-Original-Method", "HEAD")]),
        ("ext-authz", [("X-Original-URI", harmless), ("X-Forwarded-Uri", harmless)]),
    ):
        _, headers, _ = await ask(running, protocol, MATCHING, *of_all, *others)
        assert headers["X-Interceptor-Action"] == "replace", protocol
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{running.url}/_interceptor/authz/auth-request", headers=dict(of_all)) as answer,
    ):
        assert (answer.status, answer.headers["X-Interceptor-Action"]) == (403, "refuse")


async def test_a_body_that_comes_along_is_looked_at(serve: Serve) -> None:
    running = serve({"authz": ALL})
    form = ("Content-Type", "application/x-www-form-urlencoded")
    for protocol in ("forward-auth", "ext-authz"):
        status, _, body = await ask(
            running, protocol, "/search", form, method="POST", body=b"q=purple+garden+lantern"
        )
        assert status == 403 and b"redirectionprogram.com" in body
        status, _, _ = await ask(running, protocol, "/search", form, method="POST", body=b"q=weather")
        assert status == 200


async def test_the_host_behind_forward_auth_is_the_one_that_was_asked_for(serve: Serve) -> None:
    running = serve({"authz": ALL})
    _, _, page = await ask(running, "forward-auth", MATCHING, ("X-Forwarded-Host", "abc.onion"))
    assert b"redirec3yheqwd7psx2bjdw5zfmp25mv3uvrdxim23k6d4wkcpjwysad.onion" in page


async def test_a_keystroke_in_the_search_box_is_no_search(serve: Serve, engine: Engine) -> None:
    config: dict[str, object] = {"suggestions": ["/suggest"], "authz": ALL}
    passing = serve(config, "--upstream", engine.url)
    target = "/suggest?q=purple+garden+lantern"
    status, headers, _ = await ask(passing, "auth-request", target)
    assert (status, headers["X-Interceptor-Action"]) == (200, "pass")
    handing = serve({**config, "authz": {**ALL, "annotated": "hand-over"}}, "--upstream", engine.url)
    _, headers, _ = await ask(handing, "auth-request", target)
    assert headers["X-Interceptor-Action"] == "annotate"  # the reverse proxy cleans the engine's suggestions
    passing.until_window()
    assert passing.counted("searches") == 0


async def test_head_is_not_counted(serve: Serve) -> None:
    running = serve({"authz": ALL})
    for protocol in PROTOCOLS:
        status, _, _ = await ask(running, protocol, MATCHING, method="HEAD")
        assert status == 403
    running.until_window()
    assert running.counted("searches") == 0


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("policy", ["open", "closed"])
async def test_a_fault_passes_or_not_as_configured(serve: Serve, protocol: str, policy: str) -> None:
    running = serve({"authz": ALL, "fault_policy": policy}, python=("-W", "ignore", "-c", BROKEN_MATCHER))
    status, headers, body = await ask(running, protocol, "/search?q=quokka")
    if policy == "open":
        assert (status, headers["X-Interceptor-Action"]) == (200, "pass")
    else:
        assert status == (403 if protocol == "auth-request" else 503)
        assert headers["X-Interceptor-Action"] == "fail"
    assert b"quokka" not in body
    await asyncio.to_thread(running.stop)
    assert "quokka" not in "".join(running.lines)


def test_handing_over_to_nobody_is_told(tmp_path: Path) -> None:
    file = tmp_path / "interceptor.yaml"
    file.write_text("authz: {annotated: hand-over}\n")
    command = [sys.executable, "-m", "interceptor", "config", "check", "--config", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "authz.annotated: 'hand-over' needs server.upstream" in done.stdout


async def test_questions_on_one_connection_are_answered_in_order_however_they_arrive(serve: Serve) -> None:
    running = serve({"authz": ALL})
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)

    def question(target: str, more: str = "") -> bytes:
        return (
            "GET /_interceptor/authz/auth-request HTTP/1.1\r\nHost: x\r\nX-Original-Method: GET\r\n"
            f"X-Original-URI: {target}\r\n{more}\r\n"
        ).encode()

    async def statuses(count: int) -> list[int]:
        found = []
        for _ in range(count):
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
            assert b"Content-Length: 0\r\n" in head
            found.append(int(head.split()[1]))
        return found

    passing, matching = question("/search?q=weather"), question(MATCHING)
    for octets, expected in (
        (passing, [200]),
        (matching, [403]),
        (passing + matching + passing, [200, 403, 200]),
        (passing + question(MATCHING, "Content-Length: 3\r\n") + b"abc" + passing, [200, 403, 200]),
        (question(MATCHING, "X-Original-URI: /search?q=weather\r\n"), [403]),
        (passing, [200]),
    ):
        writer.write(octets)
        assert await statuses(len(expected)) == expected
        for octet in octets:
            writer.write(bytes([octet]))
            await writer.drain()
        assert await statuses(len(expected)) == expected
    writer.write(question("/search?q=weather", "Connection: close\r\n"))
    assert await statuses(1) == [200]
    assert await asyncio.wait_for(reader.read(), 20) == b""
    writer.close()
