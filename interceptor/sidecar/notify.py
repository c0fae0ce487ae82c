"""Tells systemd how the service is, over the socket that it names (sd_notify(3)); nothing where it names none."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress


def notify(**said: str) -> None:
    """Say ``said``, such as ``READY="1"``; a service manager that does not listen is no fault."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    text = "\n".join(f"{name}={value}" for name, value in said.items())
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        channel.setblocking(False)
        channel.sendto(text.encode(), "\0" + address[1:] if address[0] == "@" else address)


def notify_reloading() -> None:
    """Say that a reload has begun; it ends with ``READY=1``."""
    notify(RELOADING="1", MONOTONIC_USEC=str(time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000))


def watchdog_seconds() -> float | None:
    """How often systemd wants to hear ``WATCHDOG=1``: half of what it waits; None where it does not wait."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    with suppress(ValueError):
        microseconds = int(os.environ.get("WATCHDOG_USEC", ""))
        if microseconds > 0:
            return microseconds / 2_000_000
    return None
