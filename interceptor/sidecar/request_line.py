"""Lets request targets with octets beyond ASCII through a parser that refuses them.

The strict parser below aiohttp (llhttp) takes ASCII targets only, while engines behind other proxies get such
octets as they are (``curl 'http://engine/?q=žirafa'`` sends them). Here these octets are percent-encoded on
their way into the parser, and the message that comes out gets back the target that came in.

Only the octets of a request line may be rewritten. So this follows where in the stream one begins, and where
it cannot be certain (a request that was pipelined behind another) it rewrites nothing more on that
connection: the parser then refuses such a target, as it always would.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

_BEYOND_ASCII: Final = re.compile(rb"[\x80-\xff]")
_HEAD_END: Final = b"\r\n\r\n"


class _Place(Enum):
    LINE = "at the start of a request or in its first line"
    HEAD = "in the fields of a request"
    BODY = "in a body of known length"
    CHUNKS = "in a chunked body"
    LOST = "anywhere"


def _percent_encoded(line: bytes) -> bytes:
    return _BEYOND_ASCII.sub(lambda found: b"%%%02X" % found[0][0], line)


def _is_one_head(data: bytes) -> bool:
    """Tell whether ``data`` is a whole request without a body in ASCII, as nearly all come."""
    end = data.find(_HEAD_END)
    return end > 0 and end == len(data) - len(_HEAD_END) and data[0] > 32 and data.isascii()


class RequestLines:
    """Follows the octets of one connection from its first on."""

    def __init__(self) -> None:
        self._place = _Place.LINE
        self._line = b""
        self._tail = b""
        self._behind_head = 0
        self._rest = 0
        self._target: bytes | None = None

    @property
    def is_between_requests(self) -> bool:
        """Whether certainly nothing of the next request has arrived yet."""
        return self._place is _Place.LINE and not self._line

    def feed(self, data: bytes) -> bytes:
        """Return what the parser gets for ``data``, the next octets (not none) from the client."""
        if self._place is _Place.LOST:
            return data
        if self._place is _Place.LINE and not self._line and _is_one_head(data):
            self._place, self._behind_head, self._tail = _Place.HEAD, 0, _HEAD_END
            return data
        start, seen = 0, data
        if self._place is _Place.LINE:
            if not self._line:
                start = len(data) - len(data.lstrip(b"\r\n"))
            end = data.find(b"\n", start)
            piece = data[start:] if end < 0 else data[start : end + 1]
            if not piece.isascii():
                seen = data[:start] + _percent_encoded(piece) + data[start + len(piece) :]
            self._line += piece
            if end >= 0:
                self._end_line()
                # A head without fields ends with its first line: the search begins at that line's own end.
                start = max(end - 1, 0)
        if self._place is _Place.HEAD:
            self._find_head_end(data[start:])
        elif self._place is _Place.BODY:
            self._rest -= len(data)
            self._leave_body()
        self._tail = (self._tail + data)[-len(_HEAD_END) :]
        return seen

    def parsed(self, *, length: int | None, complete: bool) -> bytes | None:
        """Take note that the parser gave out a message; return its target where that was rewritten.

        ``length`` is the body's length, 0 for none, None for a chunked one; ``complete`` tells that all of
        the body was parsed.
        """
        target, self._target = self._target, None
        if self._place is not _Place.HEAD or self._behind_head < 0:
            self._place = _Place.LOST
        elif length is None:
            self._place = _Place.CHUNKS
            self.body_ended(complete=complete)
        else:
            self._rest = length - self._behind_head
            self._place = _Place.BODY
            self._leave_body()
        self._behind_head = -1
        return target

    def body_ended(self, *, complete: bool) -> None:
        """Take note of whether the chunked body of the last message is ``complete`` by now."""
        if self._place is _Place.CHUNKS and complete:
            # Its last octets are an empty line; those of a part of a request behind it are not.
            self._place = _Place.LINE if self._tail == _HEAD_END else _Place.LOST

    def give_up(self) -> None:
        """Rewrite nothing more on this connection."""
        self._place = _Place.LOST

    def _end_line(self) -> None:
        if not self._line.isascii():
            words = self._line.split(b" ")
            self._target = words[1] if len(words) == 3 else None
        self._line, self._place, self._behind_head, self._tail = b"", _Place.HEAD, -1, b""

    def _find_head_end(self, data: bytes) -> None:
        if self._behind_head >= 0:
            self._place = _Place.LOST
            return
        joined = self._tail[1:] + data
        end = joined.find(_HEAD_END)
        if end >= 0:
            self._behind_head = len(joined) - end - len(_HEAD_END)

    def _leave_body(self) -> None:
        if self._rest <= 0:
            self._place = _Place.LINE if self._rest == 0 else _Place.LOST
