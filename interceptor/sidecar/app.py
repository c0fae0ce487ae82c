"""One request at the public listener: ours is answered, a search is screened, everything goes on to the engine."""

from __future__ import annotations

from aiohttp import web
from aiohttp.http_parser import RawRequestMessage

from interceptor.adapters.http import Answer, Request, plain_answer
from interceptor.adapters.service import Service
from interceptor.adapters.suggestions import can_clean
from interceptor.sidecar import http_server
from interceptor.sidecar.authz.endpoints import Endpoints
from interceptor.sidecar.reply import Reply
from interceptor.sidecar.reverse_proxy import Annotation, ReverseProxy


class App:
    """The handler of the public listener."""

    def __init__(self, service: Service, proxy: ReverseProxy | None) -> None:
        self._service, self._proxy = service, proxy
        self._authz = Endpoints(service, hands_over=proxy is not None)
        self._questions = service.config.prefix + "authz/"

    def immediate(self, message: RawRequestMessage, peer: str | None) -> Answer | None:
        """Answer a proxy's question, which has no body; None for any other request."""
        if not message.path.startswith(self._questions):
            return None
        seen = Request(message.method, message.path, message.headers.get, peer)
        return self._authz.answer(seen, None, message.headers)

    async def __call__(self, request: http_server.Request) -> web.StreamResponse:
        """Answer ``request``; raises `ExtractionError` where its body cannot be read."""
        service = self._service
        seen = Request(request.method, request.target, request.headers.get, request.remote or None)
        body = None
        if request.body_exists and (limit := service.body_limit(seen)) is not None:
            seconds = service.config.limits.client_body.total_seconds()
            body = await http_server.read_body(request, limit=limit, seconds=seconds)
        if service.owns(seen):
            asked = self._authz.answer(seen, body, request.headers)
            return Reply(service.answer(seen, body) if asked is None else asked)
        screening = service.screen(seen, body)
        if screening.answer is not None:
            return Reply(screening.answer)
        if self._proxy is None:
            return Reply(plain_answer(404, "There is no such page here."))
        annotation = None
        if screening.strip is not None:
            annotation = Annotation(screening.strip.inserter, screening.strip.shown)
        elif (cleaner := screening.suggestions) is not None:
            annotation = Annotation(lambda csp, charset: cleaner(), lambda: None, can_clean)
        return await self._proxy.forward(request, body=body, annotate=annotation)
