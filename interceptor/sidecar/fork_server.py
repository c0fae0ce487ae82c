"""The process that holds one generation for the supervisor, and from which workers are forked.

The supervisor, which is the keeper, could not read lists while it does everything else: a thread that reads them
takes turns with the event loop, and a low priority of that thread would be the loop's. Here, the next generation is
read by another process, forked from this one, in a thread that takes only processor time that nothing else wants;
once that is done, the process is the fork server of what it has read. Workers share the lists in memory with their
fork server, and are children of the supervisor all the same.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from interceptor.adapters.service import Service
from interceptor.config import Config
from interceptor.keeper import Keeper
from interceptor.protection import lock_memory
from interceptor.sidecar import processes, worker
from interceptor.sidecar.channel import Channel
from interceptor.sidecar.generation import Facts, Generation, RefusedError
from interceptor.vocabulary import Refusal

_IGNORED: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""Meant for the supervisor where they reach the whole group; this process ends with its channel."""


@dataclass(frozen=True, slots=True)
class ForkWorker:
    """Fork a worker that counts in ``row``; the answer is its process id.

    Comes with descriptors: the lifeline, the one that the worker tells its readiness on, and its listeners.
    """

    row: int


@dataclass(frozen=True, slots=True)
class BuildNext:
    """Fork a process that builds what follows ``before`` under ``config``; the answer is its process id.

    Comes with one descriptor: the end of a channel, where a `Built` or `Refused` is sent. ``gives_way``: it takes
    only processor time that nothing else wants.
    """

    config: Config
    before: Facts
    gives_way: bool


@dataclass(frozen=True, slots=True)
class Built:
    """There is a next generation; the process that built it is its fork server now."""

    facts: Facts


@dataclass(frozen=True, slots=True)
class Refused:
    """There is no next generation: the fields of a `RefusedError`."""

    refused: tuple[str, Refusal]
    message: str


Order: TypeAlias = ForkWorker | BuildNext


class ForkServer:
    """Holds ``generation``, the only reference to it in its process once that runs `serve`."""

    def __init__(self, keeper: Keeper, generation: Generation | None = None) -> None:
        self._keeper = keeper
        self.generation = generation

    def let_go(self) -> None:
        """Give back the memory of the generation that is held, in a process that has forked a fork server of it."""
        self.generation = None
        gc.collect()
        with contextlib.suppress(AttributeError):  # of the GNU C library
            ctypes.CDLL(None).malloc_trim(0)

    def serve(self, channel: Channel) -> int:
        """Carry out orders until the other end of the channel is closed; returns the exit status."""
        self._settle()
        while True:
            try:
                order, descriptors = channel.receive()
            except (EOFError, OSError):
                processes.give_way(entirely=True)  # giving much memory back takes a while
                return 0
            answer: int | str
            try:
                answer = self._carried_out(order, descriptors)
            except OSError as fault:
                answer = fault.strerror or str(fault)
            if not answer:  # this is the process that was to be forked to build
                # It goes on in this very loop: a call from here would be one deeper with every generation.
                channel.close()
                channel = Channel(socket.socket(fileno=descriptors[0]))
                if not self._built(order, channel):
                    return 0
                continue
            channel.send(answer)
            for each in descriptors:
                os.close(each)

    def build(self, channel: Channel, order: BuildNext) -> int:
        """Build what is ordered, in a process that holds nothing yet, then serve it; returns the exit status."""
        return self.serve(channel) if self._built(order, channel) else 0

    def _carried_out(self, order: Order, descriptors: list[int]) -> int:
        """Fork; 0 in a process that is to build, and nothing at all in one that is a worker."""
        keep = [*descriptors, *self._keeper.descriptors]
        if isinstance(order, BuildNext):
            return processes.part_for_ancestor(keep)
        row = order.row
        return processes.fork_for_ancestor(lambda: self._work(row, descriptors), keep)

    def _built(self, order: BuildNext, channel: Channel) -> bool:
        """Build what is ordered and say so; False where it was refused. Asks the gate only if there is one before."""
        processes.be_called("list builder")
        _ignore_signals()
        refused: list[Refused] = []
        # A thread, because what gives way does so to its end, and the fork server must not.
        thread = threading.Thread(target=self._replace, args=(order, refused.append))
        thread.start()
        thread.join()
        if self.generation is None:
            channel.send(refused[0])
            processes.give_way(entirely=True)
            return False
        self._settle()
        channel.send(Built(self.generation.facts))
        return True

    def _replace(self, order: BuildNext, refuse: Callable[[Refused], None]) -> None:
        """Build what is ordered in the place of the generation that is held, or say why not."""
        processes.give_way(entirely=order.gives_way)
        gc.disable()
        running, self.generation = self.generation, None
        gate = running.gate if running is not None else None
        try:
            self.generation = order.before.successor(order.config, gate)
        except RefusedError as refused:
            refuse(Refused(refused.refused, str(refused)))
            return
        running = gate = None
        gc.unfreeze()
        gc.collect()  # what is left of the generation before

    def _settle(self) -> None:
        """Begin to be the fork server of the generation that is held."""
        assert self.generation is not None
        processes.be_called("fork server")
        _ignore_signals()
        if self.generation.facts.config.lists_identity.is_named:
            lock_memory()  # a forked process does not inherit it
        gc.freeze()  # looking for garbage would write into the pages that workers share
        gc.enable()

    def _work(self, row: int, descriptors: list[int]) -> int:
        assert self.generation is not None
        processes.be_called("worker")
        lifeline, ready, *listening = descriptors
        generation, recorder = self.generation, self._keeper.recorder(row)
        service = Service(generation.gate, generation.banner, recorder)
        listeners = [socket.socket(fileno=each) for each in listening]
        return worker.run(generation.facts.config, service, recorder, listeners, lifeline, ready)


def _ignore_signals() -> None:
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
