"""The exchange of what serves: for what is on disk now, or for another where the process that holds it is lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from interceptor.config import Config
from interceptor.counting.exposition import EVERY_LIST
from interceptor.errors import InterceptorError, StartError
from interceptor.keeper import Keeper
from interceptor.sidecar import processes
from interceptor.sidecar.aside import aside
from interceptor.sidecar.crew import Crew
from interceptor.sidecar.fork_server import ForkServer
from interceptor.sidecar.generation import RefusedError
from interceptor.sidecar.held import Held, LostError, afresh
from interceptor.sidecar.notify import notify, notify_reloading
from interceptor.sidecar.reloading import Reloads
from interceptor.vocabulary import Refusal

_log = logging.getLogger(__name__)

_RECOVERY_PAUSE: Final = 2.0
"""Seconds between two attempts to read lists that no process holds any more."""


class Renewal:
    """Keeps one generation in force: the one that ``server`` holds at first, then what ``reloads`` reads.

    ``status`` says in a few words how the service is, for the log and the service manager.
    """

    def __init__(
        self, reloads: Reloads, server: ForkServer, keeper: Keeper, status: Callable[[], str]
    ) -> None:
        assert server.generation is not None
        self.facts = server.generation.facts
        """What is told of the generation in force."""
        self._reloads, self._server, self._keeper, self._status = reloads, server, keeper, status
        self._crew: Crew | None = None
        self._held: Held | None = None
        self._ended = False
        self._renewing = asyncio.Lock()
        self._reload_waits = False
        self._guards: set[asyncio.Task[None]] = set()

    # ---- from the first generation to the last

    async def begin(self, crew: Crew) -> None:
        """Put the first generation in force with the workers of ``crew``. Raises `StartError`."""
        self._crew = crew
        held = Held.take(self._server, self._keeper)
        if not await crew.start(held):
            held.kill()
            await held.lost()
            raise StartError("the workers do not come up: see the log above")
        self._take_over(held)
        self.tell_refusal("at start")

    def let_go(self) -> None:
        """Give back the memory of the first generation: another process holds it."""
        self._server.let_go()

    async def end(self) -> None:
        """End the process that holds the lists; nothing is put in force any more."""
        self._ended = True
        for guard in self._guards:
            guard.cancel()
        await asyncio.gather(*self._guards, return_exceptions=True)
        if self._held is not None:
            self._held.kill()
            await self._held.lost()

    # ---- what there is

    @property
    def refused(self) -> RefusedError | None:
        """Why what is on disk is not what serves, where that is so."""
        return self._reloads.refused

    @property
    def said(self) -> tuple[str, ...]:
        """What is wrong, as sentences."""
        refused, restart = self._reloads.refused, self.facts.restart
        return (
            *((f"refused, the last good ones serve on: {refused}",) if refused is not None else ()),
            *((f"changed, and in force with a restart: {', '.join(restart)}",) if restart else ()),
            *(
                ("no process holds the lists: workers that end are not replaced",)
                if self._crew is not None and self._held is None
                else ()
            ),
        )

    def tell_refusal(self, reason: str) -> None:
        """Log what was refused, if anything was."""
        if self._reloads.refused is not None:
            _log.error("refused (%s); the last good ones serve on: %s", reason, self._reloads.refused)

    # ---- what is on disk now

    async def watch(self) -> None:
        """Reload when a file of the configuration or of the lists has changed, until cancelled."""
        while True:
            await asyncio.sleep(self.facts.config.server.watch.total_seconds())
            if self._reloads.changed():
                await self.reload("a file has changed")

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
                await self.keep()
                await self._crew.settled()
            return done

    async def keep(self) -> None:
        """Keep what serves, for a start that finds something broken."""
        try:
            await aside(self._reloads.keep)
        except (OSError, InterceptorError) as fault:
            why = fault.strerror if isinstance(fault, OSError) else fault
            _log.warning("the last good lists cannot be kept for the next start: %s", why)

    async def _renew(self, reason: str) -> bool:
        try:
            new = await self._build(self._reloads.next(self.facts.summaries))
            await self._put_in_force(new)
        except RefusedError as refused:
            self._reloads.refused = refused
            self.tell_refusal(reason)
            return False
        self._reloads.refused = None
        _log.info("reloaded (%s): %s", reason, self._status())
        for name in new.facts.restart:
            _log.warning("%s: the change takes effect with a restart", name)
        return True

    async def _build(self, config: Config) -> Held:
        """Build what follows. Raises `RefusedError`."""
        if self._held is None:
            return await afresh(self._server, self._keeper, config, self.facts)
        try:
            return await self._held.successor(config)
        except LostError as fault:
            raise RefusedError((EVERY_LIST, Refusal.DEFECT), str(fault)) from None

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
        self._held, self.facts = held, held.facts
        guard = asyncio.get_running_loop().create_task(self._replace_when_lost(held))
        self._guards.add(guard)
        guard.add_done_callback(self._guards.discard)

    # ---- another for one that is lost

    async def _replace_when_lost(self, held: Held) -> None:
        """Should the fork server end that is in use: make another, of what is on disk or what was kept."""
        status = await held.lost()
        if held is not self._held or self._ended:
            return
        _log.error("the process that holds the lists ended (%s)", processes.how_it_ended(status))
        self._held = None
        while self._held is None and not self._ended:
            async with self._renewing:
                await self._recover()
            await asyncio.sleep(_RECOVERY_PAUSE)

    async def _recover(self) -> None:
        """Build the lists again where no process holds them; workers go on meanwhile."""
        try:
            await self._hold_again(self._reloads.next(self.facts.summaries))
            self._reloads.refused = None
        except RefusedError as refused:
            is_news = str(refused) != str(self._reloads.refused)
            self._reloads.refused = refused
            if is_news:
                self.tell_refusal("no process held the lists")
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
