"""The interceptor inside an aiohttp application.

    gate = Interceptor.load("interceptor.yaml")
    interceptor.adapters.aiohttp.setup(app, gate)

Requests are looked at before any handler runs. A search that is to be replaced never reaches its handler; a page
that is to be annotated gets the strip after its ``<body>`` where the handler returned a whole `aiohttp.web.Response`
(a handler that streams has sent its page before the middleware sees it).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable

from aiohttp import StreamReader, web
from aiohttp.typedefs import Handler, Middleware

from interceptor.adapters.annotation import BOUND_TO_OCTETS, LETS_CACHES_KEEP
from interceptor.adapters.bodies import read_bounded
from interceptor.adapters.http import Answer, Request, plain_answer
from interceptor.adapters.pages import Page
from interceptor.adapters.screening import Screening, refusal_answer
from interceptor.adapters.service import Service
from interceptor.banner.render import Banner
from interceptor.decision import Interceptor
from interceptor.errors import BodyTooLargeError
from interceptor.experiment.steering import planned
from interceptor.quiet import describe
from interceptor.recording import Labels
from interceptor.reporting import RemoteRecorder

SERVICE = web.AppKey("interceptor_service", Service)
"""Where the application holds its `Service`."""


_PATIENCE = 2.0
"""Seconds that a start waits for the keeper's ticket key, so that the first banners count too."""


def setup(app: web.Application, gate: Interceptor, *, access_log: bool = False) -> None:
    """Put the interceptor in front of every handler of ``app``.

    Counts go to the keeper at ``keeper.socket`` of the configuration; without one nothing is counted. aiohttp's
    access log, which writes the query and the address of each search, is switched off unless ``access_log``.

    Raises `ConfigError` where the banner cannot be shown as configured.
    """
    config = gate.config
    banner = Banner(config)
    plan = planned(config, banner.reviews, banner.wording)
    recorder = RemoteRecorder(config, Labels.of(banner), plan)
    service = Service(gate, banner, recorder)
    app[SERVICE] = service
    app.middlewares.insert(0, middleware(service))
    if config.keeper.socket is not None:
        app.cleanup_ctx.append(_reporting(recorder))
    if not access_log:
        logging.getLogger("aiohttp.access").addFilter(lambda record: False)
    logging.getLogger("aiohttp.server").addFilter(_without_request)


def middleware(service: Service) -> Middleware:
    """The middleware alone, for an application that arranges its own."""

    @web.middleware
    async def interceptor_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        seen = Request(request.method, request.raw_path, request.headers.get, request.remote)
        body = None
        if request.body_exists and (limit := service.body_limit(seen)) is not None:
            try:
                body = await _read(request, limit, service.config.limits.client_body.total_seconds())
            except BodyTooLargeError as refusal:
                return respond(refusal_answer(refusal))
            except TimeoutError:
                return respond(plain_answer(408, "The request took too long.", ("Connection", "close")))
        if service.owns(seen):
            return respond(service.answer(seen, body))
        screening = service.screen(seen, body)
        if screening.answer is not None:
            return respond(screening.answer)
        response = await handler(request)
        if screening.alters:
            alter(response, screening)
        return response

    return interceptor_middleware


def respond(answer: Answer) -> web.Response:
    """Turn an answer into aiohttp's."""
    response = web.Response(status=answer.status, body=answer.body)
    response.headers.popall("Content-Type", None)
    for name, value in answer.headers:
        response.headers[name] = value
    if response.headers.get("Connection") == "close":
        response.force_close()
    return response


def alter(response: web.StreamResponse, screening: Screening) -> None:
    """Alter a whole response that is not sent yet as ``screening`` says; leave any other alone."""
    if not isinstance(response, web.Response) or response.prepared or not isinstance(response.body, bytes):
        return
    page = Page.begin(screening, response.status, response.headers.items())
    if page is None:
        return
    before, response.body = response.body, page.feed(response.body, last=True)
    if response.body == before:
        return
    for name in BOUND_TO_OCTETS | LETS_CACHES_KEEP:
        response.headers.popall(name, None)
    response.headers["Cache-Control"] = "no-store"
    page.sent()


async def _read(request: web.Request, limit: int, seconds: float) -> bytes:
    """Read the body, at most ``limit`` bytes, and leave it readable for the handler in whatever way it likes."""
    if (request.content_length or 0) > limit:
        raise BodyTooLargeError
    body = await read_bounded(request.content, limit=limit, seconds=seconds)
    # Request.post() parses multipart from the stream, which is spent now: give the request another.
    again = StreamReader(request.protocol, limit=2**16, loop=asyncio.get_running_loop())
    again.feed_data(body)
    again.feed_eof()
    request._payload = again
    return body


def _reporting(recorder: RemoteRecorder) -> Callable[[web.Application], AsyncIterator[None]]:
    async def context(app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(recorder.report())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(recorder.tried.wait(), _PATIENCE)
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    return context


def _without_request(record: logging.LogRecord) -> bool:
    """Strip aiohttp's record of a failed request of the peer's address and the exception's message."""
    fault = record.exc_info[1] if record.exc_info else None
    record.msg = f"a request failed: {describe(fault)}" if fault else "a request failed"
    record.args, record.exc_info, record.exc_text = (), None, None
    return True
