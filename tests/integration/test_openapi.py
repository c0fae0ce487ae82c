"""``v1/decide`` as its description has it: schemathesis reads that from the real service and tries to refute it.

The mishap: an engine in another language is written from the description, and gets an answer that it does not name.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from running import Running

from tests.integration.test_no_leak import CANARY, FORMS

Serve = Callable[..., Running]
EXAMPLES = 60
"""Requests that are tried in each phase of schemathesis and for each operation."""

DEFAULT: dict[str, object] = {"decide_api": {"enabled": True}}
NARROW: dict[str, object] = {
    "prefix": "/-/warn/",
    "decide_api": {"enabled": True, "max_queries": 3},
    "limits": {"query": 40, "search_body": 4_000, "target": 500, "headers": 600},
}


def described(running: Running, prefix: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{running.url}{prefix}v1/openapi.json", timeout=20) as answer:
        assert answer.headers["Content-Type"] == "application/json"
        document: dict[str, Any] = json.load(answer)
    return document


@pytest.mark.parametrize("config", [DEFAULT, NARROW], ids=["default", "narrow"])
def test_schemathesis_finds_nothing(serve: Serve, tmp_path: Path, config: dict[str, object]) -> None:
    prefix = str(config.get("prefix", "/_interceptor/"))
    running = serve(config)
    # Read from a file: schemathesis would leave out the operation that it got the description from.
    (tmp_path / "openapi.json").write_text(json.dumps(described(running, prefix)))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", "openapi.json"),
            *("--url", running.url + prefix.rstrip("/"), "--checks", "all", "--mode", "all"),
            *("--max-examples", str(EXAMPLES), "--seed", "6", "--request-timeout", "10"),
            *("--continue-on-failure", "--generation-database", "none", "--no-color", "--workers", "1"),
            *("--report", "json", "--report-json-path", "report.json"),
        ],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=110,
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path), "NO_PROXY": "*"},
    )
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
    assert "Tested: 2" in done.stdout
    running.stop()
    assert not any("fault" in line.lower() for line in running.lines), running.lines


def test_the_description_tells_the_bounds_that_are_configured(serve: Serve) -> None:
    document = described(serve(NARROW), "/-/warn/")
    schemas = document["components"]["schemas"]
    assert document["servers"] == [{"url": "/-/warn"}]
    assert (schemas["Query"]["maxLength"], schemas["Queries"]["maxItems"]) == (40, 3)


WRONG = (
    (f'{{"query": "{CANARY}', 400),
    (f'["{CANARY}"]', 422),
    (f'{{"{CANARY}": "{CANARY}"}}', 422),
    (f'{{"query": ["{CANARY}"]}}', 422),
    (f'{{"query": "a", "queries": ["{CANARY}"]}}', 422),
    (f'{{"query": "{CANARY * 5}"}}', 422),
    (json.dumps({"queries": [CANARY] * 4}), 422),
    (json.dumps({"query": CANARY * 500}), 413),
    ("[" * 3_000 + CANARY, 400),
)


async def test_what_is_wrong_is_told_without_the_query(serve: Serve) -> None:
    running = serve(NARROW)
    said = ""
    async with aiohttp.ClientSession(headers={"Content-Type": "application/json"}) as session:
        for body, status in WRONG:
            async with session.post(f"{running.url}/-/warn/v1/decide", data=body.encode()) as answer:
                assert answer.status == status, body
                said += (await answer.read()).decode() + str(answer.headers)
    running.stop()
    for form in FORMS:
        assert form not in said + "".join(running.lines)


async def test_another_method_is_told_which_one_to_use(serve: Serve) -> None:
    running = serve(DEFAULT)
    stem = f"{running.url}/_interceptor/v1"
    async with aiohttp.ClientSession() as session:
        for endpoint, method, allowed in [
            ("decide", "GET", "POST"),
            ("decide", "HEAD", "POST"),
            ("openapi.json", "POST", "GET, HEAD"),
            ("openapi.json", "DELETE", "GET, HEAD"),
        ]:
            async with session.request(method, f"{stem}/{endpoint}") as answer:
                assert (answer.status, answer.headers["Allow"]) == (405, allowed)
