"""Connections to the engine: aiohttp's pool, resolver, TLS and parser, with the octets of requests written as is.

aiohttp's client would rewrite what it sends: it drops fragments and empty queries from targets, reorders and
re-encodes fields, and hides ``1xx`` answers. So requests are written here, onto connections from its pool.
"""

from __future__ import annotations

import asyncio
import weakref
from types import TracebackType
from typing import Final, Self

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.http_parser import RawResponseMessage
from aiohttp.http_writer import StreamWriter
from aiohttp.streams import StreamReader
from yarl import URL

from interceptor.addresses import Upstream
from interceptor.config import Limits

_IDLE_SECONDS: Final = 4.0
"""How long an unused connection stays: shorter than common engines keep theirs (5 s), so few go stale."""
_MAX_LINE: Final = 65_536
_MAX_FIELDS: Final = 512
_READ_BUFFER: Final = 262_144

BROKEN: Final = (aiohttp.ClientError, HttpProcessingError, OSError, RuntimeError)
"""What reading from or writing to a connection raises when it is broken; messages may hold anything."""


class EngineError(Exception):
    """The engine gave no answer; ``status`` is the one to answer with in its place."""

    status = 502


class EngineTimeoutError(EngineError):
    """The engine took too long."""

    status = 504


class EngineBusyError(EngineError):
    """Too many requests wait for a connection to the engine."""

    status = 503


class StaleError(EngineError):
    """A pooled connection turned out to be closed before any octet of an answer came."""


class Exchange:
    """One request and its answer on one connection; leaving the context closes what was not read to its end."""

    def __init__(self, connection: Connection, *, reused: bool, read_timeout: float, head_only: bool) -> None:
        assert connection.protocol is not None
        self._connection = connection
        self._reused = reused
        self._answered = False
        self._read_timeout = read_timeout
        self._sending = False
        self.protocol: ResponseHandler = connection.protocol
        self.writer = StreamWriter(self.protocol, asyncio.get_running_loop())
        self.protocol.set_response_params(
            skip_payload=head_only,
            read_until_eof=True,
            auto_decompress=False,
            read_timeout=read_timeout,
            read_bufsize=_READ_BUFFER,
            max_line_size=_MAX_LINE,
            max_field_size=_MAX_LINE,
            max_headers=_MAX_FIELDS,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What was not sent yet would hold a mere close up for as long as the engine does not read.
        if not self._connection.closed:
            self.protocol.abort()
        self._connection.close()

    async def send(self, octets: bytes, *, more: bool) -> None:
        """Send the head, with a body that is at hand; ``more`` is to come. Raises `EngineError`.

        It does not wait for the engine to take it: an engine may answer what it has not read.
        """
        try:
            await self.writer.write(octets, drain=False)
        except BROKEN:
            raise self._broken() from None
        if more:
            self._sending = True
        else:
            self.sent()

    def sent(self) -> None:
        """Begin to measure the engine's time: the whole request is with it."""
        self._sending = False
        self.protocol.start_timeout()

    async def drain(self) -> None:
        """Wait until the engine takes more. Raises `EngineTimeoutError` and what is in `BROKEN`."""
        if self.protocol.writing_paused:
            try:
                async with asyncio.timeout(self._read_timeout):
                    await self.writer.drain()
            except TimeoutError:
                raise EngineTimeoutError from None

    async def next_head(self) -> tuple[RawResponseMessage, StreamReader]:
        """Return the next head, of a ``1xx`` answer or the final one, and its body. Raises `EngineError`."""
        try:
            message, body = await self.protocol.read()
        except TimeoutError:
            raise EngineTimeoutError from None
        except aiohttp.ServerDisconnectedError as fault:
            # Its message is the part of an answer's head that came before the connection closed.
            self._answered = self._answered or not isinstance(fault.message, str)
            raise self._broken() from None
        except BROKEN:
            raise self._broken() from None
        self._answered = True
        if message.code < 200 and not self._sending:
            self.protocol.start_timeout()
        return message, body

    def release(self) -> None:
        """Give the connection back for another request, where it is fit for one."""
        self._connection.release()

    def _broken(self) -> EngineError:
        return StaleError() if self._reused and not self._answered else EngineError()


class Engine:
    """The pool of connections to one engine; belongs to the event loop that it was made in."""

    def __init__(self, upstream: Upstream, limits: Limits) -> None:
        loop = asyncio.get_running_loop()
        url = URL(f"{upstream.scheme}://{upstream.authority}/")
        self._connector: aiohttp.BaseConnector
        if upstream.path is not None:
            self._connector = aiohttp.UnixConnector(
                upstream.path, limit=limits.upstream_connections, keepalive_timeout=_IDLE_SECONDS
            )
        else:
            self._connector = aiohttp.TCPConnector(
                limit=limits.upstream_connections, keepalive_timeout=_IDLE_SECONDS
            )
        # Tells the pool where to connect to; it is never sent.
        self._where = ClientRequest("GET", url, loop=loop)
        connect = limits.connect.total_seconds()
        self._timeout = aiohttp.ClientTimeout(connect=connect, sock_connect=connect)
        self._read_timeout = limits.engine.total_seconds()
        self._waiting, self._queue = 0, limits.queue
        self._used: weakref.WeakSet[ResponseHandler] = weakref.WeakSet()

    async def close(self) -> None:
        """Close every connection."""
        await self._connector.close()

    async def open(self, *, repeatable: bool, head_only: bool) -> Exchange:
        """Take a connection for one request. Raises `EngineError`.

        ``repeatable``: the request may be sent again where the connection turns out to be stale.
        """
        while True:
            if self._waiting >= self._queue:
                raise EngineBusyError
            self._waiting += 1
            try:
                connection = await self._connector.connect(self._where, [], self._timeout)
            except TimeoutError:
                raise EngineTimeoutError from None
            except BROKEN:
                raise EngineError from None
            finally:
                self._waiting -= 1
            protocol = connection.protocol
            assert protocol is not None
            reused = protocol in self._used
            if reused and not repeatable:
                # Two turns of the loop take in a close that has arrived already.
                try:
                    await asyncio.sleep(0)
                    await asyncio.sleep(0)
                except asyncio.CancelledError:
                    connection.close()
                    raise
                if connection.closed:
                    connection.close()
                    continue
            self._used.add(protocol)
            return Exchange(connection, reused=reused, read_timeout=self._read_timeout, head_only=head_only)
