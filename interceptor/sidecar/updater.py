"""Fetches lists on a schedule and puts them in force, while the service goes on.

The fetch itself runs in a process of its own, started anew: it has no list in the clear, no identity that opens one,
and cannot hold up the event loop. What it brings is put in force by the same reload as any change; a list that the
reload refuses is taken out again and the one before stays, for the next start too.
"""

from __future__ import annotations

import asyncio
import logging
import random
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import interceptor
from interceptor.config import Config
from interceptor.errors import StartError
from interceptor.protection import without_secrets
from interceptor.quiet import describe
from interceptor.settings.updates import Source, Updates
from interceptor.transport.exchange import order, read_report
from interceptor.transport.refusals import SENTENCES
from interceptor.transport.staging import Fetched, confirm, promote, restore
from interceptor.vocabulary import Refusal

_log = logging.getLogger(__name__)

_JITTER: Final = 0.25
"""How far a pause strays from the interval, as a share of it: services do not all ask at once."""

_GRACE: Final = 15.0
"""Seconds that the fetching process gets beyond its deadline before it is killed."""

_LOOK_SECONDS: Final = 0.1


class Updater:
    """Fetches what ``config.updates`` names.

    ``reload`` reads all lists again and tells whether they are in force; ``refused`` tells why the last reload was
    refused, None where it was not. Raises `StartError` as `check` does.
    """

    def __init__(
        self,
        config: Config,
        reload: Callable[[str], Awaitable[bool]],
        refused: Callable[[], Refusal | None],
    ) -> None:
        check(config)
        self._updates = config.updates
        self._secrets = tuple(filter(None, [config.lists_identity.environment]))
        self._reload, self._reload_refused = reload, refused
        self._refusals: dict[str, Refusal] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """What metrics call the lists that are fetched."""
        return tuple(label(name) for source in self._updates.sources for name in source.lists)

    @property
    def refusals(self) -> frozenset[tuple[str, Refusal]]:
        """The lists whose last fetch was refused, and why."""
        return frozenset(self._refusals.items())

    @property
    def said(self) -> tuple[str, ...]:
        """The refusals as sentences."""
        return tuple(
            f"the list '{name}' could not be updated ({reason}): {SENTENCES[reason]}"
            for name, reason in sorted(self._refusals.items())
        )

    async def run(self) -> None:
        """Fetch now and then once an interval, until cancelled."""
        while self._updates.sources:
            for source in self._updates.sources:
                try:
                    await self.update(source)
                except Exception as fault:
                    # The next round may go well; the fault's message may hold anything.
                    _log.error("an update from '%s' failed: %s", source.name, describe(fault))
            interval = self._updates.interval.total_seconds()
            await asyncio.sleep(interval * random.uniform(1 - _JITTER, 1 + _JITTER))  # noqa: S311

    async def update(self, source: Source) -> None:
        """Fetch from ``source`` and put in force what is new."""
        folder = self._updates.folder(source)
        for fetched in await self._fetch(source, folder):
            reason = fetched.reason
            if fetched.changed:
                reason = await self._put_in_force(folder, fetched.name)
            self._note(source, fetched, reason)

    async def _fetch(self, source: Source, folder: Path) -> tuple[Fetched, ...]:
        deadline = self._updates.deadline.total_seconds()
        failed = tuple(Fetched(name, False, Refusal.DEFECT) for name in source.lists)
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", "interceptor.transport"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # its libraries would write addresses
                cwd=Path(interceptor.__file__).parents[1],  # so that this very package is found
                env=without_secrets(self._secrets),
            )
        except OSError as fault:
            _log.error("the process that fetches lists does not start: %s", fault.strerror)
            return failed
        assert process.stdin is not None and process.stdout is not None
        try:
            # Both fit into a pipe, so neither side waits for the other.
            process.stdin.write(order(source, folder, deadline))
            process.stdin.close()
            end = time.monotonic() + deadline + _GRACE
            while process.poll() is None:
                if time.monotonic() > end:
                    return tuple(Fetched(name, False, Refusal.SLOW) for name in source.lists)
                await asyncio.sleep(_LOOK_SECONDS)
            return read_report(process.stdout.read())
        except (OSError, ValueError, LookupError, TypeError) as fault:
            _log.error("the process that fetches lists failed: %s", describe(fault))
            return failed
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            process.stdout.close()

    async def _put_in_force(self, folder: Path, name: str) -> Refusal | None:
        """Put a list that was fetched in force; why it cannot be, or None."""
        try:
            promote(folder, name)
            try:
                while not await self._reload(f"fetched the list '{label(name)}'"):
                    if reason := self._reload_refused():
                        return reason
                    await asyncio.sleep(
                        _LOOK_SECONDS
                    )  # another reload is on its way, which takes this list too
                confirm(folder, name)
            finally:
                restore(folder, name)  # does nothing once it is confirmed
        except OSError as fault:
            _log.error("updates.state: cannot be written (%s)", fault.strerror)
            return Refusal.DEFECT
        return None

    def _note(self, source: Source, fetched: Fetched, reason: Refusal | None) -> None:
        name = label(fetched.name)
        if reason is None:
            self._refusals.pop(name, None)
            if fetched.changed:
                _log.info("the list '%s' from '%s' is in force", name, source.name)
            return
        self._refusals[name] = reason
        _log.error(
            "the list '%s' from '%s' is refused (%s): %s; the last good one goes on",
            name,
            source.name,
            reason,
            SENTENCES[reason],
        )


def label(name: str) -> str:
    """What metrics and messages call the list in the file ``name``: ``garden`` for ``garden.yaml.age``."""
    return name.rsplit(".", 2)[0]


def check(config: Config) -> None:
    """Look for what would let every fetch fail.

    Raises `StartError` where nothing is named that opens sealed lists, or the root of a source cannot be read.
    """
    if not config.updates.sources:
        return
    if not config.lists_identity.is_named:
        raise StartError(
            "lists_identity: not configured, and lists that are fetched come sealed; name what opens them"
        )
    for source in config.updates.sources:
        try:
            with source.root.open("rb") as file:
                file.read(1)
        except OSError as fault:
            raise StartError(
                f"{source.root}: the root of '{source.name}' cannot be read ({fault.strerror}); "
                "ask the curator for root.json"
            ) from None


def recover(updates: Updates) -> None:
    """Take out lists that were on trial when the service ended: nobody knows whether they work.

    Raises `StartError`.
    """
    try:
        for source in updates.sources:
            for name in source.lists:
                restore(updates.folder(source), name)
    except OSError as fault:
        raise StartError(f"updates.state: cannot be written ({fault.strerror})") from None
