"""Which counts there are: every family with every cell, known before the first search.

Marginals rather than cross products (message and language are counted apart), and nothing adds a cell while the
service runs: a series that appears tells that something happened.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from interceptor.vocabulary import Action, Category


class Outcome(StrEnum):
    """What the next search from a warning's own box was."""

    OTHER = "other"
    MATCHING = "matching"


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: its name without prefix and ``_total``, its labels, and the values of each cell."""

    name: str
    help: str
    labels: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]


class Families:
    """All families, with a number for each cell."""

    def __init__(
        self, *, messages: Iterable[str], languages: Iterable[str], resources: Iterable[str]
    ) -> None:
        by_message = tuple((message,) for message in messages)
        self.families = (
            Family("searches", "Searches looked at.", (), ((),)),
            Family(
                "interventions",
                "Searches acted on, or that would have been in shadow mode.",
                ("action", "category"),
                tuple((a, c) for a in (Action.ANNOTATE, Action.REPLACE) for c in Category),
            ),
            Family("warnings", "Banners shown, by message.", ("message",), by_message),
            Family(
                "warnings_by_language",
                "Banners shown, by the banner's language.",
                ("language",),
                tuple((language,) for language in languages),
            ),
            Family("clicks", "Banners on which help was chosen, by message.", ("message",), by_message),
            Family(
                "clicks_by_resource",
                "Banners on which help was chosen, by the help chosen first.",
                ("resource",),
                tuple((resource,) for resource in resources),
            ),
            Family(
                "returns",
                "Banners whose own search box was used, by message and what was searched next.",
                ("message", "outcome"),
                tuple((*message, outcome) for message in by_message for outcome in Outcome),
            ),
        )
        self._numbers: dict[tuple[str, ...], int] = {}
        for family in self.families:
            for cell in family.cells:
                self._numbers[family.name, *cell] = len(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, family: str, *cell: str) -> int | None:
        """The number of a cell, or None where it was not declared (a ticket of another configuration)."""
        return self._numbers.get((family, *cell))
