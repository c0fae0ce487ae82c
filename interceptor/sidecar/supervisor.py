"""The process that ``interceptor serve`` starts: it is the keeper, holds the admin listener, and runs workers.

It loads everything and binds every socket first, so that a mistake ends it before any worker exists. Then it hands
the lists to a process of their own, the fork server, and holds none any more; workers are forked from that and share
its lists in memory. A worker that dies is replaced at once.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import interceptor
from interceptor.addresses import Address
from interceptor.config import Config, ReleaseKind
from interceptor.counting.exposition import ListState, State
from interceptor.errors import StartError
from interceptor.keeper import Keeper
from interceptor.protection import lock_memory
from interceptor.quiet import describe, silence_libraries
from interceptor.reporting import MAX_LINE, KeeperSocket
from interceptor.sidecar import crew, processes, sockets
from interceptor.sidecar.admin import Admin
from interceptor.sidecar.admission import Admission
from interceptor.sidecar.bounds import fitted
from interceptor.sidecar.crew import Crew
from interceptor.sidecar.fork_server import ForkServer
from interceptor.sidecar.http_server import PublicServer
from interceptor.sidecar.notify import notify, watchdog_seconds
from interceptor.sidecar.reloading import Reloads, Source
from interceptor.sidecar.renewal import Renewal
from interceptor.sidecar.updater import Updater
from interceptor.vocabulary import Refusal

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the service really listens, ports that were 0 filled in."""

    public: tuple[str, ...]
    admin: str


def run(
    source: Config | Source,
    announce: Callable[[Listening], None] = lambda _: None,
    *,
    keeper_only: bool = False,
    state: Path | None = None,
) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit status. ``announce`` is called once everything answers.

    ``keeper_only``: no public listener and no workers; processes of others report over ``keeper.socket``.
    ``state`` is the folder where the last good configuration and lists are kept for the next start.
    Raises `ConfigError`, `TermListError`, `StartError` or `CallError` before anything is served.
    """
    silence_libraries()
    source = Source.fixed(source) if isinstance(source, Config) else source
    # Nothing that is loaded becomes garbage; looking for some meanwhile takes a tenth of the start.
    gc.disable()
    return Supervisor(Reloads(source, state), keeper_only=keeper_only).run(announce)


class Supervisor:
    """One service: made of what ``reloads`` reads, run once."""

    def __init__(self, reloads: Reloads, *, keeper_only: bool = False) -> None:
        generation = reloads.first()
        labels, plan, config = generation.facts.labels, generation.facts.plan, generation.facts.config
        if config.lists_identity.is_named:
            lock_memory()
        if keeper_only and config.keeper.socket is None:
            raise StartError("keeper.socket is not configured: name a Unix socket for adapters to report to")
        if config.privacy.release is ReleaseKind.EXACT and not config.server.admin.is_loopback:
            raise StartError(
                "privacy.release is exact, and server.admin is not on the loopback interface: "
                "exact counts tell of single searches; choose private, or 127.0.0.1 for server.admin"
            )
        self._admission = Admission(config.admin_auth, config.server.admin)
        self._size = 0 if keeper_only else config.server.workers
        self._reports_row = crew.rows(self._size)
        self.keeper = Keeper(config, labels, plan, self._reports_row + 1)
        self._renewal = Renewal(reloads, ForkServer(self.keeper, generation), self.keeper, self._status)
        self._updater = Updater(config, self._renewal.reload, self._refused_now)
        self._crew: Crew | None = None
        self._stopping = False
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def config(self) -> Config:
        """The configuration in force."""
        return self._renewal.facts.config

    def run(self, announce: Callable[[Listening], None]) -> int:
        """Bind, fork, watch, drain."""
        descriptors = processes.allow_descriptors()
        if self._size and fitted(self.config.limits, descriptors) != self.config.limits:
            _log.warning(
                "%d open files allowed: fewer connections than limits has; raise ulimit -n", descriptors
            )
        server = self.config.server
        with ExitStack() as open_sockets:

            def listen(address: Address, mode: int = 0o660) -> socket.socket:
                listener = sockets.bind(address, mode=mode)
                open_sockets.callback(sockets.release, address, listener)
                return listener

            public = [listen(address) for address in server.listen] if self._size else []
            admin = listen(server.admin, 0o600)
            path = self.config.keeper.socket
            reports = listen(Address(None, 0, os.fspath(path))) if path is not None else None
            return asyncio.run(self._run(public, admin, reports, announce))

    async def _run(
        self,
        public: list[socket.socket],
        admin: socket.socket,
        reports: socket.socket | None,
        announce: Callable[[Listening], None],
    ) -> int:
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        loop.add_signal_handler(signal.SIGHUP, lambda: self._begin(self._renewal.reload("SIGHUP")))
        # Closed when this process ends, however it ends: workers read the end of it and drain.
        lifeline, lifeline_writer = os.pipe()
        processes.adopt_orphans()
        workers = self._crew = Crew(self._size, public, lifeline)
        try:
            loop.add_signal_handler(signal.SIGCHLD, workers.reap)
            await self._renewal.begin(workers)
            kept = self.config.history.file is not None
            admin_handler = Admin(self.keeper, self.state, self._admission, kept=kept)
            admin_server = PublicServer(admin_handler, self.config.limits, _note_fault)
            await admin_server.start([admin])
            if reports is not None:
                take = KeeperSocket(
                    self.keeper, self.keeper.recorder(self._reports_row), self.config.tickets.lifetime
                )
                await asyncio.start_unix_server(take, sock=reports, limit=MAX_LINE)
            windows = asyncio.create_task(self._close_windows())
            announce(Listening(tuple(map(_name, public)), _name(admin)))
            notify(READY="1", STATUS=self._status())
            self._renewal.let_go()
            gc.enable()
            self._begin(self._renewal.watch())
            self._begin(self._updater.run())
            self._begin(self._watchdog())
            await self._renewal.keep()
            await stop.wait()
            self._stopping = True
            notify(STOPPING="1", STATUS="draining")
            windows.cancel()
            for task in self._tasks:
                task.cancel()
            for listener in public:
                listener.close()  # or the kernel would go on taking connections that nobody answers
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._renewal.end()
            await workers.stop()
            self.keeper.finish()
            await self._linger()
            await admin_server.stop(1.0)
        finally:
            self._stopping = True
            workers.kill()
            await self._renewal.end()
            os.close(lifeline_writer)
            os.close(lifeline)
        return 0

    def state(self) -> State:
        """What the service is now."""
        facts, refused = self._renewal.facts, self._renewal.refused
        serving = self._crew.serving if self._crew is not None else 0
        return State(
            version=interceptor.__version__,
            mode=facts.config.mode,
            plan=self.keeper.plan,
            fault_policy=facts.config.fault_policy,
            ready=serving >= min(self._size, 1) and not self._stopping,
            lists=tuple(
                ListState(item.id, item.version, item.entries, item.expires) for item in facts.summaries
            ),
            degraded=self._degraded(),
            refused=frozenset({refused.refused} if refused is not None else ()) | self._updater.refusals,
            fetched=self._updater.names,
        )

    def _refused_now(self) -> Refusal | None:
        refused = self._renewal.refused
        return refused.refused[1] if refused is not None else None

    def _degraded(self) -> tuple[str, ...]:
        return (*self._renewal.said, *self._updater.said)

    def _status(self) -> str:
        summaries = self._renewal.facts.summaries
        entries = sum(item.entries for item in summaries)
        word = "degraded" if self._degraded() else "ready"
        return f"{word}, {len(summaries)} lists, {entries} entries"

    # ---- running

    def _begin(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watchdog(self) -> None:
        interval = watchdog_seconds()
        while interval is not None:
            notify(WATCHDOG="1")
            await asyncio.sleep(interval)

    # ---- windows

    async def _close_windows(self) -> None:
        while True:
            # At most a minute, so that a clock that is set right is noticed.
            await asyncio.sleep(min(max(self.keeper.seconds_to_next(), 0.01), 60.0))
            try:
                self.keeper.tick()
            except Exception as fault:
                _log.error("closing a window met a fault: %s", describe(fault))
                await asyncio.sleep(1.0)

    async def _linger(self) -> None:
        """Wait until the last window was scraped, or for as long as the configuration grants."""
        deadline = time.monotonic() + self.config.privacy.linger.total_seconds()
        while not self.keeper.was_seen and time.monotonic() < deadline:
            await asyncio.sleep(0.02)


def _note_fault(fault: BaseException) -> None:
    _log.error("the admin listener met a fault: %s", describe(fault))


def _name(listener: socket.socket) -> str:
    place = listener.getsockname()
    if isinstance(place, str):
        return f"unix:{place}"
    host = f"[{place[0]}]" if listener.family == socket.AF_INET6 else place[0]
    return f"{host}:{place[1]}"
