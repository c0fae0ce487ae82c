"""How processes that the keeper did not fork report to it: batches over its Unix socket, one way, never waited for.

On connecting, the keeper says what a reporter needs: the ticket key, the tickets' lifetime and the plan. After
that only events come in, one JSON array a line, each an event as `RemoteRecorder` makes it. Whatever goes wrong,
the reporter drops events rather than delay a search: with the keeper gone, warnings are shown as ever, uncounted.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from interceptor.config import Tickets
from interceptor.counting.families import Outcome
from interceptor.keeper import Keeper, Recorder
from interceptor.ticket import GRAINS, Ticket, TicketBox
from interceptor.vocabulary import Action, Category

FORMAT = 1
"""Version of what is said over the socket."""

MAX_LINE = 1 << 20
"""Longest batch that the keeper reads, in bytes."""

MAX_WAITING = 8_192
"""Events that a reporter holds while the keeper is away; more are dropped."""

_FLUSH_SECONDS = 0.2
_RETRY_SECONDS = 2.0
_FAREWELL_SECONDS = 1.0
_BATCH = 512


class RemoteRecorder(Recorder):
    """Holds events until `report` carries them to the keeper; without a ``socket`` it counts nothing.

    The verbs are safe to call from any thread.
    """

    def __init__(self, socket: Path | None, tickets: Tickets) -> None:
        # Until the keeper answers, tickets are sealed under a key of our own: valid to nobody, so uncounted.
        super().__init__(TicketBox(os.urandom(32), tickets.lifetime), plan="")
        self._socket = socket
        self._events: list[list[Any]] = []
        self.tried = asyncio.Event()
        """Set once the keeper was tried for the first time, there or not: tickets count from then on if it is."""

    def __repr__(self) -> str:
        return "RemoteRecorder()"

    def _say(self, *event: Any) -> None:
        if self._socket is not None and len(self._events) < MAX_WAITING:
            self._events.append(list(event))

    def searched(self) -> None:
        """See `Recorder.searched`."""
        self._say("searched")

    def intervened(self, action: Action, category: Category) -> None:
        """See `Recorder.intervened`."""
        self._say("intervened", action, category)

    def warned(self, ticket: Ticket) -> None:
        """See `Recorder.warned`."""
        self._say("warned", ticket.serial, ticket.expires, ticket.message, ticket.language)

    def clicked(self, ticket: Ticket, resource: str) -> None:
        """See `Recorder.clicked`."""
        self._say("clicked", ticket.serial, ticket.expires, ticket.message, resource)

    def trapped(self, ticket: Ticket) -> None:
        """See `Recorder.trapped`."""
        self._say("trapped", ticket.serial, ticket.expires, ticket.message)

    def returned(self, ticket: Ticket, outcome: Outcome) -> None:
        """See `Recorder.returned`."""
        self._say("returned", ticket.serial, ticket.expires, ticket.message, outcome)

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
        self.tickets = TicketBox(key, timedelta(seconds=hello["lifetime"]))
        self.plan = str(hello["plan"])

    async def _send_batches(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        gone = asyncio.ensure_future(reader.read(1))  # the keeper says no more: this ends when it goes
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

    async def _send(self, writer: asyncio.StreamWriter) -> None:
        while self._events:
            batch = self._events[:_BATCH]
            del self._events[: len(batch)]  # what another thread has added since stays
            writer.write(json.dumps(batch).encode() + b"\n")
            await writer.drain()


class KeeperSocket:
    """The keeper's end: takes batches in and counts them through ``recorder``, a row of its own."""

    def __init__(self, keeper: Keeper, recorder: Recorder, lifetime: timedelta) -> None:
        self._hello = json.dumps(
            {
                "format": FORMAT,
                "key": base64.b64encode(keeper.key).decode(),
                "lifetime": lifetime.total_seconds(),
                "plan": keeper.plan,
            }
        ).encode()
        self._recorder = recorder
        self._tickets = keeper.tickets

    def __repr__(self) -> str:
        return "KeeperSocket()"

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of a reporter until it closes or says something that is no batch."""
        try:
            writer.write(self._hello + b"\n")
            await writer.drain()
            while line := await reader.readline():
                for event in json.loads(line):
                    self._count(*event)
        except (OSError, ValueError, TypeError, LookupError, ArithmeticError, RecursionError):
            pass  # a reporter of another version or none of ours: let it go
        finally:
            writer.close()

    def _count(self, kind: str, *values: Any) -> None:
        if kind == "searched":
            self._recorder.searched()
        elif kind == "intervened":
            self._recorder.intervened(Action(values[0]), Category(values[1]))
        elif kind == "warned":
            serial, expires, message, language = values
            self._recorder.warned(self._ticket(serial, expires, message, language))
        elif kind == "clicked":
            serial, expires, message, resource = values
            self._recorder.clicked(self._ticket(serial, expires, message), str(resource))
        elif kind == "trapped":
            serial, expires, message = values
            self._recorder.trapped(self._ticket(serial, expires, message))
        elif kind == "returned":
            serial, expires, message, outcome = values
            self._recorder.returned(self._ticket(serial, expires, message), Outcome(outcome))
        else:
            raise ValueError

    def _ticket(self, serial: int, expires: int, message: str, language: str = "") -> Ticket:
        # One that cannot be alive must not take the place of those that are (see `counting.marks`).
        if not -1 <= int(expires) - self._tickets.slot() <= GRAINS + 2:
            raise ValueError
        return Ticket(int(serial), int(expires), Category.SEEKING, str(language), str(message), "", 0)
