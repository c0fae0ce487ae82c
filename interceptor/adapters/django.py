"""The interceptor as Django middleware, synchronous and asynchronous.

    MIDDLEWARE = ["interceptor.adapters.django.InterceptorMiddleware", ...]   # the first
    INTERCEPTOR = BASE_DIR / "interceptor.yaml"    # a path, a Config or an Interceptor; the defaults without it

A search that is to be replaced reaches no other middleware and no view; a page that is to be annotated gets the
strip, streamed or not.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from interceptor.adapters.annotation import BOUND_TO_OCTETS, LETS_CACHES_KEEP, SELECTS_PART
from interceptor.adapters.bodies import discard
from interceptor.adapters.environ import Environ, request_of
from interceptor.adapters.http import Answer
from interceptor.adapters.pages import Page
from interceptor.adapters.processes import Services
from interceptor.adapters.screening import Screening, refusal_answer
from interceptor.decision import Interceptor
from interceptor.errors import BodyTooLargeError, InterceptorError

_UNWANTED = tuple("HTTP_" + name.upper().replace("-", "_") for name in (*SELECTS_PART, "accept-encoding"))


class InterceptorMiddleware:
    """Middleware for ``MIDDLEWARE``; to stand first, so that no cache answers a search before it.

    Raises `django.core.exceptions.ImproperlyConfigured` at start where the configuration or a list is at fault.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self._get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)
        source = getattr(settings, "INTERCEPTOR", None)
        try:
            gate = source if isinstance(source, Interceptor) else Interceptor.load(source)
            self._services = Services(gate)
        except InterceptorError as error:
            raise ImproperlyConfigured(f"{error}") from None

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Serve one request."""
        if self._is_async:
            return self._serve(request)
        screening = self._screen(request)
        if screening.answer is not None:
            return _response(screening.answer)
        response: HttpResponseBase = self._get_response(request)
        return _altered(response, screening) if screening.alters else response

    async def _serve(self, request: HttpRequest) -> HttpResponseBase:
        screening = self._screen(request)
        if screening.answer is not None:
            return _response(screening.answer)
        response: HttpResponseBase = await self._get_response(request)
        return _altered(response, screening) if screening.alters else response

    def _screen(self, request: HttpRequest) -> Screening:
        service, seen = self._services.here(), request_of(_environ(request))
        body = None
        if (limit := service.body_limit(seen)) is not None:
            size = int(request.META.get("CONTENT_LENGTH") or 0)
            try:
                if size > limit:
                    raise BodyTooLargeError
                body = request.body  # kept by Django for whoever reads it next
            except (BodyTooLargeError, RequestDataTooBig):
                discard(request, size, limit)
                return Screening(refusal_answer(BodyTooLargeError()))
        if service.owns(seen):
            return Screening(service.answer(seen, body))
        screening = service.screen(seen, body)
        if screening.alters:
            for name in _UNWANTED:
                request.META.pop(name, None)
            request.__dict__.pop("headers", None)  # made of META, and kept
        return screening


def _environ(request: HttpRequest) -> Environ:
    """The request as WSGI has it; under ASGI Django keeps the path only as it decoded it."""
    environ = dict(request.META)
    scope = getattr(request, "scope", None)
    if scope is not None and scope.get("raw_path"):
        query = scope.get("query_string") or b""
        environ["RAW_URI"] = (scope["raw_path"] + (b"?" + query if query else b"")).decode("latin-1")
    return environ


def _response(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status)
    for name, value in answer.headers:
        if name.lower() != "connection":
            response[name] = value
    return response


def _altered(response: HttpResponseBase, screening: Screening) -> HttpResponseBase:
    page = Page.begin(screening, response.status_code, response.items())
    if page is None:
        return response
    if response.streaming:
        content = response.streaming_content
        streamed = _streamed_later(page, content) if response.is_async else _streamed(page, content)
        response.streaming_content = streamed
    else:
        response.content = page.feed(response.content, last=True)
        page.sent()
    for name in BOUND_TO_OCTETS | LETS_CACHES_KEEP:
        if response.has_header(name):
            del response[name]
    response["Cache-Control"] = "no-store"
    return response


def _streamed(page: Page, content: Iterator[bytes]) -> Iterator[bytes]:
    for piece in content:
        yield page.feed(piece)
        page.sent()
    yield page.feed(b"", last=True)
    page.sent()


async def _streamed_later(page: Page, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for piece in content:
        yield page.feed(piece)
        page.sent()
    yield page.feed(b"", last=True)
    page.sent()
