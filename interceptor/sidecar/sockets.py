"""Listening sockets, bound before any process is forked so that all of them share one queue."""

from __future__ import annotations

import errno
import os
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from interceptor.addresses import Address
from interceptor.errors import StartError

_BACKLOG = 2048


def bind(address: Address, *, mode: int = 0o660) -> socket.socket:
    """Listen at ``address``; a Unix socket gets the permissions ``mode``, a stale one is replaced.

    Raises `StartError` with the reason and a remedy.
    """
    try:
        return _bind_unix(address.path, mode) if address.path is not None else _bind_tcp(address)
    except OSError as cause:
        remedy = {
            errno.EADDRINUSE: "another process listens there: stop it, or choose another address",
            errno.EACCES: "not permitted: choose a port above 1023, or a folder that this user may write",
            errno.ENOENT: "the folder of the socket does not exist: make it",
            errno.EADDRNOTAVAIL: "this machine has no such address",
        }.get(cause.errno or 0, "check the address")
        raise StartError(f"cannot listen at {address} ({cause.strerror or cause}): {remedy}") from None


def _bind_tcp(address: Address) -> socket.socket:
    assert address.host is not None
    family, kind, protocol, _, place = socket.getaddrinfo(
        address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with _closed_on_failure(socket.socket(family, kind, protocol)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(place)
        return _listening(listener)


def _bind_unix(path: str, mode: int) -> socket.socket:
    with _closed_on_failure(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as listener:
        if _is_stale(path):
            Path(path).unlink()
        before = os.umask(0o777 & ~mode)
        try:
            listener.bind(path)
        finally:
            os.umask(before)
        return _listening(listener)


@contextmanager
def _closed_on_failure(listener: socket.socket) -> Iterator[socket.socket]:
    try:
        yield listener
    except OSError:
        listener.close()
        raise


def _listening(listener: socket.socket) -> socket.socket:
    listener.listen(_BACKLOG)
    listener.setblocking(False)
    return listener


def _is_stale(path: str) -> bool:
    """Whether ``path`` is a socket that nobody listens on any more."""
    try:
        if not stat.S_ISSOCK(Path(path).stat().st_mode):
            return False
    except FileNotFoundError:
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        return probe.connect_ex(path) == errno.ECONNREFUSED


def release(address: Address, listener: socket.socket) -> None:
    """Close a listener for good and remove its Unix socket."""
    listener.close()
    if address.path is not None:
        Path(address.path).unlink(missing_ok=True)
