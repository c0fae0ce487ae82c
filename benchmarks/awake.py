"""Keeps idle processors awake, as measuring on a virtual machine asks for.

A guest that has nothing to do polls for a while and then halts (``haltpoll``, Linux
Documentation/virt/guest-halt-polling.rst); to wake a halted one costs the waker several microseconds. Whether a load
generator has halted depends on whether an answer took a little more or less than that while, so a server that is slower
by a little is charged for far more.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_LOOP = """
import os, sys
os.sched_setaffinity(0, {int(sys.argv[1])})
os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
parent = os.getppid()
while os.getppid() == parent:
    pass
"""


@contextmanager
def processors() -> Iterator[None]:
    """Let every processor run something that gives way to all else (``SCHED_IDLE``), for as long as this lasts."""
    loops = [
        subprocess.Popen([sys.executable, "-c", _LOOP, str(number)])
        for number in sorted(os.sched_getaffinity(0))
    ]
    try:
        yield
    finally:
        for loop in loops:
            loop.terminate()
        for loop in loops:
            loop.wait()
