"""The admin listener: metrics, dashboard, health and readiness. Never on the public listener."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from interceptor.adapters.aiohttp import respond
from interceptor.adapters.http import Answer, plain_answer
from interceptor.counting.exposition import CONTENT_TYPE, State
from interceptor.keeper import Keeper
from interceptor.sidecar.admission import Admission
from interceptor.sidecar.dashboard.site import ROOT, Site
from interceptor.sidecar.http_server import Request


class Admin:
    """The handler of the admin listener.

    ``admission`` says who may read counts; health and readiness, which orchestrators ask for, are open.
    """

    def __init__(
        self, keeper: Keeper, state: Callable[[], State], admission: Admission, *, kept: bool
    ) -> None:
        self._keeper, self._state, self._admission = keeper, state, admission
        self._dashboard = Site(keeper, state, kept=kept)

    async def __call__(self, request: Request) -> web.StreamResponse:
        """Answer ``request``."""
        path, _, query = request.target.partition("?")
        if path in ("/healthz", "/readyz") or self._admission.lets_in(request.headers.get("Authorization")):
            return respond(self._answer(request.method, path, query))
        response = respond(plain_answer(401, "Authorization is needed."))
        response.headers.extend([("WWW-Authenticate", value) for value in self._admission.challenges])
        return response

    def _answer(self, method: str, path: str, query: str) -> Answer:
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
        if path.startswith(ROOT):
            return self._dashboard.answer(path, query)
        if path == ROOT[:-1]:
            return plain_answer(308, "The dashboard has a slash behind it.", ("Location", "dashboard/"))
        if path == "/":
            return plain_answer(200, "/metrics\n/dashboard/\n/healthz\n/readyz")
        return plain_answer(404, "There is no such page here.")
