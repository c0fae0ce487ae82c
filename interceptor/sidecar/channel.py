"""Messages between the supervisor and the processes that hold lists for it, over a pair of sockets of their own."""

from __future__ import annotations

import asyncio
import pickle
import socket
from collections.abc import Sequence
from typing import Any, Final

_HEAD: Final = 8
"""Bytes before each message, which say how long it is."""

_MOST_DESCRIPTORS: Final = 64


class Channel:
    """One end of a pair. The peer is a process of this very service, so messages are Python objects, pickled."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    @classmethod
    def pair(cls) -> tuple[Channel, Channel]:
        """Two ends that are connected."""
        one, other = socket.socketpair()
        return cls(one), cls(other)

    def fileno(self) -> int:
        """The descriptor, to be kept by a process that is forked."""
        return self._end.fileno()

    def send(self, message: object, descriptors: Sequence[int] = ()) -> None:
        """Send a ``message``, and open ``descriptors`` with it. Raises `OSError` where the peer is gone."""
        body = pickle.dumps(message)
        octets = len(body).to_bytes(_HEAD, "little") + body
        self._end.setblocking(True)
        sent = socket.send_fds(self._end, [octets], [*descriptors]) if descriptors else 0
        self._end.sendall(octets[sent:])

    def receive(self) -> tuple[Any, list[int]]:
        """Wait for a message; returns it with the descriptors that came along. Raises `EOFError`."""
        self._end.setblocking(True)
        head, descriptors = self._begin()
        return self._opened(self._rest(int.from_bytes(head, "little"))), descriptors

    async def received(self) -> Any:
        """Wait, in the event loop, for a message that brings no descriptors. Raises `EOFError`."""
        self._end.setblocking(False)
        octets = b""
        size = _HEAD
        while len(octets) < size:
            piece = await asyncio.get_running_loop().sock_recv(self._end, size - len(octets))
            if not piece:
                raise EOFError
            octets += piece
            if len(octets) == _HEAD:
                size = _HEAD + int.from_bytes(octets, "little")
        return self._opened(octets[_HEAD:])

    def close(self) -> None:
        """Close this end; the peer reads the end of it."""
        self._end.close()

    def _begin(self) -> tuple[bytes, list[int]]:
        head, descriptors, _, _ = socket.recv_fds(self._end, _HEAD, _MOST_DESCRIPTORS)
        if not head:
            raise EOFError
        return head + self._rest(_HEAD - len(head)), descriptors

    def _rest(self, size: int) -> bytes:
        octets = bytearray()
        while len(octets) < size:
            piece = self._end.recv(size - len(octets))
            if not piece:
                raise EOFError
            octets += piece
        return bytes(octets)

    @staticmethod
    def _opened(body: bytes) -> Any:
        return pickle.loads(body)  # noqa: S301 (no one else has an end of this pair)
