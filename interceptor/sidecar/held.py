"""A generation as the supervisor has it: what is told of it, and the process that holds its lists."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

from interceptor.config import Config
from interceptor.counting.exposition import EVERY_LIST
from interceptor.keeper import Keeper
from interceptor.sidecar import processes
from interceptor.sidecar.channel import Channel
from interceptor.sidecar.fork_server import BuildNext, Built, ForkServer, ForkWorker, Order, Refused
from interceptor.sidecar.generation import Facts, RefusedError
from interceptor.vocabulary import Refusal

_log = logging.getLogger(__name__)

_ANSWER_SECONDS: Final = 10.0
"""Seconds in which a fork server has to have forked."""

_STARVED_SECONDS: Final = 30.0
"""Seconds after which a build that hardly had a processor is begun again without giving way."""

_STARVED_SHARE: Final = 0.25
"""The share of that time below which it hardly had one."""


_Ask: TypeAlias = Callable[[BuildNext, Sequence[int]], Awaitable[int]]
"""Passes an order on, with the descriptors that it comes with, and returns the answer."""


class LostError(Exception):
    """The process that holds the lists is gone, or does not answer."""


class Held:
    """One generation: its ``facts``, and its fork server, a child of this process."""

    def __init__(self, facts: Facts, process: int, end: asyncio.Task[int], channel: Channel) -> None:
        self.facts = facts
        self._process, self._end, self._channel = process, end, channel
        self._talking = asyncio.Lock()

    @classmethod
    def take(cls, server: ForkServer, keeper: Keeper) -> Held:
        """Fork a fork server of the generation that ``server`` has."""
        assert server.generation is not None
        facts = server.generation.facts
        here, there = Channel.pair()
        process = processes.fork(lambda: server.serve(there), [there.fileno(), *keeper.descriptors])
        there.close()
        return cls(facts, process, _end_of(process), here)

    async def lost(self) -> int:
        """Wait for the fork server to end, asked to or not; its status as `os.waitpid` has it."""
        return await asyncio.shield(self._end)

    async def fork(self, row: int, descriptors: Sequence[int]) -> int:
        """Fork a worker as `ForkWorker` says; its process id. Raises `LostError`."""
        return await self._ask(ForkWorker(row), descriptors)

    async def successor(self, config: Config) -> Held:
        """Build what follows under ``config``. Takes long; raises `RefusedError`, or `LostError`."""
        return await _built(self._ask, config, self.facts)

    async def close(self) -> None:
        """End the fork server; workers that it forked go on."""
        self._channel.close()
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                await self.lost()
        except TimeoutError:
            self.kill()
            await self.lost()

    def kill(self) -> None:
        """End the fork server at once."""
        if not self._end.done():
            os.kill(self._process, signal.SIGKILL)

    async def _ask(self, order: Order, descriptors: Sequence[int]) -> int:
        async with self._talking:
            try:
                self._channel.send(order, descriptors)
                async with asyncio.timeout(_ANSWER_SECONDS):
                    answer = await self._channel.received()
            except (EOFError, OSError, TimeoutError):
                # An answer that comes late would be taken for that of the next order.
                self.kill()
                raise LostError("the process that holds the lists does not answer") from None
        if not isinstance(answer, int):
            raise LostError(f"the process that holds the lists could not fork: {answer}")
        return answer


async def afresh(server: ForkServer, keeper: Keeper, config: Config, before: Facts) -> Held:
    """Build what follows ``before``, of which there is no fork server any more. Raises `RefusedError`."""

    async def ask(order: BuildNext, descriptors: Sequence[int]) -> int:
        there = Channel(socket.socket(fileno=os.dup(descriptors[0])))
        try:
            return processes.fork(lambda: server.build(there, order), [there.fileno(), *keeper.descriptors])
        finally:
            there.close()

    return await _built(ask, config, before)


async def _built(ask: _Ask, config: Config, before: Facts) -> Held:
    held = await _tried(ask, BuildNext(config, before, gives_way=True))
    if held is None:
        _log.warning("the processors are busy: what reads the lists no longer gives way to searches")
        held = await _tried(ask, BuildNext(config, before, gives_way=False))
    assert held is not None
    return held


async def _tried(ask: _Ask, order: BuildNext) -> Held | None:
    """Have the ``order`` carried out; None where the process that does gave way for too long."""
    here, there = Channel.pair()
    try:
        builder = await ask(order, [there.fileno()])
    except BaseException:
        here.close()
        raise
    finally:
        there.close()
    end = _end_of(builder)
    answer: Built | Refused | None = None
    try:
        answer = await _answer(here, builder if order.gives_way else None)
    except (EOFError, OSError):
        how = processes.how_it_ended(await end)
        answer = Refused((EVERY_LIST, Refusal.DEFECT), f"the process that reads the lists ended ({how})")
    finally:
        if answer is None and not end.done():
            os.kill(builder, signal.SIGKILL)
        if not isinstance(answer, Built):
            here.close()
            await end
    if isinstance(answer, Refused):
        raise RefusedError(answer.refused, answer.message)
    return Held(answer.facts, builder, end, here) if answer is not None else None


def _end_of(child: int) -> asyncio.Task[int]:
    return asyncio.get_running_loop().create_task(processes.ended(child))


async def _answer(channel: Channel, builder: int | None) -> Built | Refused | None:
    """What the other end says; None once the process ``builder`` is found to starve."""
    start = time.monotonic()
    waiting = asyncio.ensure_future(channel.received())
    try:
        while not waiting.done():
            await asyncio.wait([waiting], timeout=_STARVED_SECONDS if builder is not None else None)
            waited = time.monotonic() - start
            if (
                builder is not None
                and not waiting.done()
                and processes.processor_seconds(builder) < waited * _STARVED_SHARE
            ):
                return None
        answer: Built | Refused = waiting.result()
        return answer
    finally:
        waiting.cancel()
