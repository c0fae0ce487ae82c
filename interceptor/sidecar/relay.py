"""The engine's final answer on its way to the client."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from aiohttp import hdrs
from aiohttp.http_parser import RawResponseMessage
from aiohttp.streams import StreamReader

from interceptor.adapters.annotation import can_annotate, charset_of
from interceptor.banner.csp import blocks_style
from interceptor.sidecar import fields
from interceptor.sidecar.engine import EngineError
from interceptor.sidecar.incoming import Request

_POLICIES: Final = ("Content-Security-Policy", "Content-Security-Policy-Report-Only")
_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)


class Inserter(Protocol):
    """Puts something into a page while it streams past."""

    @property
    def inserted(self) -> bool:
        """Whether what `feed` and `close` have returned holds it."""

    def feed(self, chunk: bytes) -> bytes:
        """Return the octets that may go out now."""

    def close(self) -> bytes:
        """Return the octets held back so far."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """What to put into the engine's page."""

    inserter: Callable[[bool, str | None], Inserter]
    """Called with whether the page's Content-Security-Policy forbids style, and with its declared charset."""
    shown: Callable[[], None]
    """Called once, when the insertion has gone out."""
    takes: Callable[[int, str, Iterable[str]], bool] = can_annotate
    """Whether an answer with this status, ``Content-Type`` and ``Content-Encoding`` is to be altered at all."""


def head_octets(message: RawResponseMessage, lines: Iterable[bytes]) -> bytes:
    """Return the octets of an answer's head, with the status and reason of ``message``."""
    reason = message.reason.encode("utf-8", "surrogateescape")
    return b"\r\n".join((b"HTTP/1.1 %d %s" % (message.code, reason), *lines, b"", b""))


def field_lines(message: RawResponseMessage, *, framed: bool = False, annotated: bool = False) -> list[bytes]:
    """Return the end-to-end fields of ``message`` as lines. Raises `EngineError` where one is malformed."""
    named = fields.named_by_connection(message.headers.getall(hdrs.CONNECTION, ()))
    try:
        return fields.for_client(message.raw_headers, named, framed=framed, annotated=annotated)
    except ValueError:
        raise EngineError from None


class Relay:
    """Sends one answer to one client."""

    def __init__(self, request: Request, message: RawResponseMessage, annotate: Annotation | None) -> None:
        self.begun = False
        self.keep_alive = request.keep_alive
        self._request, self._writer = request, request.writer
        headers, status = message.headers, message.code
        if headers.get(hdrs.TRANSFER_ENCODING, "chunked").strip().lower() != "chunked":
            raise EngineError  # a coding that nobody asked for and that the parser does not undo
        content_type = headers.get(hdrs.CONTENT_TYPE, "")
        codings = headers.getall(hdrs.CONTENT_ENCODING, ())
        annotated = annotate is not None and annotate.takes(status, content_type, codings)
        self._bodiless = request.method == hdrs.METH_HEAD or status in (204, 304)
        framed = hdrs.CONTENT_LENGTH in headers and not message.chunked and not annotated and status != 204
        open_ended = not self._bodiless and not framed
        self._chunked = open_ended and request.version >= (1, 1)
        self._ends_with_close = open_ended and not self._chunked
        if self._ends_with_close:
            self.keep_alive = False

        lines = field_lines(message, framed=framed, annotated=annotated)
        if self._chunked:
            lines.append(b"Transfer-Encoding: chunked")
        if not self.keep_alive:
            lines.append(b"Connection: close")
        elif request.version < (1, 1):
            lines.append(b"Connection: keep-alive")
        self._head = head_octets(message, lines)

        self._inserter: Inserter | None = None
        self._shown: Callable[[], None] | None = None
        if annotate is not None and annotated and not self._bodiless:
            policies = [value for name in _POLICIES for value in headers.getall(name, ())]
            self._inserter = annotate.inserter(blocks_style(policies), charset_of(content_type))
            self._shown = annotate.shown

    async def send(self, body: StreamReader) -> None:
        """Send head and body as they come.

        Raises what reading the engine or writing to the client raises, see `interceptor.sidecar.engine.BROKEN`.
        """
        data = b"" if self._bodiless else body.read_nowait()
        complete = self._bodiless or body.at_eof()
        data = self._insert(data, last=complete)
        if self._chunked:
            data = (b"%x\r\n%s\r\n" % (len(data), data) if data else b"") + (
                b"0\r\n\r\n" if complete else b""
            )
        self.begun = True
        # One write, so that a small answer is one packet.
        await self._writer.write(self._head + data)
        self._tell_shown()
        if complete:
            return
        if self._chunked:
            self._writer.enable_chunking()
        while data := await body.readany():
            if data := self._insert(data, last=False):
                await self._writer.write(data)
                self._tell_shown()
        if data := self._insert(b"", last=True):
            await self._writer.write(data)
            self._tell_shown()
        await self._writer.write_eof()

    def cut(self) -> None:
        """Make sure that the client does not take what it has for the whole answer; the server closes then."""
        transport = self._request.transport
        if self._ends_with_close and transport is not None:
            # The end of the connection would be the end of the answer, so it has to be a reset.
            with contextlib.suppress(OSError):
                connection = transport.get_extra_info("socket")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            transport.abort()

    def _insert(self, data: bytes, *, last: bool) -> bytes:
        if self._inserter is None:
            return data
        data = self._inserter.feed(data) if data else b""
        return data + self._inserter.close() if last else data

    def _tell_shown(self) -> None:
        if self._shown is not None and self._inserter is not None and self._inserter.inserted:
            shown, self._shown = self._shown, None
            shown()
