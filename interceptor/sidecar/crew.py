"""The worker processes: forked from where the lists are, replaced where one dies, exchanged for a new generation's.

There are two rows to count in for each worker, so that a new one counts beside the one that it follows until that
has finished what it has in hand.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from interceptor.sidecar import processes
from interceptor.sidecar.held import Held, LostError

_log = logging.getLogger(__name__)

_CRASH_LOOP: Final = 0.5
"""Seconds a worker has to live before its successor is started without a pause."""

_GRACE: Final = 5.0
"""Seconds that workers get beyond their drain before they are killed."""

_START_SECONDS: Final = 20.0
"""Seconds in which a new worker has to be listening."""


def rows(size: int) -> int:
    """How many rows ``size`` workers count in."""
    return size * 2


@dataclass(slots=True)
class _Worker:
    process: int
    row: int
    started: float
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    retired: bool = False


class Crew:
    """``size`` workers that share the listening ``sockets``; ``lifeline`` is closed when the supervisor ends."""

    def __init__(self, size: int, sockets: Sequence[socket.socket], lifeline: int) -> None:
        self._size, self._sockets, self._lifeline = size, sockets, lifeline
        self._workers: dict[int, _Worker] = {}
        self._free = set(range(rows(size)))
        self._held: Held | None = None
        self._closing = False
        self._filling = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def serving(self) -> int:
        """How many workers take new connections."""
        return sum(each.ready.is_set() and not each.retired for each in self._workers.values())

    # ---- coming

    async def start(self, held: Held) -> bool:
        """Start workers with the lists that are ``held`` and, once they all listen, retire those before.

        False where one of them does not come up: then those before go on and nothing has changed. To be called
        again only after `settled`: the rows of the retired ones are in use until then.
        """
        new: list[_Worker] = []
        try:
            while len(new) < self._size:
                new.append(await self._fork(held))
            came_up = await self._came_up(new)
        except (LostError, OSError) as fault:
            _log.error("no worker could be started: %s", fault)
            came_up = False
        if not came_up:
            await self._kill(new)
            self._refill()
            return False
        self._held = held
        young = {each.process for each in new}
        self._retire(each for each in self._workers.values() if each.process not in young)
        return True

    async def settled(self) -> None:
        """Wait until the retired workers are gone; those that take longer than the drain are killed."""
        await self._gone([each for each in self._workers.values() if each.retired])

    async def _came_up(self, new: Iterable[_Worker]) -> bool:
        try:
            async with asyncio.timeout(_START_SECONDS):
                for each in new:
                    waits = [asyncio.ensure_future(event.wait()) for event in (each.ready, each.ended)]
                    try:
                        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
                    finally:
                        for wait in waits:
                            wait.cancel()
                    if not each.ready.is_set():
                        return False
        except TimeoutError:
            return False
        return True

    async def _fork(self, held: Held) -> _Worker:
        row = min(self._free)
        self._free.remove(row)
        hears, tells = os.pipe()
        listening = (each.fileno() for each in self._sockets)
        try:
            process = await held.fork(row, [self._lifeline, tells, *listening])
        except BaseException:
            os.close(hears)
            self._free.add(row)
            raise
        finally:
            os.close(tells)
        made = self._workers[process] = _Worker(process, row, time.monotonic())
        loop = asyncio.get_running_loop()

        def heard() -> None:
            loop.remove_reader(hears)
            if os.read(hears, 1):
                made.ready.set()
            os.close(hears)

        loop.add_reader(hears, heard)
        self.reap()  # it may have ended before it was known here
        return made

    # ---- going

    def reap(self) -> None:
        """Take note of workers that ended and start others in their place; called on SIGCHLD."""
        for each in list(self._workers.values()):
            ended, status = os.waitpid(each.process, os.WNOHANG)
            if not ended:
                continue
            del self._workers[each.process]
            self._free.add(each.row)
            each.ended.set()
            if each.retired or self._closing:
                continue
            _log.error("a worker ended (%s)", processes.how_it_ended(status))
            pause = max(0.0, _CRASH_LOOP - (time.monotonic() - each.started))
            asyncio.get_running_loop().call_later(pause, self._refill)

    def _refill(self) -> None:
        """Start workers where there are too few; a generation that is not in force yet gets none."""
        task = asyncio.get_running_loop().create_task(self._fill())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _fill(self) -> None:
        async with self._filling:
            while (held := self._held) is not None and self._lacks():
                try:
                    made = await self._fork(held)
                except (LostError, OSError) as fault:
                    _log.error("a worker could not be replaced: %s", fault)
                    return
                if held is not self._held:  # others have taken over meanwhile
                    self._retire([made])

    def _lacks(self) -> bool:
        alive = sum(not each.retired for each in self._workers.values())
        return not self._closing and alive < self._size and bool(self._free)

    def _retire(self, workers: Iterable[_Worker]) -> None:
        for each in workers:
            if not each.retired:
                each.retired = True
                _send(each.process, signal.SIGUSR1)

    async def _gone(self, workers: Iterable[_Worker]) -> None:
        workers = list(workers)
        drain = self._held.facts.config.limits.drain.total_seconds() if self._held is not None else 0.0
        try:
            async with asyncio.timeout(drain + _GRACE):
                for each in workers:
                    await each.ended.wait()
        except TimeoutError:
            await self._kill(workers)

    async def _kill(self, workers: Iterable[_Worker]) -> None:
        workers = [each for each in workers if not each.ended.is_set()]
        for each in workers:
            each.retired = True
            _send(each.process, signal.SIGKILL)
        for each in workers:
            await each.ended.wait()

    async def stop(self) -> None:
        """Let every worker finish what it has in hand, within the drain, and end it."""
        self._closing = True
        workers = list(self._workers.values())
        for each in workers:
            _send(each.process, signal.SIGTERM)
        await self._gone(workers)

    def kill(self) -> None:
        """End every worker at once."""
        self._closing = True
        for process in self._workers:
            _send(process, signal.SIGKILL)


def _send(process: int, number: signal.Signals) -> None:
    # Until it is waited for, an ended child keeps its id: this reaches nobody else.
    os.kill(process, number)
