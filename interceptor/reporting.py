"""How processes that the keeper did not fork report to it: batches over its Unix socket, never waited for.

On connecting, the keeper says what a reporter needs: the ticket key, the tickets' lifetime and the allocation in
force; then, whenever a window opens, the new allocation. A reporter sends events, one JSON array a line, each an
event as `RemoteRecorder` makes it. Whatever goes wrong, the reporter drops events rather than delay a search: with
the keeper gone, warnings are shown as ever, uncounted.

A reporter whose configuration makes another plan than the keeper's goes on with the message that it shows without
an experiment. Its searches count, its warnings do not: counts of two plans never mix.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from interceptor.config import Config
from interceptor.counting.families import Outcome
from interceptor.experiment.choice import MessageChooser
from interceptor.experiment.plan import Plan
from interceptor.experiment.shared import SharedAllocation
from interceptor.keeper import Keeper
from interceptor.recording import Labels, Recorder
from interceptor.ticket import GRAINS, Ticket, TicketBox
from interceptor.vocabulary import Action, Category

_log = logging.getLogger(__name__)

FORMAT = 2
"""Version of what is said over the socket."""

MAX_LINE = 1 << 20
"""Longest batch that the keeper reads, in bytes."""

MAX_WAITING = 8_192
"""Events that a reporter holds while the keeper is away; more are dropped."""

_FLUSH_SECONDS = 0.2
_RETRY_SECONDS = 2.0
_FAREWELL_SECONDS = 1.0
_BATCH = 512
_MOST_UNREAD = 65_536
"""Bytes that a reporter may leave unread before it is let go; an allocation is some 300."""


class RemoteRecorder(Recorder):
    """Holds events until `report` carries them to the keeper; without ``keeper.socket`` it counts nothing.

    ``labels`` and ``plan`` are what the process's own configuration makes. The verbs are safe to call from any
    thread.
    """

    def __init__(self, config: Config, labels: Labels, plan: Plan) -> None:
        self._names = labels.names(plan)
        self._allocation = SharedAllocation(plan)
        # Until the keeper answers, tickets are sealed under a key of our own: valid to nobody, so uncounted.
        box = TicketBox(os.urandom(32), config.tickets.lifetime, self._names)
        super().__init__(box, MessageChooser(plan, self._allocation))
        self._socket = config.keeper.socket
        self._told_of_another_plan = False
        self._events: list[list[Any]] = []
        self.tried = asyncio.Event()
        """Set once the keeper was tried for the first time, there or not: tickets count from then on if it is."""

    def __repr__(self) -> str:
        return "RemoteRecorder()"

    def _say(self, *event: Any) -> None:
        if self._socket is not None and len(self._events) < MAX_WAITING:
            self._events.append(list(event))

    def _tell(self, kind: str, ticket: Ticket, value: str) -> None:
        self._say(kind, ticket.serial, ticket.expires, ticket.plan, self.chooser.cell(ticket), value)

    def searched(self) -> None:
        """See `Recorder.searched`."""
        self._say("searched")

    def intervened(self, action: Action, category: Category) -> None:
        """See `Recorder.intervened`."""
        self._say("intervened", action, category)

    def warned(self, ticket: Ticket) -> None:
        """See `Recorder.warned`."""
        self._tell("warned", ticket, ticket.language)

    def clicked(self, ticket: Ticket, resource: str) -> None:
        """See `Recorder.clicked`."""
        self._tell("clicked", ticket, resource)

    def trapped(self, ticket: Ticket) -> None:
        """See `Recorder.trapped`."""
        self._tell("trapped", ticket, "")

    def returned(self, ticket: Ticket, outcome: Outcome) -> None:
        """See `Recorder.returned`."""
        self._tell("returned", ticket, outcome)

    def failed(self, fault: BaseException) -> None:
        """See `Recorder.failed`; a remote process has its own log for this, so nothing is sent."""

    async def report(self) -> None:
        """Connect to the keeper and report until cancelled; reconnect when it comes back."""
        while self._socket is not None:
            # A keeper that goes, one of another version, or something else at its place: all is tried again.
            with contextlib.suppress(
                OSError, ValueError, TypeError, LookupError, ArithmeticError, RecursionError
            ):
                await self._report_once(self._socket)
            self.tried.set()
            await asyncio.sleep(_RETRY_SECONDS)

    async def _report_once(self, socket: Path) -> None:
        """Connect and report until the keeper goes. Raises whatever a peer's nonsense leads to."""
        reader, writer = await asyncio.open_unix_connection(os.fspath(socket))
        try:
            self._learn(json.loads(await reader.readline()))
            self.tried.set()
            await self._send_batches(reader, writer)
        finally:
            writer.close()

    def _learn(self, hello: dict[str, Any]) -> None:
        if hello["format"] != FORMAT:
            raise ValueError
        key = base64.b64decode(hello["key"], validate=True)
        self.tickets = TicketBox(key, timedelta(seconds=hello["lifetime"]), self._names)
        self._follow(hello)

    def _follow(self, said: dict[str, Any]) -> None:
        """Put the allocation that the keeper has told in force."""
        allocation = self._allocation.decode(base64.b64decode(said["allocation"], validate=True))
        if allocation is not None:
            self._allocation.write(allocation)
        elif not self._told_of_another_plan:
            self._told_of_another_plan = True
            _log.warning(
                "the keeper at keeper.socket has another plan of messages: searches count, warnings do not; "
                "let both read the same configuration"
            )

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        """Follow what the keeper says until it goes. Raises whatever a peer's nonsense leads to."""
        while line := await reader.readline():
            self._follow(json.loads(line))

    async def _send_batches(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        gone = asyncio.ensure_future(self._listen(reader))
        try:
            while not gone.done():
                await self._send(writer)
                await asyncio.wait([gone], timeout=_FLUSH_SECONDS)
        except asyncio.CancelledError:
            # What was counted before the stop; a keeper that is gone or does not read must not hold it up.
            with contextlib.suppress(OSError):
                async with asyncio.timeout(_FAREWELL_SECONDS):
                    await self._send(writer)
            raise
        finally:
            gone.cancel()
            await asyncio.gather(gone, return_exceptions=True)

    async def _send(self, writer: asyncio.StreamWriter) -> None:
        while self._events:
            batch = self._events[:_BATCH]
            del self._events[: len(batch)]  # what another thread has added since stays
            writer.write(json.dumps(batch).encode() + b"\n")
            await writer.drain()


class KeeperSocket:
    """The keeper's end: takes batches in and counts them through ``recorder``, a row of its own."""

    def __init__(self, keeper: Keeper, recorder: Recorder, lifetime: timedelta) -> None:
        self._keeper, self._recorder, self._lifetime = keeper, recorder, lifetime
        self._plans = frozenset(keeper.steering.plan.identifiers)
        self._reporters: set[asyncio.StreamWriter] = set()
        keeper.steering.watch(self._announce)

    def __repr__(self) -> str:
        return "KeeperSocket()"

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of a reporter until it closes or says something that is no batch."""
        try:
            writer.write(self._hello())
            self._reporters.add(writer)
            await writer.drain()
            while line := await reader.readline():
                for event in json.loads(line):
                    self._count(*event)
        except (OSError, ValueError, TypeError, LookupError, ArithmeticError, RecursionError):
            pass  # a reporter of another version or none of ours: let it go
        finally:
            self._reporters.discard(writer)
            writer.close()

    def _hello(self) -> bytes:
        return _line(
            format=FORMAT,
            key=base64.b64encode(self._keeper.key).decode(),
            lifetime=self._lifetime.total_seconds(),
            allocation=base64.b64encode(self._keeper.steering.record).decode(),
        )

    def _announce(self, record: bytes) -> None:
        """Tell every reporter what is in force now; one that does not read is let go."""
        line = _line(allocation=base64.b64encode(record).decode())
        for writer in list(self._reporters):
            if writer.transport.get_write_buffer_size() > _MOST_UNREAD:
                self._reporters.discard(writer)
                writer.transport.abort()
            else:
                writer.write(line)

    def _count(self, kind: str, *values: Any) -> None:
        if kind == "searched":
            self._recorder.searched()
        elif kind == "intervened":
            action, category = values
            self._recorder.intervened(Action(action), Category(category))
        elif kind in ("warned", "clicked", "trapped", "returned"):
            serial, expires, plan, cell, value = values
            if plan in self._plans:
                self._count_ticket(kind, int(serial), int(expires), str(plan), str(cell), str(value))
        else:
            raise ValueError

    def _count_ticket(self, kind: str, serial: int, expires: int, plan: str, cell: str, value: str) -> None:
        # One that cannot be alive must not take the place of those that are (see `counting.marks`).
        if not -1 <= expires - self._keeper.tickets.slot() <= GRAINS + 2:
            raise ValueError
        # The cell stands for the message: as the first of a search that seeks, it counts as itself.
        language = value if kind == "warned" else ""
        ticket = Ticket(serial, expires, Category.SEEKING, language, cell, plan, 0)
        if kind == "warned":
            self._recorder.warned(ticket)
        elif kind == "clicked":
            self._recorder.clicked(ticket, value)
        elif kind == "trapped":
            self._recorder.trapped(ticket)
        else:
            self._recorder.returned(ticket, Outcome(value))


def _line(**said: object) -> bytes:
    return json.dumps(said).encode() + b"\n"
