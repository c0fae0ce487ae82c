"""The samples of a list's entries, run through the matcher that searches go through."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from interceptor.config import Config, Matching
from interceptor.decision import Interceptor
from interceptor.termlists.model import Entry, Status, TermList


class Kind(StrEnum):
    """What a sample asks of its entry."""

    MATCH = "match"
    PASS = "pass"  # noqa: S105  (a verb, not a password)


@dataclass(frozen=True, slots=True)
class Failure:
    """A sample that does not do what its entry says; ``number`` counts from 1 within its kind."""

    list_id: str
    entry_id: str
    line: int
    kind: Kind
    number: int
    text: str = field(repr=False)


def failures(
    gate: Interceptor, *, literal: Interceptor | None = None, kinds: Collection[Kind] = tuple(Kind)
) -> Iterator[Failure]:
    """Run every sample of ``kinds`` of every list of ``gate`` and yield those that fail.

    A ``match`` sample has to match its own entry, and be read in that entry's own category; a ``pass`` sample
    must not. What other entries make of it does not count. Retired entries match nothing and are left out.
    ``literal`` holds the same lists and looks for no rewritten terms (`without_rewritings`): what matches there matches
    in ``gate`` too, and is found out much faster.
    """
    for term_list in gate.lists:
        for entry in live_entries(term_list):
            for kind, texts in ((Kind.MATCH, entry.samples.match), (Kind.PASS, entry.samples.pass_)):
                if kind not in kinds:
                    continue
                for number, text in enumerate(texts, 1):
                    found = literal is not None and matches(literal, term_list, entry, text)
                    if (found or matches(gate, term_list, entry, text)) is not (kind is Kind.MATCH):
                        yield Failure(term_list.id, entry.id, entry.line, kind, number, text)


def without_rewritings(lists: Iterable[TermList]) -> Interceptor:
    """``lists`` as they match what stands there letter by letter."""
    return Interceptor(Config(matching=Matching(loosened=False)), lists)


def live_entries(term_list: TermList) -> tuple[Entry, ...]:
    """The entries that are matched: all but the retired ones."""
    return tuple(entry for entry in term_list.entries if entry.status is not Status.RETIRED)


def matches(gate: Interceptor, term_list: TermList, entry: Entry, text: str) -> bool:
    """Whether ``text`` matches ``entry`` in that entry's own category."""
    own = entry.category or term_list.category
    return any(
        (evidence.list_id, evidence.entry_id, evidence.category) == (term_list.id, entry.id, own)
        for evidence in gate.explain(text)
    )
