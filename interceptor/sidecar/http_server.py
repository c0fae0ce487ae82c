"""The public HTTP server: aiohttp's, made silent, strict and bounded.

aiohttp writes a malformed request line into its log and its error page, and a peer's address beside every
unexpected exception. Nothing here writes a log line at all: pages hold fixed texts, and an unexpected
exception goes to a callback, which may keep its type and its place in the code.
"""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from aiohttp import StreamReader, web
from aiohttp.web_protocol import RequestHandler

from interceptor.config import Limits
from interceptor.sidecar.http_connection import Connection, FaultHandler, Immediate, Manager
from interceptor.sidecar.incoming import BodyTimeoutError, Request, read_body, refusal
from interceptor.sidecar.responses import plain_page

if TYPE_CHECKING:
    from aiohttp.abc import AbstractStreamWriter
    from aiohttp.http_parser import RawRequestMessage

__all__ = ("BodyTimeoutError", "FaultHandler", "Handler", "PublicServer", "Request", "read_body")

_BACKLOG: Final = 1024
_CUT_GRACE: Final = 1.0
"""Seconds that cut connections get to unwind at a stop."""


Handler = Callable[[Request], Awaitable[web.StreamResponse]]
"""What answers a request; exceptions of `ExtractionError` become its status, others 500."""


def _forget(_: BaseException) -> None:
    pass


class _Server(Manager):
    """Makes connections and knows those that are open."""

    def __init__(
        self, handler: Handler, limits: Limits, on_fault: FaultHandler, immediate: Immediate | None
    ) -> None:
        # A client that goes away takes its request with it: the engine need not work for nobody.
        super().__init__(cast(Any, self._answer), handler_cancellation=True)
        self._handler, self._limits, self._on_fault = handler, limits, on_fault
        self.immediate = immediate
        self.open: dict[Connection, None] = {}
        """Open connections, the oldest first."""
        self.drained = asyncio.Event()
        self.draining = self.stopping = False

    def __call__(self) -> RequestHandler:
        return Connection(self, self._limits, self._on_fault)

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        assert isinstance(handler, Connection)
        full = len(self.open) >= self._limits.connections and not self._close_one()
        self.open[handler] = None
        if full:
            handler.refuse()

    def _close_one(self) -> bool:
        """Close the oldest connection that waits for a request; tells whether there was one."""
        return any(connection.close_if_idle() for connection in self.open)

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        super().connection_lost(handler, exc)
        self.open.pop(cast(Connection, handler), None)
        if self.draining and not self.open:
            self.drained.set()

    def drain(self) -> None:
        """Close idle connections now and the others after their answer."""
        self.draining = self.stopping = True
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
        # One that went out already has told the client whether the connection stays.
        if self.stopping or (self.draining and not response.prepared):
            response.force_close()
        return response


class PublicServer:
    """Serves ``handler`` on sockets that listen already."""

    def __init__(
        self,
        handler: Handler,
        limits: Limits,
        on_fault: FaultHandler = _forget,
        immediate: Immediate | None = None,
    ) -> None:
        self._handler, self._limits, self._on_fault, self._immediate = handler, limits, on_fault, immediate
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
        self._server = _Server(self._handler, self._limits, self._on_fault, self._immediate)
        for listener in sockets:
            if listener.family == socket.AF_UNIX:
                # Several processes may share it, so the first to stop must not remove its file.
                keep: dict[str, Any] = {"cleanup_socket": False} if sys.version_info >= (3, 13) else {}
                made = await loop.create_unix_server(self._server, sock=listener, backlog=_BACKLOG, **keep)
            else:
                made = await loop.create_server(self._server, sock=listener, backlog=_BACKLOG)
            self._listeners.append(made)

    async def retire(self, patience: float, enough: asyncio.Event) -> float:
        """Accept no more, and close each connection after its next answer; returns the seconds that it took.

        No connection is closed under a request that is on its way. It ends when all are closed, after
        ``patience`` seconds, or with ``enough``.
        """
        begun = time.monotonic()
        self._close_listeners()
        if self._server is not None:
            await asyncio.sleep(0)  # takes in connections that were accepted in this turn of the loop
            self._server.draining = True
            if self._server.open:
                waits = [asyncio.ensure_future(event.wait()) for event in (self._server.drained, enough)]
                await asyncio.wait(waits, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
                for wait in waits:
                    wait.cancel()
        return time.monotonic() - begun

    def _close_listeners(self) -> None:
        for listener in self._listeners:
            listener.close()
        self._listeners.clear()

    async def stop(self, drain: float) -> None:
        """Accept no more, let running requests end within ``drain`` seconds, cut the others."""
        self._close_listeners()
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
