"""The process that ``interceptor serve`` starts: it is the keeper, holds the admin listener, and runs workers.

It loads everything and binds every socket first, so that a mistake ends it before any worker exists. Then it hands
the lists to a process of their own, the fork server, and holds none any more; workers are forked from that and share
its lists in memory. A worker that dies is replaced at once. Changed lists and a changed configuration are built by
another process and checked; then workers of the new generation take over from those of the old.
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
from typing import Any, Final

import interceptor
from interceptor.addresses import Address
from interceptor.config import Config, ReleaseKind
from interceptor.counting.exposition import EVERY_LIST, ListState, State
from interceptor.errors import InterceptorError, StartError
from interceptor.keeper import Keeper
from interceptor.protection import lock_memory
from interceptor.quiet import describe, silence_libraries
from interceptor.reporting import MAX_LINE, KeeperSocket
from interceptor.sidecar import crew, processes, sockets
from interceptor.sidecar.admin import Admin
from interceptor.sidecar.admission import Admission
from interceptor.sidecar.aside import aside
from interceptor.sidecar.bounds import fitted
from interceptor.sidecar.crew import Crew
from interceptor.sidecar.fork_server import ForkServer
from interceptor.sidecar.generation import RefusedError
from interceptor.sidecar.held import Held, LostError, afresh
from interceptor.sidecar.http_server import PublicServer
from interceptor.sidecar.notify import notify, notify_reloading, watchdog_seconds
from interceptor.sidecar.reloading import Reloads, Source
from interceptor.sidecar.updater import Updater
from interceptor.vocabulary import Refusal

_log = logging.getLogger(__name__)


_RECOVERY_PAUSE: Final = 2.0
"""Seconds between two attempts to read lists that no process holds any more."""


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
        self._reloads = reloads
        generation = reloads.first()
        self._facts = generation.facts
        config = self._facts.config
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
        self.keeper = Keeper(config, self._facts.labels, self._facts.plan, self._reports_row + 1)
        self._server = ForkServer(self.keeper, generation)
        self._held: Held | None = None
        self._updater = Updater(config, self.reload, self._refused_now)
        self._crew: Crew | None = None
        self._stopping = False
        self._renewing = asyncio.Lock()
        self._reload_waits = False
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def config(self) -> Config:
        """The configuration in force."""
        return self._facts.config

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
        loop.add_signal_handler(signal.SIGHUP, lambda: self._begin(self.reload("SIGHUP")))
        # Closed when this process ends, however it ends: workers read the end of it and drain.
        lifeline, lifeline_writer = os.pipe()
        processes.adopt_orphans()
        held = Held.take(self._server, self.keeper)
        gc.enable()
        workers = self._crew = Crew(self._size, public, lifeline)
        try:
            loop.add_signal_handler(signal.SIGCHLD, workers.reap)
            if not await workers.start(held):
                raise StartError("the workers do not come up: see the log above")
            self._take_over(held)
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
            self._tell_refusal("at start")
            announce(Listening(tuple(map(_name, public)), _name(admin)))
            notify(READY="1", STATUS=self._status())
            self._server.let_go()
            self._begin(self._watch())
            self._begin(self._updater.run())
            self._begin(self._watchdog())
            await self._keep()
            await stop.wait()
            self._stopping = True
            notify(STOPPING="1", STATUS="draining")
            windows.cancel()
            for task in self._tasks:
                task.cancel()
            for listener in public:
                listener.close()  # or the kernel would go on taking connections that nobody answers
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await workers.stop()
            self.keeper.finish()
            await self._linger()
            await admin_server.stop(1.0)
        finally:
            self._stopping = True
            workers.kill()
            (self._held or held).kill()
            await (self._held or held).lost()
            os.close(lifeline_writer)
            os.close(lifeline)
        return 0

    def state(self) -> State:
        """What the service is now."""
        facts, refused = self._facts, self._reloads.refused
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

    # ---- reloading

    async def reload(self, reason: str) -> bool:
        """Read configuration and lists again and put them in force; True where they are.

        What cannot be used is refused: the generation that serves stays, and readiness, metrics and the log
        tell it. ``reason`` is for the log. One that is asked for while another waits is the same.
        """
        if self._reload_waits:
            return False
        self._reload_waits = True
        async with self._renewing:
            self._reload_waits = False
            notify_reloading()
            done = await self._renew(reason)
            notify(READY="1", STATUS=self._status())
            if done and self._crew is not None:
                await self._keep()
                await self._crew.settled()
            return done

    async def _renew(self, reason: str) -> bool:
        try:
            new = await self._build(self._reloads.next(self._facts.summaries))
            await self._put_in_force(new)
        except RefusedError as refused:
            self._reloads.refused = refused
            self._tell_refusal(reason)
            return False
        self._reloads.refused = None
        _log.info("reloaded (%s): %s", reason, self._status())
        for name in new.facts.restart:
            _log.warning("%s: the change takes effect with a restart", name)
        return True

    async def _build(self, config: Config) -> Held:
        """Build what follows. Raises `RefusedError`."""
        if self._held is not None:
            try:
                return await self._held.successor(config)
            except LostError as fault:
                raise RefusedError((EVERY_LIST, Refusal.DEFECT), str(fault)) from None
        return await afresh(self._server, self.keeper, config, self._facts)

    async def _put_in_force(self, new: Held) -> None:
        """Have workers with the ``new`` generation take over. Raises `RefusedError` where they do not come up."""
        before = self._held
        if self._crew is not None and not await self._crew.start(new):
            await new.close()
            raise RefusedError((EVERY_LIST, Refusal.DEFECT), "the new workers do not come up")
        self._take_over(new)
        if before is not None:
            await before.close()

    def _take_over(self, held: Held) -> None:
        self._held, self._facts = held, held.facts
        self._begin(self._replace_when_lost(held))

    async def _replace_when_lost(self, held: Held) -> None:
        """Should the fork server end that is in use: make another, of what is on disk or what was kept."""
        status = await held.lost()
        if held is not self._held or self._stopping:
            return
        _log.error("the process that holds the lists ended (%s)", processes.how_it_ended(status))
        self._held = None
        while self._held is None:
            async with self._renewing:
                await self._recover()
            await asyncio.sleep(_RECOVERY_PAUSE)

    async def _recover(self) -> None:
        """Build the lists again where no process holds them; workers go on meanwhile."""
        try:
            await self._hold_again(self._reloads.next(self._facts.summaries))
            self._reloads.refused = None
        except RefusedError as refused:
            is_news = str(refused) != str(self._reloads.refused)
            self._reloads.refused = refused
            if is_news:
                self._tell_refusal("no process held the lists")
            try:
                if (kept := self._reloads.kept()) is not None:
                    await self._hold_again(kept)
            except InterceptorError as fault:
                _log.error("what was kept cannot be read: %s", fault)

    async def _hold_again(self, config: Config) -> None:
        if self._held is None:  # a reload may have come first
            await self._put_in_force(await self._build(config))
            if self._crew is not None:
                await self._crew.settled()
            _log.info("lists are held again: %s", self._status())

    def _refused_now(self) -> Refusal | None:
        refused = self._reloads.refused
        return refused.refused[1] if refused is not None else None

    async def _keep(self) -> None:
        """Keep what serves, for a start that finds something broken."""
        try:
            await aside(self._reloads.keep)
        except (OSError, InterceptorError) as fault:
            why = fault.strerror if isinstance(fault, OSError) else fault
            _log.warning("the last good lists cannot be kept for the next start: %s", why)

    async def _watch(self) -> None:
        """Reload when a file of the configuration or of the lists has changed."""
        interval = self.config.server.watch
        while True:
            await asyncio.sleep(interval.total_seconds())
            if self._reloads.changed():
                await self.reload("a file has changed")

    def _tell_refusal(self, reason: str) -> None:
        if self._reloads.refused is not None:
            _log.error("refused (%s); the last good ones serve on: %s", reason, self._reloads.refused)

    def _degraded(self) -> tuple[str, ...]:
        refused = self._reloads.refused
        restart = self._facts.restart
        unheld = self._held is None and self._crew is not None
        return (
            *(("no process holds the lists: workers that end are not replaced",) if unheld else ()),
            *((f"refused, the last good ones serve on: {refused}",) if refused is not None else ()),
            *self._updater.said,
            *((f"changed, and in force with a restart: {', '.join(restart)}",) if restart else ()),
        )

    def _status(self) -> str:
        summaries = self._facts.summaries
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
