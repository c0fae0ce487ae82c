"""The one owner of a host's state: counts, used tickets, the ticket key and windows. Never sees a query.

A `Keeper` is made before any process is forked. Each process then counts through a `Recorder` of its own, into
shared memory; only the keeper reads it, and only whole windows leave.
"""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from interceptor.config import Config
from interceptor.counting.cells import Cells
from interceptor.counting.exposition import State, exposition
from interceptor.counting.families import Families, Outcome
from interceptor.counting.faults import Faults
from interceptor.counting.marks import Mark, Marks
from interceptor.counting.release import Release
from interceptor.counting.windows import Windows
from interceptor.ticket import Ticket, TicketBox, load_key
from interceptor.vocabulary import Action, Category

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Labels:
    """Every value that a label can take, declared before the first search."""

    messages: tuple[str, ...]
    languages: tuple[str, ...]
    resources: tuple[str, ...]


class Recorder(ABC):
    """The verbs of counting, each told what happened and never to whom; and the box to mint tickets with."""

    def __init__(self, tickets: TicketBox, plan: str) -> None:
        self.tickets = tickets
        self.plan = plan

    @abstractmethod
    def searched(self) -> None:
        """A search was looked at."""

    @abstractmethod
    def intervened(self, action: Action, category: Category) -> None:
        """A search was acted on, or would have been in shadow mode."""

    @abstractmethod
    def warned(self, ticket: Ticket) -> None:
        """The banner of ``ticket`` is shown; counts once a ticket."""

    @abstractmethod
    def clicked(self, ticket: Ticket, resource: str) -> None:
        """Help was chosen on the banner of ``ticket``; counts once a ticket."""

    @abstractmethod
    def trapped(self, ticket: Ticket) -> None:
        """The link that no person follows was followed on the banner of ``ticket``: its reader is a program."""

    @abstractmethod
    def returned(self, ticket: Ticket, outcome: Outcome) -> None:
        """The banner's own search box was used; counts once a ticket."""

    @abstractmethod
    def failed(self, fault: BaseException) -> None:
        """Something raised that should not; told when the window closes, by type and code location alone."""


class SharedRecorder(Recorder):
    """Counts for one process in the keeper's shared memory."""

    def __init__(self, row: int, keeper: Keeper) -> None:
        super().__init__(keeper.tickets, keeper.plan)
        self._row = row
        self._families, self._cells = keeper.families, keeper.cells
        self._marks, self._faults = keeper.marks, keeper.faults
        self._searches = keeper.families.number("searches")

    def _add(self, family: str, *cell: str) -> None:
        number = self._families.number(family, *cell)
        if number is not None:  # a ticket of a configuration that is gone names what is no more: not counted
            self._cells.add(self._row, number)

    def searched(self) -> None:
        """See `Recorder.searched`."""
        assert self._searches is not None
        self._cells.add(self._row, self._searches)

    def intervened(self, action: Action, category: Category) -> None:
        """See `Recorder.intervened`."""
        self._add("interventions", action, category)

    def warned(self, ticket: Ticket) -> None:
        """See `Recorder.warned`."""
        if self._marks.mark(ticket.serial, ticket.expires, Mark.WARNED):
            self._add("warnings", ticket.message)
            self._add("warnings_by_language", ticket.language)

    def clicked(self, ticket: Ticket, resource: str) -> None:
        """See `Recorder.clicked`."""
        if self._marks.mark(ticket.serial, ticket.expires, Mark.CLICKED):
            self._add("clicks", ticket.message)
            self._add("clicks_by_resource", resource)

    def trapped(self, ticket: Ticket) -> None:
        """See `Recorder.trapped`."""
        self._marks.mark(ticket.serial, ticket.expires, Mark.TRAPPED)

    def returned(self, ticket: Ticket, outcome: Outcome) -> None:
        """See `Recorder.returned`."""
        if self._marks.mark(ticket.serial, ticket.expires, Mark.RETURNED):
            self._add("returns", ticket.message, outcome)

    def failed(self, fault: BaseException) -> None:
        """See `Recorder.failed`."""
        self._faults.note(self._row, fault)


class Keeper:
    """Owns the state; ``rows`` is the number of recorders that count at the same time.

    Raises `StartError` where the ticket key cannot be read.
    """

    def __init__(
        self, config: Config, labels: Labels, plan: str, rows: int, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._clock = clock
        self.plan = plan
        self.families = Families(
            messages=labels.messages, languages=labels.languages, resources=labels.resources
        )
        self.cells = Cells(rows, len(self.families))
        self.marks = Marks(config.tickets.capacity)
        self.faults = Faults(rows)
        self._release = Release(self.cells, Windows(config.privacy.window), clock())
        self.key = load_key(config.tickets.key_file)
        self.tickets = TicketBox(self.key, config.tickets.lifetime, clock=clock)

    def __repr__(self) -> str:
        return "Keeper()"

    def recorder(self, row: int) -> SharedRecorder:
        """The recorder of process ``row``; a process that replaces a dead one takes its row over."""
        return SharedRecorder(row, self)

    @property
    def descriptors(self) -> tuple[int, ...]:
        """File descriptors that a forked process must keep open."""
        return (self.marks.lock_descriptor,)

    def seconds_to_close(self) -> float:
        """How long the open window has still to run; zero or less when it is due."""
        return self._release.released.window_end - self._clock()

    def close_due_window(self) -> bool:
        """Release the open window if its end has come; faults of that time are told in the log."""
        if not self._release.due(self._clock()):
            return False
        self._release.close(self._clock())
        for fault in self.faults.take():
            _log.error("in the window that closed, a search met a fault: %s", fault)
        return True

    def exposition(self, state: State) -> bytes:
        """The metrics page."""
        return exposition(self.families, self._release.released, state)
