"""Which counts there are: every family with every cell, known before the first search.

Marginals rather than cross products (message and language are counted apart), and nothing adds a cell while the
service runs: a series that appears tells that something happened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
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


_NEVER_REPLACED = frozenset((Category.HELP_SEEKING, Category.INFORMATIONAL))
"""Categories whose results no configuration replaces."""


class Families:
    """All families, with a number for each cell.

    ``shown`` are the messages that can be shown; None is all. ``impossible`` are the numbers of cells in which nothing
    can ever be counted: they are zero, without noise.
    """

    def __init__(
        self,
        *,
        messages: Iterable[str],
        languages: Iterable[str],
        resources: Iterable[str],
        shown: Collection[str] | None = None,
    ) -> None:
        self.messages, self.languages, self.resources = tuple(messages), tuple(languages), tuple(resources)
        by_message = tuple((message,) for message in self.messages)
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
                tuple((language,) for language in self.languages),
            ),
            Family("clicks", "Banners on which help was chosen, by message.", ("message",), by_message),
            Family(
                "clicks_by_resource",
                "Banners on which help was chosen, by the help chosen first.",
                ("resource",),
                tuple((resource,) for resource in self.resources),
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
        self.impossible = frozenset(
            number for key, number in self._numbers.items() if not _is_possible(key, shown)
        )

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """``(family, *labels)`` of each cell, in the order of their numbers."""
        return tuple(self._numbers)

    def numbers(self, family: Family) -> range:
        """The numbers of a family's cells, in their order."""
        first = self._numbers[family.name, *family.cells[0]] if family.cells else 0
        return range(first, first + len(family.cells))

    def number(self, family: str, *cell: str) -> int | None:
        """The number of a cell, or None where it was not declared (a ticket of another configuration)."""
        return self._numbers.get((family, *cell))


def _is_possible(key: tuple[str, ...], shown: Collection[str] | None) -> bool:
    if key[0] == "interventions":
        return not (key[1] == Action.REPLACE and key[2] in _NEVER_REPLACED)
    return key[0] not in ("warnings", "clicks", "returns") or shown is None or key[1] in shown
