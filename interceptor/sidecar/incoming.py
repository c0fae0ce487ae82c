"""A request as it came in: its target, its body, and whether it may go any further."""

from __future__ import annotations

from typing import Final

from aiohttp import hdrs, web
from aiohttp.web_protocol import RequestPayloadError

from interceptor.adapters.bodies import read_bounded
from interceptor.errors import BodyTooLargeError, ExtractionError, MalformedError

_VERSIONS: Final = ((1, 1), (1, 0))
_REFUSED_METHODS: Final = (hdrs.METH_CONNECT, hdrs.METH_TRACE)


class BodyTimeoutError(ExtractionError):
    """The request's body did not arrive in time."""

    status = 408


class Request(web.BaseRequest):
    """A request with its target as it was received; its `repr` holds nothing of it but the method."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.method}>"

    @property
    def target(self) -> str:
        """The request target in origin form (or ``*``), octet for octet.

        Octets beyond ASCII stand as ``surrogateescape`` has them over UTF-8. Of an absolute-form target
        (RFC 9112, 3.2.2) this is the part behind the authority.
        """
        raw = self._message.path
        if raw.startswith("/") or raw == "*":
            return raw
        _, _, rest = raw.partition("://")
        path = rest[_authority_length(rest) :]
        return path if path.startswith("/") else "/" + path

    @property
    def authority(self) -> str | None:
        """The authority of an absolute-form target, which overrules ``Host``; None for other forms."""
        raw = self._message.path
        if raw.startswith("/") or raw == "*":
            return None
        _, _, rest = raw.partition("://")
        return rest[: _authority_length(rest)]

    @property
    def keep_alive(self) -> bool:
        """Whether another request may follow on the connection: the client wants it and the server is to stay."""
        return super().keep_alive and not getattr(self.protocol, "draining", False)

    async def _prepare_hook(self, response: web.StreamResponse) -> None:
        response.headers.popall(hdrs.SERVER, None)


def _authority_length(text: str) -> int:
    return min((found for found in map(text.find, "/?#") if found >= 0), default=len(text))


async def read_body(request: Request, *, limit: int, seconds: float) -> bytes:
    """Read the whole body of ``request``.

    Raises `BodyTooLargeError` over ``limit`` bytes (before a ``100 Continue`` where ``Content-Length``
    tells), `BodyTimeoutError` where it takes longer than ``seconds``, `MalformedError` where its framing is
    broken.
    """
    if (request.content_length or 0) > limit:
        raise BodyTooLargeError
    await invite_body(request)
    try:
        return await read_bounded(request.content, limit=limit, seconds=seconds)
    except TimeoutError:
        raise BodyTimeoutError from None
    except RequestPayloadError:
        # The parser's exception quotes the body.
        raise MalformedError from None


def expects_continue(request: Request) -> bool:
    """Whether the client waits for ``100 Continue`` before it sends its body (RFC 9110, 10.1.1)."""
    return request.headers.get(hdrs.EXPECT, "").lower() == "100-continue" and request.version >= (1, 1)


async def invite_body(request: Request) -> None:
    """Send ``100 Continue`` to a client that waits for it."""
    if expects_continue(request) and not request.content.is_eof() and not request.content.total_bytes:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        # aiohttp takes any output for a begun answer.
        request.writer.output_size = 0


def refusal(request: Request) -> int | None:
    """The status for a request that the parser lets through and that must go no further."""
    if request.version not in _VERSIONS:
        return 505
    if request.method in _REFUSED_METHODS:
        return 405
    coding = request.headers.get(hdrs.TRANSFER_ENCODING)
    if coding is not None:
        # With a coding that the parser does not undo, or from a sender too old to know any, nobody can be
        # sure where the body ends (RFC 9112, 6.1).
        if request.version == (1, 0):
            return 400
        if coding.lower() != "chunked":
            return 501
    authority = request.authority
    if authority is not None:
        scheme = request.raw_path.partition(":")[0].lower()
        if scheme not in ("http", "https") or not authority or "@" in authority:
            return 400
    return None
