"""The reverse proxy: a request goes to the engine and its answer to the client, octet for octet, as they come."""

from __future__ import annotations

from typing import Final

from aiohttp import hdrs, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http_parser import RawResponseMessage
from aiohttp.streams import StreamReader

from interceptor.addresses import Upstream
from interceptor.config import Limits
from interceptor.sidecar import fields
from interceptor.sidecar.engine import BROKEN, Engine, EngineError, Exchange, StaleError
from interceptor.sidecar.incoming import Request
from interceptor.sidecar.relay import Annotation, Inserter, Relay, field_lines, head_octets
from interceptor.sidecar.responses import plain_page
from interceptor.sidecar.tunnel import tunnel
from interceptor.sidecar.upload import Upload

__all__ = ("Annotation", "Inserter", "ReverseProxy")

_REPEATABLE: Final = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
"""Methods that may be sent twice (RFC 9110, 9.2.2)."""


class _Sent(web.StreamResponse):
    """Tells the server that the answer has gone out already."""

    def __init__(self, status: int, *, keep_alive: bool) -> None:
        super().__init__(status=status)
        self._keep_alive = keep_alive

    @property
    def prepared(self) -> bool:
        return True

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        return


class ReverseProxy:
    """Forwards requests to one engine."""

    def __init__(self, upstream: Upstream, limits: Limits) -> None:
        self._upstream, self._limits = upstream, limits
        self._engine: Engine | None = None
        self._host = upstream.authority.encode()

    async def start(self) -> None:
        """Make the pool of connections, in the running loop."""
        self._engine = Engine(self._upstream, self._limits)

    async def close(self) -> None:
        """Close the pool."""
        if self._engine is not None:
            await self._engine.close()
            self._engine = None

    async def forward(
        self, request: Request, *, body: bytes | None = None, annotate: Annotation | None = None
    ) -> web.StreamResponse:
        """Forward ``request`` and send the answer; returns what the server's handler has to return.

        ``body`` is the body where it was read already, octet for octet. Without an answer of the engine this is
        a page of ours; where the engine fails amid its answer, the client's connection is cut.
        """
        assert self._engine is not None, "not started"
        if body is None and request.body_exists and request.content.is_eof():
            body = request.content.read_nowait()
        streamed = body is None and request.body_exists
        octets = self._head(request, body, streamed=streamed, whole=annotate is not None) + (body or b"")
        repeatable = not streamed and request.method in _REPEATABLE
        try:
            while True:
                async with await self._engine.open(
                    repeatable=repeatable, head_only=request.method == hdrs.METH_HEAD
                ) as exchange:
                    try:
                        await exchange.send(octets, more=streamed)
                        if streamed:
                            return await self._answer_upload(request, exchange, annotate)
                        return await self._answer(request, exchange, annotate, None)
                    except StaleError:
                        if not repeatable:
                            raise
        except EngineError as failure:
            return plain_page(failure.status)

    def _head(self, request: Request, body: bytes | None, *, streamed: bool, whole: bool) -> bytes:
        """The octets of the request's head for the engine."""
        host = None if hdrs.HOST in request.headers else self._host
        if request.authority is not None:
            host = request.authority.encode("utf-8", "surrogateescape")
        lines = fields.for_engine(
            request.raw_headers,
            fields.named_by_connection(request.headers.getall(hdrs.CONNECTION, ())),
            host=host,
            length=None if body is None else len(body),
            expects=streamed,
            whole=whole,
        )
        if streamed and hdrs.CONTENT_LENGTH not in request.headers:
            lines.append(b"Transfer-Encoding: chunked")
        if _wants_websocket(request):
            lines += (b"Connection: Upgrade", b"Upgrade: websocket")
        target = request.target.encode("utf-8", "surrogateescape")
        return b"\r\n".join((b"%s %s HTTP/1.1" % (request.method.encode(), target), *lines, b"", b""))

    async def _answer_upload(
        self, request: Request, exchange: Exchange, annotate: Annotation | None
    ) -> web.StreamResponse:
        upload = Upload(
            request,
            exchange,
            chunked=hdrs.CONTENT_LENGTH not in request.headers,
            patience=self._limits.client_body.total_seconds(),
        )
        try:
            return await self._answer(request, exchange, annotate, upload)
        except EngineError:
            if upload.status is None:
                raise
            return plain_page(upload.status, close=True)
        finally:
            await upload.stop()

    async def _answer(
        self, request: Request, exchange: Exchange, annotate: Annotation | None, upload: Upload | None
    ) -> web.StreamResponse:
        while True:
            message, body = await exchange.next_head()
            if message.code >= 200:
                return await self._relay(request, exchange, message, body, annotate, upload)
            if message.code == 101:
                return await self._switch(request, exchange, message)
            if message.code == 100:
                if upload is not None:
                    upload.go_on()
            elif request.version >= (1, 1):
                await request.writer.write(head_octets(message, field_lines(message)))
                # aiohttp takes any output for a begun answer.
                request.writer.output_size = 0

    async def _relay(
        self,
        request: Request,
        exchange: Exchange,
        message: RawResponseMessage,
        body: StreamReader,
        annotate: Annotation | None,
        upload: Upload | None,
    ) -> web.StreamResponse:
        """Send the final answer."""
        relay = Relay(request, message, annotate)
        try:
            await relay.send(body)
        except BROKEN:
            if not relay.begun:
                raise EngineError from None
            relay.cut()
            return _Sent(message.code, keep_alive=False)
        if upload is None or upload.complete:
            exchange.release()
        return _Sent(message.code, keep_alive=relay.keep_alive)

    async def _switch(
        self, request: Request, exchange: Exchange, message: RawResponseMessage
    ) -> web.StreamResponse:
        """Send a ``101`` answer and carry what follows."""
        if not _wants_websocket(request):
            raise EngineError
        lines = (*field_lines(message), b"Connection: Upgrade", b"Upgrade: websocket")
        try:
            await request.writer.write(head_octets(message, lines))
        except BROKEN:
            return _Sent(message.code, keep_alive=False)
        await tunnel(request.protocol, exchange.protocol)
        return _Sent(message.code, keep_alive=False)


def _wants_websocket(request: Request) -> bool:
    upgrade = request.headers.get(hdrs.UPGRADE, "").strip().lower()
    return upgrade == "websocket" and request.method == hdrs.METH_GET and request.version >= (1, 1)
