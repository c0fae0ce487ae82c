"""How what happens to searches is counted: the verbs, and how a process of the host's own carries them out.

A recorder is told what happened and never to whom; it never sees a query.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final

from interceptor.banner.render import Banner
from interceptor.counting.cells import Cells
from interceptor.counting.families import Families, Outcome
from interceptor.counting.faults import Faults
from interceptor.counting.marks import Marks
from interceptor.experiment.choice import MessageChooser
from interceptor.experiment.plan import Plan
from interceptor.ticket import Names, Ticket, TicketBox
from interceptor.vocabulary import Action, Category

OUTCOMES: Final = tuple(Outcome)
"""By the number that stands for it in a ticket's mark."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Every value that a label can take, declared before the first search; ``messages`` without other cells."""

    messages: tuple[str, ...]
    languages: tuple[str, ...]
    resources: tuple[str, ...]

    @classmethod
    def of(cls, banner: Banner) -> Labels:
        """What ``banner`` can show."""
        return cls(banner.messages, banner.languages, banner.counted)

    def names(self, plan: Plan) -> Names:
        """What tickets can carry under ``plan``."""
        return Names(self.languages, self.messages, plan.identifiers)


class Recorder(ABC):
    """The verbs of counting, each told what happened and never to whom.

    ``tickets`` is the box to mint tickets with, ``chooser`` says which message a warning shows.
    """

    def __init__(self, tickets: TicketBox, chooser: MessageChooser) -> None:
        self.tickets = tickets
        self.chooser = chooser

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


@dataclass(frozen=True, slots=True)
class Memory:
    """What the keeper shares with every process forked after it was made."""

    cells: Cells
    marks: Marks
    faults: Faults


class SharedRecorder(Recorder):
    """Counts for one process in the keeper's shared memory, in a ``row`` of its own."""

    def __init__(
        self, row: int, families: Families, memory: Memory, tickets: TicketBox, chooser: MessageChooser
    ) -> None:
        super().__init__(tickets, chooser)
        self._row, self._families = row, families
        self._cells, self._marks, self._faults = memory.cells, memory.marks, memory.faults
        self._searches = families.number("searches")
        self._messages = {
            message: number
            for number, message in enumerate(families.messages)
            if families.number("warnings", message) not in families.impossible
        }
        self._languages = {language: number for number, language in enumerate(families.languages)}
        self._resources = {resource: number for number, resource in enumerate(families.resources)}

    def searched(self) -> None:
        """See `Recorder.searched`."""
        assert self._searches is not None
        self._cells.add(self._row, self._searches)

    def intervened(self, action: Action, category: Category) -> None:
        """See `Recorder.intervened`."""
        number = self._families.number("interventions", action, category)
        if number is not None and number not in self._families.impossible:
            self._cells.add(self._row, number)

    # What names a ticket of a configuration that is gone is not counted, and takes no place from those that are.

    def warned(self, ticket: Ticket) -> None:
        """See `Recorder.warned`."""
        message = self._messages.get(self.chooser.cell(ticket))
        # A page may be asked for when another plan is in force than the one that it was made under.
        if message is not None and ticket.plan == self.chooser.in_force:
            self._marks.warned(
                *self._key(ticket),
                window=self._cells.current,
                message=message,
                language=self._languages.get(ticket.language),
            )

    def clicked(self, ticket: Ticket, resource: str) -> None:
        """See `Recorder.clicked`."""
        number = self._resources.get(resource)
        if number is not None:
            self._marks.clicked(*self._key(ticket), number)

    def trapped(self, ticket: Ticket) -> None:
        """See `Recorder.trapped`."""
        self._marks.trapped(*self._key(ticket))

    def returned(self, ticket: Ticket, outcome: Outcome) -> None:
        """See `Recorder.returned`."""
        self._marks.returned(*self._key(ticket), OUTCOMES.index(outcome))

    def _key(self, ticket: Ticket) -> tuple[int, int, int]:
        return ticket.serial, ticket.expires, self.tickets.slot()

    def failed(self, fault: BaseException) -> None:
        """See `Recorder.failed`."""
        self._faults.note(self._row, fault)
