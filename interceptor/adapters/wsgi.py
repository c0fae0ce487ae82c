"""The interceptor in front of a WSGI application: Flask, Bottle, Django, Pyramid and their kin.

    app.wsgi_app = InterceptorMiddleware(app.wsgi_app, Interceptor.load("interceptor.yaml"))

Plain WSGI (PEP 3333), so it goes around any of them. A search that is to be replaced never reaches the application;
a page that is to be annotated gets the strip while it streams past.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Any

from interceptor.adapters.annotation import SELECTS_PART
from interceptor.adapters.bodies import discard
from interceptor.adapters.environ import Environ, request_of
from interceptor.adapters.http import Answer, Request
from interceptor.adapters.pages import Page
from interceptor.adapters.processes import Services
from interceptor.adapters.screening import Screening, refusal_answer
from interceptor.decision import Interceptor
from interceptor.errors import BodyTooLargeError

StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_UNWANTED = frozenset("HTTP_" + name.upper().replace("-", "_") for name in SELECTS_PART | {"accept-encoding"})


class InterceptorMiddleware:
    """``app`` with the interceptor in front. Raises `ConfigError` where the banner cannot be shown as configured."""

    def __init__(self, app: Application, gate: Interceptor) -> None:
        self._app = app
        self._services = Services(gate)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request."""
        service, request = self._services.here(), request_of(environ)
        body = None
        if (limit := service.body_limit(request)) is not None:
            try:
                body = _read(environ, limit)
            except BodyTooLargeError as refusal:
                return _respond(start_response, refusal_answer(refusal))
        if service.owns(request):
            return _respond(start_response, service.answer(request, body))
        screening = service.screen(self.reread(request, body), body)
        if screening.answer is not None:
            return _respond(start_response, self.reshape(request, body, screening.answer))
        if screening.alters:
            return _altered(self._app, environ, start_response, screening)
        return self._app(environ, start_response)

    def reread(self, request: Request, body: bytes | None) -> Request:
        """The search as it is to be screened; for applications that choose the form of results in their own way."""
        return request

    def reshape(self, request: Request, body: bytes | None, answer: Answer) -> Answer:
        """What goes out in place of the results; for applications that have more forms than a page and JSON."""
        return answer


def _read(environ: Environ, limit: int) -> bytes | None:
    """Read the body and leave it readable for the application. Raises `BodyTooLargeError`."""
    length = environ.get("CONTENT_LENGTH") or ""
    # Without a length the stream has an end only where the server says so; else nothing may be read of it.
    size = int(length) if length.isascii() and length.isdecimal() else None
    if size is None and not environ.get("wsgi.input_terminated"):
        return None
    stream = environ["wsgi.input"]
    if size is not None and size > limit:
        discard(stream, size, limit)
        raise BodyTooLargeError
    body: bytes = stream.read(limit + 1 if size is None else size)
    if len(body) > limit:
        discard(stream, None, limit)
        raise BodyTooLargeError
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _respond(start_response: StartResponse, answer: Answer) -> list[bytes]:
    # Whether a connection stays open is between server and client: PEP 3333 forbids to say it here.
    fields = [(name, value) for name, value in answer.headers if name.lower() != "connection"]
    start_response(
        f"{answer.status} {HTTPStatus(answer.status).phrase}",
        [*fields, ("Content-Length", str(len(answer.body)))],
    )
    return [answer.body]


def _altered(
    app: Application, environ: Environ, start_response: StartResponse, screening: Screening
) -> Iterable[bytes]:
    page: Page | None = None
    started = False

    def starting(status: str, fields: list[tuple[str, str]], *more: Any) -> Callable[[bytes], Any]:
        nonlocal page, started
        started = True
        page = Page.begin(screening, int(status[:3]), fields)
        if page is None:
            write: Callable[[bytes], Any] = start_response(status, fields, *more)
            return write
        return _writing(page, start_response(status, page.fields, *more))

    answer = app({name: value for name, value in environ.items() if name not in _UNWANTED}, starting)
    if started and page is None:
        return answer  # the server may have its own way to send it, as of a file
    return _Body(answer, lambda: page)


def _writing(page: Page, write: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    def writing(data: bytes) -> None:
        write(page.feed(data))
        page.sent()

    return writing


class _Body:
    """The application's answer, piece by piece, altered."""

    def __init__(self, answer: Iterable[bytes], page: Callable[[], Page | None]) -> None:
        self._answer, self._page = answer, page

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._answer:
            page = self._page()
            yield piece if page is None else page.feed(piece)
            if page is not None:
                page.sent()
        if (page := self._page()) is not None:
            yield page.feed(b"", last=True)
            page.sent()

    def close(self) -> None:
        """Tell the application that its answer is over, whether all of it went out or not."""
        close = getattr(self._answer, "close", None)
        if close is not None:
            close()
