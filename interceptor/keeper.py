"""The one owner of a host's state: counts, used tickets, the ticket key and windows. Never sees a query.

A `Keeper` is made before any process is forked. Each process then counts through a `Recorder` of its own, into
shared memory; only the keeper reads it, and only whole windows leave.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator

from interceptor.config import Config, PlanKind
from interceptor.counting.budget import Budget
from interceptor.counting.cells import Cells
from interceptor.counting.exposition import State, exposition
from interceptor.counting.families import Families
from interceptor.counting.faults import Faults
from interceptor.counting.marks import Marks, Seen
from interceptor.counting.release import MOST_BUFFERS, Before, Release, Released, buffers
from interceptor.counting.released import ReleasedWindow
from interceptor.counting.windows import Windows
from interceptor.errors import StartError
from interceptor.experiment.plan import OWN_MESSAGES, Plan
from interceptor.experiment.steering import Steering
from interceptor.history import History, Total
from interceptor.recording import OUTCOMES, Labels, Memory, SharedRecorder
from interceptor.ticket import GRAINS, TicketBox, load_key

_log = logging.getLogger(__name__)

_DELAY = 1 + 3 / GRAINS
"""Lifetimes of tickets after which a window has been released: the last of them has expired, and some to spare."""


class Keeper:
    """Owns the state; ``rows`` is the number of recorders that count at the same time.

    Raises `StartError` where the ticket key cannot be read, or where tickets live too long for the windows.
    """

    def __init__(
        self, config: Config, labels: Labels, plan: Plan, rows: int, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._clock = clock
        self.families = Families(
            messages=(*labels.messages, *plan.other_cells()),
            languages=labels.languages,
            resources=labels.resources,
            shown=_shown(plan),
        )
        window, lifetime = config.privacy.window, config.tickets.lifetime
        unreleased = buffers(window.total_seconds(), lifetime.total_seconds())
        if unreleased > MOST_BUFFERS:
            raise StartError(
                "tickets.lifetime is too long for privacy.window: a window waits for its tickets; "
                "make the one shorter or the other longer"
            )
        self._rows = rows
        self.cells = Cells(rows + 1, len(self.families), unreleased)  # the last row is for expired tickets
        self.marks = Marks(config.tickets.capacity)
        self.faults = Faults(rows)
        self.history = History.open(config.history.file, config.history.keep)
        self._release = Release(
            self.cells, self.families, Budget.of(config.privacy), Windows(window), self._before()
        )
        self._window = Windows(window)
        self.key = load_key(config.tickets.key_file)
        self.tickets = TicketBox(self.key, lifetime, labels.names(plan), clock=clock)
        self._grain = lifetime.total_seconds() / GRAINS
        self.steering = Steering(plan, self.key, _DELAY * lifetime.total_seconds())
        if plan.arms:
            self.steering.windows_closed(self.history.windows())
        self._finished = self._was_seen = False
        self._open_window()

    def __repr__(self) -> str:
        return "Keeper()"

    def recorder(self, row: int) -> SharedRecorder:
        """The recorder of process ``row``; a process that replaces a dead one takes its row over."""
        memory = Memory(self.cells, self.marks, self.faults)
        return SharedRecorder(row, self.families, memory, self.tickets, self.steering.chooser())

    @property
    def plan(self) -> str:
        """The identifier of the plan in force in the open window."""
        return self.steering.allocation.plan

    @property
    def descriptors(self) -> tuple[int, ...]:
        """File descriptors that a forked process must keep open."""
        return (self.marks.lock_descriptor,)

    def seconds_to_next(self) -> float:
        """How long until `tick` has something to do; zero or less when it is due."""
        now = self._clock()
        return min(self._release.end() - now, (self.tickets.slot() + 1) * self._grain - now)

    def tick(self) -> list[ReleasedWindow]:
        """Do what is due: count expired tickets, close the open window and open the next, release those that can be.

        Returns the windows that were released.
        """
        slot = self.tickets.slot()
        is_over = self._release.is_over(self._clock())
        if is_over:
            self._close_window(slot)
        self._count_expired(slot)
        released = self._take_out(slot)
        if is_over:
            self._open_window()
        return released

    def finish(self) -> list[ReleasedWindow]:
        """Close and release everything, tickets that are alive included: nothing counts after that.

        The open window, which this cuts short, is released under its nominal end.
        """
        self._finished = True
        self._close_window(self.tickets.slot())
        self._count_expired(None)
        return self._take_out(None)

    @property
    def was_seen(self) -> bool:
        """Whether `exposition` has been asked for since `finish`."""
        return self._was_seen

    def _open_window(self) -> None:
        """Open the window that it is time for, and put in force what holds in it."""
        now = self._clock()
        allocation = self.steering.window_opens(*self._window.bounds(now))
        self._release.open(now, allocation.plan, allocation.shares)

    def _close_window(self, slot: int) -> None:
        """Close the open window; faults of that time are told in the log."""
        self._release.close(slot)
        for fault in self.faults.take():
            _log.error("in the window that closed, a search met a fault: %s", fault)

    def _count_expired(self, slot: int | None) -> None:
        """Count what became of tickets that expired; without a ``slot``, of all."""
        for seen, count in self.marks.sweep(slot):
            for cell in self._cells_of(seen):
                number = self.families.number(*cell)
                assert number is not None
                self.cells.add_to(seen.window, self._rows, number, count)

    def _cells_of(self, seen: Seen) -> Iterator[tuple[str, ...]]:
        """The cells, at most one a family, that a ticket counts in."""
        families = self.families
        message = families.messages[seen.message]
        yield "warnings", message
        if seen.language is not None:
            yield "warnings_by_language", families.languages[seen.language]
        if seen.resource is not None:
            yield "clicks", message
            yield "clicks_by_resource", families.resources[seen.resource]
        if seen.returned is not None:
            yield "returns", message, OUTCOMES[seen.returned]

    def _take_out(self, slot: int | None) -> list[ReleasedWindow]:
        """Release windows that no ticket is alive of, and tell those who build on them."""
        released = self._release.release_due(slot)
        for window in released:
            self.history.append(window)
        if released:
            self.steering.windows_closed(released)
        return released

    def _before(self) -> Before:
        """What the history says was released before this start."""
        keys, sums, latest = self.families.keys, self.history.sums(), self.history.latest()
        nothing = Total(0, 0)
        return Before(
            sums=[sums.get(key, nothing).sum for key in keys],
            peaks=[sums.get(key, nothing).peak for key in keys],
            last=[latest.values.get(key, 0) if latest is not None else 0 for key in keys],
            windows=self.history.count,
        )

    @property
    def released(self) -> Released:
        """All that may be shown of counts."""
        return self._release.released

    def exposition(self, state: State) -> bytes:
        """The metrics page."""
        self._was_seen = self._finished
        return exposition(self.families, self._release.released, state)


def _shown(plan: Plan) -> frozenset[str]:
    """The messages, and cells beside them, that a warning can be counted under."""
    drawn = (plan.fixed,) if plan.kind is PlanKind.FIXED else plan.drawn
    own = (plan.cell(message, category, 0) for category, message in OWN_MESSAGES.items())
    return frozenset((*drawn, *own, *plan.other_cells()))
