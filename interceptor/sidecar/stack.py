"""Room on the interpreter's stack for what runs for long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

_CHUNK: Final = 16 * 1024
"""Bytes that CPython takes at a time for frames (``DATA_STACK_CHUNK_SIZE`` in Python/pystate.c)."""

_POINTER: Final = 8


def with_room(work: Callable[[], None]) -> None:
    """Do ``work`` with room for frames ahead of it, however deep this call is.

    CPython gives a chunk back to the system as soon as the call that needed it returns. An event loop that happens
    to run just below the end of one takes a chunk and gives it back with nearly every call, and a worker served less
    than half of the requests. A frame that is larger than a chunk gets one of its own of at least twice that size,
    and what is left of that is the room.
    """
    work()


# Two and a bit of the usual chunks, so that its own has four: nearly two are left.
with_room.__code__ = with_room.__code__.replace(co_stacksize=(2 * _CHUNK + 512) // _POINTER)
