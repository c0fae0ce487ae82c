"""The public HTTP server: aiohttp's, made silent, strict and bounded.

aiohttp writes a malformed request line into its log and its error page, and a peer's address beside every
unexpected exception. Nothing here writes a log line at all: pages hold fixed texts, and an unexpected
exception goes to a callback, which may keep its type and its place in the code.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from aiohttp import StreamReader, hdrs, web
from aiohttp.http_exceptions import BadHttpMessage, HttpProcessingError, LineTooLong
from aiohttp.streams import EMPTY_PAYLOAD
from aiohttp.web_protocol import RequestHandler, RequestPayloadError, _ErrInfo

from interceptor.config import Limits
from interceptor.errors import ExtractionError
from interceptor.sidecar.incoming import BodyTimeoutError, Request, read_body, refusal
from interceptor.sidecar.request_line import RequestLines
from interceptor.sidecar.responses import plain_page

if TYPE_CHECKING:
    from aiohttp.abc import AbstractStreamWriter
    from aiohttp.http_parser import RawRequestMessage

__all__ = ("BodyTimeoutError", "FaultHandler", "Handler", "PublicServer", "Request", "read_body")

_BACKLOG: Final = 1024
_MAX_FIELDS: Final = 128
_LINGER: Final = 2.0
"""Seconds in which an unread body is read away, so that its sender sees the answer and not a reset."""
_CUT_GRACE: Final = 1.0
"""Seconds that cut connections get to unwind at a stop."""


Handler = Callable[[Request], Awaitable[web.StreamResponse]]
"""What answers a request; exceptions of `ExtractionError` become its status, others 500."""


def _status_of(error: HttpProcessingError, limits: Limits) -> int:
    """The status for what the parser refused. Its exceptions quote the request: they go no further."""
    if isinstance(error, LineTooLong):
        return 414 if error.args[1] == limits.target else 431
    if isinstance(error, BadHttpMessage) and error.message == "Too many headers received":
        return 431
    return 400


FaultHandler = Callable[[BaseException], None]
"""Takes an unexpected exception; of it, only the type and the place in the code may be kept."""


def _forget(_: BaseException) -> None:
    pass


class _Connection(RequestHandler):
    """One client's connection."""

    __slots__ = ("_body", "_deaf", "_failed", "_head_timer", "_limits", "_lines", "_on_fault", "_stall_timer")

    def __init__(self, manager: _Server, limits: Limits, on_fault: FaultHandler) -> None:
        super().__init__(
            manager,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=limits.keepalive.total_seconds(),
            access_log=None,  # type: ignore[arg-type]  # aiohttp's own way to say "no access log"
            max_line_size=limits.target,
            # One more where the two bounds are equal: the parser's error tells the bound and not the place.
            max_field_size=limits.headers + (limits.headers == limits.target),
            max_headers=_MAX_FIELDS,
            lingering_time=_LINGER,
            auto_decompress=False,
        )
        self._limits = limits
        self._on_fault = on_fault
        self._lines = RequestLines()
        self._failed = self._deaf = False
        self._body: StreamReader = EMPTY_PAYLOAD
        self._head_timer: asyncio.TimerHandle | None = None
        self._stall_timer: asyncio.TimerHandle | None = None

    # ---- the life of a connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; the first request's head has to arrive in time."""
        super().connection_made(transport)
        self._start_head_timer()

    def connection_lost(self, exc: BaseException | None) -> None:
        """End."""
        self._stop_timers()
        super().connection_lost(exc)

    def close_if_idle(self) -> None:
        """Close where the next request is only being waited for."""
        if self._awaits_request():
            self.force_close()

    def cut(self) -> asyncio.Task[None] | None:
        """Drop the connection with whatever is being done on it; return the task that unwinds."""
        task = self._task_handler
        if task is not None:
            task.cancel()
        if self.transport is not None:
            self.transport.abort()
        return task

    def _awaits_request(self) -> bool:
        return self._waiter is not None and not self._waiter.done()

    # ---- time

    def pause_writing(self) -> None:
        """Begin to wait for a client that does not read; in the end it is cut off."""
        super().pause_writing()
        self._stall_timer = self._loop.call_later(self.keepalive_timeout, self.cut)

    def resume_writing(self) -> None:
        """Go on."""
        super().resume_writing()
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None

    def _start_head_timer(self) -> None:
        self._head_timer = self._loop.call_later(
            self._limits.client_headers.total_seconds(), self._head_is_late
        )

    def _head_is_late(self) -> None:
        self._head_timer = None
        if not self._awaits_request():
            return
        if self._lines.is_between_requests:
            self.force_close()
        else:
            assert self._waiter is not None
            self._messages.append((_ErrInfo(status=408, exc=TimeoutError(), message=""), EMPTY_PAYLOAD))
            self._waiter.set_result(None)

    def _stop_timers(self) -> None:
        for timer in (self._head_timer, self._stall_timer):
            if timer is not None:
                timer.cancel()
        self._head_timer = self._stall_timer = None

    # ---- octets

    def data_received(self, data: bytes) -> None:
        """Take octets from the client; none at all makes the parser go on with those that it kept."""
        if self._deaf:
            return
        try:
            self._receive(data)
        except Exception as fault:
            self._on_fault(fault)
            self.force_close()

    def _receive(self, data: bytes) -> None:
        if self._upgraded or self._payload_parser is not None:
            super().data_received(data)
            return
        queued = len(self._messages)
        super().data_received(self._lines.feed(data) if data else data)
        self._lines.body_ended(complete=self._body.is_eof())
        if len(self._messages) > queued:
            if self._head_timer is not None:
                self._head_timer.cancel()
                self._head_timer = None
            self._note_messages(queued)
        elif data and self._head_timer is None and self._awaits_request():
            self._start_head_timer()
        if self._upgraded or self._buffer_paused:
            self._lines.give_up()

    def _note_messages(self, first: int) -> None:
        for index in range(first, len(self._messages)):
            message, body = self._messages[index]
            if isinstance(message, _ErrInfo):
                self._note_error()
                return
            length = 0 if body is EMPTY_PAYLOAD else None
            if length is None and not message.chunked:
                length = int(message.headers.get(hdrs.CONTENT_LENGTH, 0))
            self._body = body
            target = self._lines.parsed(length=length, complete=body.is_eof())
            if target is not None:
                path = target.decode("utf-8", "surrogateescape")
                self._messages[index] = (message._replace(path=path), body)

    def _note_error(self) -> None:
        """Where the parser failed inside a body, fail the reading of that body: aiohttp leaves it to wait."""
        if not self._body.is_eof():
            self._messages.pop()
            self._body.set_exception(RequestPayloadError())
            self._close = self._failed = True

    # ---- errors

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Return the page for an error. Raises `ConnectionError` where an answer was begun, to end it."""
        if isinstance(exc, HttpProcessingError):
            status = _status_of(exc, self._limits)
            self._failed = True
        elif isinstance(exc, RequestPayloadError):
            status = 400
        elif isinstance(exc, ExtractionError):
            status = exc.status
        elif exc is not None and status == 500 and not isinstance(exc, ConnectionError):
            self._on_fault(exc)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer was begun")
        return plain_page(status, close=True)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send the answer. Behind one to broken framing the rest is read away: a reset would destroy it."""
        finished = await super().finish_response(request, resp, start_time)
        if self._failed and self.transport is not None and self.transport.can_write_eof():
            self._deaf = True
            self.transport.write_eof()
            # The client's own close ends this wait, by the cancellation of this task.
            await asyncio.sleep(_LINGER)
        return finished

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """Take what aiohttp would log, a request's text among it."""
        fault = kw.get("exc_info")
        if isinstance(fault, BaseException):
            self._on_fault(fault)


class _Server(web.Server):
    """Makes connections and knows those that are open."""

    def __init__(self, handler: Handler, limits: Limits, on_fault: FaultHandler) -> None:
        # A client that goes away takes its request with it: the engine need not work for nobody.
        super().__init__(cast(Any, self._answer), handler_cancellation=True)
        self._handler, self._limits, self._on_fault = handler, limits, on_fault
        self.open: set[_Connection] = set()
        self.drained = asyncio.Event()
        self.draining = False

    def __call__(self) -> RequestHandler:
        return _Connection(self, self._limits, self._on_fault)

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        assert isinstance(handler, _Connection)
        self.open.add(handler)

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        super().connection_lost(handler, exc)
        self.open.discard(cast(_Connection, handler))
        if self.draining and not self.open:
            self.drained.set()

    def drain(self) -> None:
        """Close idle connections now and the others after their answer."""
        self.draining = True
        for connection in tuple(self.open):
            connection.close_if_idle()
        if not self.open:
            self.drained.set()

    def _make_request(
        self,
        message: RawRequestMessage,
        payload: StreamReader,
        protocol: RequestHandler,
        writer: AbstractStreamWriter,
        task: asyncio.Task[None],
    ) -> web.BaseRequest:
        return Request(message, payload, protocol, writer, task, self._loop)

    async def _answer(self, request: Request) -> web.StreamResponse:
        refused = refusal(request)
        if refused is not None:
            return plain_page(refused, close=True)
        try:
            response = await self._handler(request)
        except TimeoutError as fault:
            # aiohttp would answer 504 on its own and tell nobody.
            raise RuntimeError("a time limit was not handled") from fault
        if self.draining:
            response.force_close()
        return response


class PublicServer:
    """Serves ``handler`` on sockets that listen already."""

    def __init__(self, handler: Handler, limits: Limits, on_fault: FaultHandler = _forget) -> None:
        self._handler, self._limits, self._on_fault = handler, limits, on_fault
        self._server: _Server | None = None
        self._listeners: list[asyncio.Server] = []

    async def start(self, sockets: Sequence[socket.socket]) -> None:
        """Accept connections on ``sockets`` (TCP or Unix, bound), in the running loop.

        That loop's debug mode and its exception handler log addresses and octets of requests: the former is
        switched off, the latter replaced by the fault handler.
        """
        loop = asyncio.get_running_loop()
        loop.set_debug(False)
        loop.set_exception_handler(self._take_fault)
        self._server = _Server(self._handler, self._limits, self._on_fault)
        for listener in sockets:
            if listener.family == socket.AF_UNIX:
                # Several processes may share it, so the first to stop must not remove its file.
                keep: dict[str, Any] = {"cleanup_socket": False} if sys.version_info >= (3, 13) else {}
                made = await loop.create_unix_server(self._server, sock=listener, backlog=_BACKLOG, **keep)
            else:
                made = await loop.create_server(self._server, sock=listener, backlog=_BACKLOG)
            self._listeners.append(made)

    async def stop(self, drain: float) -> None:
        """Accept no more, let running requests end within ``drain`` seconds, cut the others."""
        for listener in self._listeners:
            listener.close()
        self._listeners.clear()
        server = self._server
        if server is None:
            return
        # Connections that were accepted in this turn of the loop begin to wait for their request in the next.
        await asyncio.sleep(0)
        server.drain()
        try:
            async with asyncio.timeout(drain):
                await server.drained.wait()
        except TimeoutError:
            tasks = [task for connection in tuple(server.open) if (task := connection.cut()) is not None]
            if tasks:
                await asyncio.wait(tasks, timeout=_CUT_GRACE)

    def _take_fault(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        fault = context.get("exception")
        if isinstance(fault, BaseException):
            self._on_fault(fault)
