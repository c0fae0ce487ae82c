"""The process that ``interceptor serve`` starts: it is the keeper, holds the admin listener, and runs workers.

It loads everything and binds every socket first, so that a mistake ends it before any worker exists; workers are
forked from it and share its lists in memory. A worker that dies is replaced at once, and takes over the row that
the dead one counted in, so no count is lost.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

import interceptor
from interceptor.adapters.service import Service
from interceptor.addresses import Address
from interceptor.banner.render import Banner
from interceptor.config import Config
from interceptor.counting.exposition import ListState, State
from interceptor.decision import Interceptor
from interceptor.errors import StartError
from interceptor.keeper import Keeper, Labels
from interceptor.quiet import describe, silence_libraries
from interceptor.reporting import MAX_LINE, KeeperSocket
from interceptor.sidecar import processes, sockets, worker
from interceptor.sidecar.admin import Admin
from interceptor.sidecar.http_server import PublicServer
from interceptor.vocabulary import Category

_log = logging.getLogger(__name__)

_CRASH_LOOP = 1.0
"""Seconds a worker has to live before its successor is started without a pause."""

_GRACE = 5.0
"""Seconds that workers get beyond their drain before they are killed."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the service really listens, ports that were 0 filled in."""

    public: tuple[str, ...]
    admin: str


def run(
    config: Config, announce: Callable[[Listening], None] = lambda _: None, *, keeper_only: bool = False
) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit status. ``announce`` is called once everything answers.

    ``keeper_only``: no public listener and no workers; processes of others report over ``keeper.socket``.
    Raises `ConfigError`, `TermListError` or `StartError` before anything is served.
    """
    silence_libraries()
    return Supervisor(config, keeper_only=keeper_only).run(announce)


class Supervisor:
    """One service: made of a configuration, run once."""

    def __init__(self, config: Config, *, keeper_only: bool = False) -> None:
        if keeper_only and config.keeper.socket is None:
            raise StartError("keeper.socket is not configured: name a Unix socket for adapters to report to")
        self.config = config
        self._rows = 0 if keeper_only else config.server.workers
        self.gate = Interceptor.load(config)
        self.banner = Banner(config)
        self.plan = f"fixed:{self.banner.message_for(Category.SEEKING)}"
        labels = Labels(self.banner.messages, self.banner.languages, self.banner.counted)
        self.keeper = Keeper(config, labels, self.plan, self._rows + 1)
        self._check()
        self._workers: dict[int, tuple[int, float]] = {}
        self._stopping = False

    def _check(self) -> None:
        """Refuse to serve with lists that match nothing at all. Raises `StartError`."""
        for term_list in self.gate.lists:
            terms = [term for entry in term_list.entries for term in (*entry.samples.match, *entry.terms)]
            if terms and not any(self.gate.explain(term) for term in terms[:50]):
                raise StartError(
                    f"list '{term_list.id}' matches none of its own terms; check it with: lists test"
                )

    def run(self, announce: Callable[[Listening], None]) -> int:
        """Bind, fork, watch, drain."""
        server = self.config.server
        with ExitStack() as open_sockets:

            def listen(address: Address, mode: int = 0o660) -> socket.socket:
                listener = sockets.bind(address, mode=mode)
                open_sockets.callback(sockets.release, address, listener)
                return listener

            public = [listen(address) for address in server.listen] if self._rows else []
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
        # Closed when this process ends, however it ends: workers read the end of it and drain.
        lifeline, self._lifeline_writer = os.pipe()
        gc.freeze()  # lists stay in pages that the forked workers share
        try:
            loop.add_signal_handler(signal.SIGCHLD, self._reap, public, lifeline)
            for row in range(self._rows):
                self._start_worker(row, public, lifeline)
            admin_server = PublicServer(Admin(self.keeper, self.state), self.config.limits, _note_fault)
            await admin_server.start([admin])
            if reports is not None:
                take = KeeperSocket(
                    self.keeper, self.keeper.recorder(self._rows), self.config.tickets.lifetime
                )
                await asyncio.start_unix_server(take, sock=reports, limit=MAX_LINE)
            windows = asyncio.create_task(self._close_windows())
            announce(Listening(tuple(map(_name, public)), _name(admin)))
            await stop.wait()
            self._stopping = True
            windows.cancel()
            for listener in public:
                listener.close()  # or the kernel would go on taking connections that nobody answers
            await self._stop_workers()
            await admin_server.stop(1.0)
        finally:
            self._stopping = True
            for process in self._workers:
                os.kill(process, signal.SIGKILL)
            os.close(self._lifeline_writer)
            os.close(lifeline)
        return 0

    def state(self) -> State:
        """What the service is now."""
        return State(
            version=interceptor.__version__,
            mode=self.config.mode,
            plan=self.plan,
            fault_policy=self.config.fault_policy,
            ready=len(self._workers) >= min(self._rows, 1) and not self._stopping,
            lists=tuple(
                ListState(item.id, item.version, item.entries, item.expires) for item in self.gate.summaries
            ),
        )

    # ---- workers

    def _start_worker(self, row: int, public: list[socket.socket], lifeline: int) -> None:
        keep = [listener.fileno() for listener in public] + [lifeline, *self.keeper.descriptors]
        recorder = self.keeper.recorder(row)
        service = Service(self.gate, self.banner, recorder)

        def work() -> int:
            return worker.run(self.config, service, recorder, public, lifeline)

        self._workers[processes.fork(work, keep)] = row, time.monotonic()

    def _reap(self, public: list[socket.socket], lifeline: int) -> None:
        """Take note of workers that ended and start others in their place."""
        for process in list(self._workers):
            ended, status = os.waitpid(process, os.WNOHANG)
            if not ended:
                continue
            row, started = self._workers.pop(process)
            if self._stopping:
                continue
            _log.error("a worker ended (%s); another takes its place", _reason(status))
            pause = max(0.0, _CRASH_LOOP - (time.monotonic() - started))
            asyncio.get_running_loop().call_later(pause, self._restart, row, public, lifeline)

    def _restart(self, row: int, public: list[socket.socket], lifeline: int) -> None:
        if not self._stopping:
            self._start_worker(row, public, lifeline)

    async def _stop_workers(self) -> None:
        for process in self._workers:
            os.kill(process, signal.SIGTERM)
        deadline = time.monotonic() + self.config.limits.drain.total_seconds() + _GRACE
        while self._workers and time.monotonic() < deadline:
            await asyncio.sleep(0.05)  # SIGCHLD empties the table

    # ---- windows

    async def _close_windows(self) -> None:
        while True:
            # At most a minute, so that a clock that is set right is noticed.
            await asyncio.sleep(min(max(self.keeper.seconds_to_close(), 0.01), 60.0))
            self.keeper.close_due_window()


def _note_fault(fault: BaseException) -> None:
    _log.error("the admin listener met a fault: %s", describe(fault))


def _name(listener: socket.socket) -> str:
    place = listener.getsockname()
    if isinstance(place, str):
        return f"unix:{place}"
    host = f"[{place[0]}]" if listener.family == socket.AF_INET6 else place[0]
    return f"{host}:{place[1]}"


def _reason(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"killed by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"exit status {os.WEXITSTATUS(status)}"
