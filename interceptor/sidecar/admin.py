"""The admin listener: metrics, health and readiness. Never on the public listener."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from interceptor.adapters.aiohttp import respond
from interceptor.adapters.http import Answer, plain_answer
from interceptor.counting.exposition import CONTENT_TYPE, State
from interceptor.keeper import Keeper
from interceptor.sidecar.http_server import Request


class Admin:
    """The handler of the admin listener."""

    def __init__(self, keeper: Keeper, state: Callable[[], State]) -> None:
        self._keeper, self._state = keeper, state

    async def __call__(self, request: Request) -> web.StreamResponse:
        """Answer ``request``."""
        return respond(self._answer(request.method, request.target.partition("?")[0]))

    def _answer(self, method: str, path: str) -> Answer:
        if method not in ("GET", "HEAD"):
            return plain_answer(405, "Use GET.", ("Allow", "GET, HEAD"))
        if path == "/metrics":
            page = self._keeper.exposition(self._state())
            return Answer(200, (("Content-Type", CONTENT_TYPE), ("Cache-Control", "no-store")), page)
        if path == "/healthz":
            return plain_answer(200, "ok")
        if path == "/readyz":
            state = self._state()
            if not state.ready:
                return plain_answer(503, "not ready")
            said = [
                "degraded" if state.degraded else "ready",
                f"mode: {state.mode}",
                f"fault policy: {state.fault_policy}",
                *state.degraded,
            ]
            return plain_answer(200, "\n".join(said))
        if path == "/":
            return plain_answer(200, "/metrics\n/healthz\n/readyz")
        return plain_answer(404, "There is no such page here.")
