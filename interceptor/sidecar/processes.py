"""Forking worker processes out of a running event loop, safely."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable, Iterable
from pathlib import Path

_HANDLED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, signal.SIGUSR1, signal.SIGUSR2)


def fork(work: Callable[[], int], keep: Iterable[int]) -> int:
    """Run ``work`` in a new process, which ends with the number it returns; returns the process id.

    The child keeps the descriptors ``keep`` and the standard three. Every other one is pointed at ``/dev/null``
    rather than closed: objects of the parent's event loop still hold these numbers, and closing one of them later
    must not hit a socket that the child has opened since.
    """
    # No signal may arrive between fork and reset: the child would write it into the parent's wake-up pipe.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HANDLED)
    try:
        child = os.fork()
        if child:
            return child
        code = 70
        try:
            signal.set_wakeup_fd(-1)
            for number in _HANDLED:
                signal.signal(number, signal.SIG_DFL)
            _let_go(frozenset(keep))
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            code = work()
        finally:
            os._exit(code)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def allow_descriptors() -> int:
    """Raise this process's limit of open files to what it may have; returns that. Its children inherit it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def _let_go(keep: frozenset[int]) -> None:
    nothing = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    for number in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        if number > 2 and number != nothing and number not in keep:
            try:
                os.fstat(number)
            except OSError:
                continue  # the descriptor of this very listing
            os.dup2(nothing, number, inheritable=False)
    os.close(nothing)
