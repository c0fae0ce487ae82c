"""One client's connection: aiohttp's request handler, with the times and the silence that it lacks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final, cast

from aiohttp import HttpVersion11, StreamReader, hdrs, web
from aiohttp.http_exceptions import BadHttpMessage, HttpProcessingError, LineTooLong
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import EMPTY_PAYLOAD
from aiohttp.web_protocol import RequestHandler, RequestPayloadError, _ErrInfo

from interceptor.adapters.http import Answer
from interceptor.config import Limits
from interceptor.errors import ExtractionError
from interceptor.sidecar.reply import head
from interceptor.sidecar.request_line import RequestLines
from interceptor.sidecar.responses import plain_page

_MAX_FIELDS: Final = 128
_LINGER: Final = 2.0
"""Seconds in which an unread body is read away, so that its sender sees the answer and not a reset."""

_BUSY: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n"
)

FaultHandler = Callable[[BaseException], None]
"""Takes an unexpected exception; of it, only the type and the place in the code may be kept."""


Immediate = Callable[[RawRequestMessage, str | None], Answer | None]
"""Answers a request without a body, given the peer's address, without waiting; None: the handler shall do it."""


class Manager(web.Server):
    """The server that a connection belongs to."""

    draining = False
    """Whether the answers that begin now are the last ones of their connections."""
    immediate: Immediate | None = None
    """Answers what need not be waited for."""


def _status_of(error: HttpProcessingError, limits: Limits) -> int:
    """The status for what the parser refused. Its exceptions quote the request: they go no further."""
    if isinstance(error, LineTooLong):
        return 414 if error.args[1] == limits.target else 431
    if isinstance(error, BadHttpMessage) and error.message == "Too many headers received":
        return 431
    return 400


class Connection(RequestHandler):
    """One client's connection."""

    __slots__ = ("_body", "_deaf", "_failed", "_head_timer", "_limits", "_lines", "_on_fault", "_stall_timer")

    def __init__(self, manager: Manager, limits: Limits, on_fault: FaultHandler) -> None:
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

    def close_if_idle(self) -> bool:
        """Close where the next request is only being waited for; tells whether it is so."""
        idle = self._awaits_request()
        if idle:
            self.force_close()
        return idle

    def refuse(self) -> None:
        """Answer 503 to whatever comes, and close."""
        self._deaf = True
        assert self.transport is not None
        self.transport.write(_BUSY)
        self.transport.close()

    def cut(self) -> asyncio.Task[None] | None:
        """Drop the connection with whatever is being done on it; return the task that unwinds."""
        task = self._task_handler
        if task is not None:
            task.cancel()
        if self.transport is not None:
            self.transport.abort()
        return task

    @property
    def draining(self) -> bool:
        """Whether the answers that begin now are the last ones of their connections."""
        return cast(Manager, self._manager).draining

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
        waiter = self._waiter
        if queued or waiter is None or waiter.done():
            waiter = None
        else:
            self._waiter = None  # or it would be woken before it is known whether there is need
        try:
            super().data_received(self._lines.feed(data) if data else data)
        finally:
            self._waiter = self._waiter or waiter
        self._lines.body_ended(complete=self._body.is_eof())
        if len(self._messages) > queued:
            if self._head_timer is not None:
                self._head_timer.cancel()
                self._head_timer = None
            self._note_messages(queued)
            if waiter is not None and not (self._messages and self._answer_at_once()):
                waiter.set_result(None)
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

    def _answer_at_once(self) -> bool:
        """Answer the one message that there is where that takes no waiting; tells whether it is done.

        The task that aiohttp makes for each request, and the three turns of the loop that it takes, cost more than
        the answer to a proxy's question does. Whatever is out of the ordinary goes the ordinary way.
        """
        manager, transport = cast(Manager, self._manager), self.transport
        message, body = self._messages[0]
        if (
            manager.immediate is None
            or manager.draining
            or transport is None
            or self._upgraded
            or self._buffer_paused
            or self._paused
            or len(self._messages) > 1
            or body is not EMPTY_PAYLOAD
            or isinstance(message, _ErrInfo)
            or message.method != hdrs.METH_GET
            or message.version != HttpVersion11
            or message.should_close
            or message.upgrade
            or hdrs.TRANSFER_ENCODING in message.headers
        ):
            return False
        peer = self.peername
        answer = manager.immediate(message, str(peer[0]) if isinstance(peer, list | tuple) else peer or None)
        if answer is None:
            return False
        self._messages.popleft()
        assert self._parser is not None
        self._parser.message_consumed()
        transport.write(head(answer) + answer.body)
        self._keepalive = True
        self._next_keepalive_close_time = closes = self._loop.time() + self._keepalive_timeout
        if self._keepalive_handle is None:
            self._keepalive_handle = self._loop.call_at(closes, self._process_keepalive)
        return True

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
        # A broken body that is read away behind its answer is the client's fault, and nobody waits for it.
        if isinstance(fault, BaseException) and not isinstance(fault, RequestPayloadError):
            self._on_fault(fault)
