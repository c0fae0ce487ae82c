"""How far a long piece of work has come, for somebody who sits in front of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

_EVERY = 0.2
"""Seconds between two lines."""


def follow(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    """Yield ``items``; where standard error is a terminal, say on its last line how many of ``total`` are done."""
    if not sys.stderr.isatty():
        yield from items
        return
    shown = 0.0
    for number, item in enumerate(items):
        if (now := time.monotonic()) - shown > _EVERY:
            shown = now
            print(f"\r{what}: {number:,} of {total:,}", end="", file=sys.stderr, flush=True)
        yield item
    print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def say(what: str) -> None:
    """Say what begins now, where standard error is a terminal."""
    if sys.stderr.isatty():
        print(f"{what} …", file=sys.stderr, flush=True)
