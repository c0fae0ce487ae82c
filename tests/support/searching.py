"""Searches over plain sockets, fast enough to be a load."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

SEARCHES = {
    "pass": b"/search?q=weather+tomorrow",
    "replace": b"/search?q=purple+garden+lantern",
    "annotate": b"/search?q=purple+garden+lantern+law",
}


class Client:
    """Searches over one connection after another; knows what was answered."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def get(self, target: bytes) -> bytes:
        """The whole answer, whose length the service states. Raises `OSError` where it does not come."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=20)
        try:
            self._socket.sendall(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % target)
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += self._receive()
            head, _, body = answer.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            while len(body) < length:
                body += self._receive()
        except OSError:
            self.close()
            raise
        return head + b"\r\n\r\n" + body

    def _receive(self) -> bytes:
        assert self._socket is not None
        if not (piece := self._socket.recv(65536)):
            raise ConnectionResetError
        return piece

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def in_threads(number: int, work: Callable[[int], None]) -> None:
    """Run ``work`` in so many threads at once; fail where one of them did."""
    faults: list[BaseException] = []

    def guarded(which: int) -> None:
        try:
            work(which)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=guarded, args=(which,)) for which in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
