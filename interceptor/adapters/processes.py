"""One `Service` for each process of a web application, made where the process serves and not before it forks.

Servers such as gunicorn fork their workers, and recycle them. Nothing is opened and no thread is started when an
application is put together; the first request that a process serves makes its service and connects it to the
keeper, which takes as long as a greeting over a Unix socket, and no time where there is no keeper.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import threading

from interceptor.adapters.service import Service
from interceptor.banner.render import Banner
from interceptor.decision import Interceptor
from interceptor.experiment.steering import planned
from interceptor.recording import Labels
from interceptor.reporting import RemoteRecorder

_PATIENCE = 0.25
"""Seconds that a process's first request waits at most for the keeper's ticket key, so that its banner counts."""

_FAREWELL = 1.5
"""Seconds that a process that ends waits at most until its last counts are sent."""


class Services:
    """Gives each process its own service for one gate.

    Raises `ConfigError` where the banner cannot be shown as configured.
    """

    def __init__(self, gate: Interceptor) -> None:
        self._gate, self._banner = gate, Banner(gate.config)
        self._plan = planned(gate.config, self._banner.reviews, self._banner.wording)
        self._lock = threading.Lock()
        self._made: tuple[int, Service] | None = None
        if hasattr(os, "register_at_fork"):
            # A fork may happen while another thread holds the lock.
            os.register_at_fork(after_in_child=self._renew_lock)

    def __repr__(self) -> str:
        return "Services()"

    def here(self) -> Service:
        """The service of the process that calls; the first call of a process makes it."""
        made = self._made
        if made is None or made[0] != os.getpid():
            with self._lock:
                made = self._made
                if made is None or made[0] != os.getpid():
                    made = self._made = os.getpid(), self._make()
        return made[1]

    def _make(self) -> Service:
        config = self._gate.config
        recorder = RemoteRecorder(config, Labels.of(self._banner), self._plan)
        if config.keeper.socket is not None:
            _Reporter(recorder).start()
        return Service(self._gate, self._banner, recorder)

    def _renew_lock(self) -> None:
        self._lock = threading.Lock()


class _Reporter:
    """A thread that reports what one process counts, until the process ends."""

    def __init__(self, recorder: RemoteRecorder) -> None:
        self._recorder = recorder
        self._tried = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="interceptor-reporter", daemon=True)

    def start(self) -> None:
        """Start, and wait shortly for the keeper's first word."""
        self._thread.start()
        atexit.register(self._stop)
        self._tried.wait(_PATIENCE)

    def _run(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._report())

    async def _report(self) -> None:
        self._task = asyncio.ensure_future(self._recorder.report())
        await self._recorder.tried.wait()
        self._tried.set()
        await self._task

    def _stop(self) -> None:
        # The thread ends by itself once the task that it waits for is cancelled and has sent what was left.
        if self._task is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._task.cancel)
            self._thread.join(_FAREWELL)
