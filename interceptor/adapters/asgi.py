"""The interceptor in front of an ASGI application: Starlette, FastAPI, Litestar, Django, Quart and their kin.

    app = InterceptorMiddleware(app, Interceptor.load("interceptor.yaml"))

Plain ASGI 3.0 (https://asgi.readthedocs.io/en/latest/specs/www.html), so it goes around any of them. A search that
is to be replaced never reaches the application; a page that is to be annotated gets the strip while it streams past.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import quote

from interceptor.adapters.annotation import SELECTS_PART
from interceptor.adapters.http import Answer, Request, plain_answer
from interceptor.adapters.pages import Page
from interceptor.adapters.processes import Services
from interceptor.adapters.screening import Screening, refusal_answer
from interceptor.adapters.service import Service
from interceptor.decision import Interceptor
from interceptor.errors import BodyTooLargeError

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]
"""An ASGI application; frameworks type what it takes each in their own way."""

_Fields = list[tuple[bytes, bytes]]
_UNWANTED = frozenset(name.encode() for name in SELECTS_PART | {"accept-encoding"})


class InterceptorMiddleware:
    """``app`` with the interceptor in front. Raises `ConfigError` where the banner cannot be shown as configured."""

    def __init__(self, app: Application, gate: Interceptor) -> None:
        self._app = app
        self._services = Services(gate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        service, request = self._services.here(), _request(scope)
        body = None
        if (limit := service.body_limit(request)) is not None:
            try:
                async with asyncio.timeout(service.config.limits.client_body.total_seconds()):
                    body, receive = await _read(receive, limit)
            except BodyTooLargeError as refusal:
                await _respond(send, refusal_answer(refusal))
                return
            except TimeoutError:
                await _respond(send, plain_answer(408, "The request took too long.", ("Connection", "close")))
                return
        await self._serve(service, request, body, scope, receive, send)

    async def _serve(
        self,
        service: Service,
        request: Request,
        body: bytes | None,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        if service.owns(request):
            await _respond(send, service.answer(request, body))
            return
        screening = service.screen(request, body)
        if screening.answer is not None:
            await _respond(send, screening.answer)
        elif screening.alters:
            whole = {
                **scope,
                "headers": [item for item in scope["headers"] if item[0].lower() not in _UNWANTED],
            }
            await self._app(whole, receive, _altering(send, screening))
        else:
            await self._app(scope, receive, send)


def _request(scope: Scope) -> Request:
    path = scope.get("raw_path") or quote(scope["path"], safe="/%:@!$&'()*+,;=~-._").encode()
    query = scope.get("query_string") or b""
    target = (path.partition(b"?")[0] + (b"?" + query if query else b"")).decode("latin-1")
    fields: _Fields = scope["headers"]

    def header(name: str) -> str | None:
        wanted = name.lower().encode("latin-1")
        return next((value.decode("latin-1") for found, value in fields if found.lower() == wanted), None)

    client = scope.get("client")
    return Request(scope["method"], target, header, client[0] if client else None)


async def _read(receive: Receive, limit: int) -> tuple[bytes, Receive]:
    """Read the body; the second value gives it once more, and then whatever comes after. Raises `BodyTooLargeError`."""
    kept: list[Message] = []
    pieces, size, more = [], 0, True
    while more:
        message = await receive()
        kept.append(message)
        piece = message.get("body", b"")
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise BodyTooLargeError
        more = message["type"] == "http.request" and message.get("more_body", False)

    async def again() -> Message:
        return kept.pop(0) if kept else await receive()

    return b"".join(pieces), again


async def _respond(send: Send, answer: Answer) -> None:
    fields: _Fields = [(name.lower().encode(), value.encode("latin-1")) for name, value in answer.headers]
    fields.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": fields})
    await send({"type": "http.response.body", "body": answer.body})


def _altering(send: Send, screening: Screening) -> Send:
    """``send``, with the answer altered on its way."""
    page: Page | None = None

    async def altering(message: Message) -> None:
        nonlocal page
        if message["type"] == "http.response.start":
            page = Page.begin(screening, message["status"], _decoded(message.get("headers", ())))
            if page is not None:
                fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in page.fields]
                message = {**message, "headers": fields}
        elif message["type"] == "http.response.body" and page is not None:
            more = message.get("more_body", False)
            message = {**message, "body": page.feed(message.get("body", b""), last=not more)}
        await send(message)
        if page is not None:
            page.sent()

    return altering


def _decoded(fields: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in fields]
