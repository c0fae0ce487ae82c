"""Suggestions behind the sidecar: what somebody types is neither counted nor completed to a term of the lists."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from asking import ask
from running import Engine, Running

ANSWER = ["purple", ["purple rain", "purple garden lantern"], ["a", "b"]]


async def test_suggestions_lose_what_matches_and_count_as_no_search(
    serve: Callable[..., Running], engine: Engine
) -> None:
    engine.headers = b'Content-Type: application/x-suggestions+json\r\nETag: "abc"\r\n'
    engine.page = json.dumps(ANSWER).encode()
    running = serve({"suggestions": ["/suggest"]}, "--upstream", engine.url)
    got = await asyncio.to_thread(
        ask, f"{running.url}/suggest?q=purple+garden+lantern", Accept_Encoding="gzip"
    )
    assert json.loads(got.text) == ["purple", ["purple rain"], ["a"]]
    assert "etag" not in got.headers
    # A compressed answer could not be looked into.
    assert b"gzip" not in engine.seen[-1].head

    engine.headers = b"Content-Type: text/html\r\n"
    got = await asyncio.to_thread(ask, f"{running.url}/search?q=purple+garden+lantern")
    assert "redirectionprogram.com" in got.text
    await asyncio.to_thread(running.until_counted, 1, "searches")


async def test_shadow_mode_leaves_suggestions_alone(serve: Callable[..., Running], engine: Engine) -> None:
    engine.headers = b"Content-Type: application/json\r\n"
    engine.page = json.dumps(ANSWER).encode()
    running = serve({"suggestions": ["/suggest"], "mode": "shadow"}, "--upstream", engine.url)
    got = await asyncio.to_thread(ask, f"{running.url}/suggest?q=purple")
    assert json.loads(got.text) == ANSWER
