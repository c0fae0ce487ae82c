"""Steady load for the fault drill, and what became of each search."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

PAGE = b"<!doctype html><title>Results</title><p>one two three"
BANNER = b"redirectionprogram.com"
TERM = "purple+garden+lantern"
PACE = 0.02
"""Seconds between two searches."""
PATIENCE = 10.0
"""Seconds after which a search without an answer is lost."""


class Fate(StrEnum):
    """What became of a search."""

    RIGHT = "right"
    """The engine's page for an ordinary one, the banner for a matching one."""
    LET_THROUGH = "let through"
    """A matching one got the engine's page."""
    REFUSED = "refused"
    """It was answered with an error."""
    LOST = "lost"
    """It got no answer, or part of one."""


@dataclass
class Load:
    """Searches one after the other at a steady pace, each over a connection of its own, every other one matching."""

    port: int
    fates: list[tuple[float, bool, Fate]] = field(default_factory=list)
    """When each search was sent (monotonic seconds), whether it matches, and its fate."""

    async def run(self, enough: asyncio.Event) -> None:
        """Search until ``enough``."""
        running: set[asyncio.Task[None]] = set()
        number = 0
        while not enough.is_set():
            task = asyncio.create_task(self._search(number))
            running.add(task)
            task.add_done_callback(running.discard)
            number += 1
            await asyncio.sleep(PACE)
        if running:
            await asyncio.wait(running)

    async def _search(self, number: int) -> None:
        matching = number % 2 == 1
        begun = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._ask(TERM if matching else f"weather+{number}")
        except (OSError, TimeoutError):
            answer = b""
        self.fates.append((begun, matching, _fate(answer, matching=matching)))

    async def _ask(self, query: str) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            head = f"GET /search?q={query} HTTP/1.1\r\nHost: search.example\r\nConnection: close\r\n\r\n"
            writer.write(head.encode())
            return await reader.read(-1)
        finally:
            writer.close()

    def summary(self, since: float) -> Summary:
        """What became of the searches sent since ``since``, the moment of the fault."""
        seen = [fate for fate in self.fates if fate[0] >= since - PATIENCE]
        wrong = [sent for sent, _, fate in seen if fate is not Fate.RIGHT]
        return Summary(
            requests=len(seen),
            lost=_count(seen, Fate.LOST),
            let_through=_count(seen, Fate.LET_THROUGH),
            refused=_count(seen, Fate.REFUSED),
            recovered=max(0.0, max(wrong) - since + PACE) if wrong else 0.0,
        )


@dataclass(frozen=True)
class Summary:
    """One row of the table; ``recovered`` is seconds from the fault to the first search after the last wrong one."""

    requests: int
    lost: int
    let_through: int
    refused: int
    recovered: float


def _count(seen: Iterable[tuple[float, bool, Fate]], wanted: Fate) -> int:
    return sum(fate is wanted for _, _, fate in seen)


def _fate(answer: bytes, *, matching: bool) -> Fate:
    if not answer.startswith(b"HTTP/1.1 "):
        return Fate.LOST
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        return Fate.REFUSED
    if BANNER in body:
        return Fate.RIGHT if matching else Fate.REFUSED
    if PAGE in body:
        return Fate.LET_THROUGH if matching else Fate.RIGHT
    return Fate.LOST
