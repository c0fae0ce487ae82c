"""The message of one warning: drawn anew for each, from a cryptographic source, for nobody in particular."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import NamedTuple

from interceptor.experiment.plan import Plan
from interceptor.experiment.shared import SharedAllocation
from interceptor.ticket import Ticket
from interceptor.vocabulary import Category

_random = secrets.SystemRandom().random


class Choice(NamedTuple):
    """A message, and the identifier of the plan that chose it."""

    message: str
    plan: str


class MessageChooser:
    """Chooses messages in one process; ``uniform`` gives numbers from 0 up to but not including 1."""

    def __init__(
        self, plan: Plan, shared: SharedAllocation, *, uniform: Callable[[], float] = _random
    ) -> None:
        self._plan, self._shared, self._uniform = plan, shared, uniform

    @property
    def in_force(self) -> str:
        """The identifier of the plan that is in force."""
        return self._shared.read().plan

    def choose(self, category: Category, prior: int = 0) -> Choice:
        """The message for one warning; ``prior`` is how many warnings came before, from its ticket (0 to 3)."""
        allocation = self._shared.read()
        settled = self._plan.settled(category, prior)
        return Choice(settled or draw(allocation.shares, self._uniform()), allocation.plan)

    def cell(self, ticket: Ticket) -> str:
        """The cell that the warning of ``ticket`` is counted in; see `Plan.cell`."""
        return self._plan.cell(ticket.message, ticket.category, ticket.prior)


def draw(shares: Mapping[str, float], number: float) -> str:
    """The message that ``number`` (from 0, below 1) falls on, each with its share."""
    message = ""
    for message, share in shares.items():
        number -= share
        if number < 0:
            return message
    return message  # shares of floats may sum to a hair less than 1
