"""What engines do today, for the same tables: three ways to look terms up in a query."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

import ahocorasick

Peer = Callable[[str], bool]

EXACT = "exact words"
LOWER = "lower + A-C"
NFKC = "NFKC, casefold + A-C"


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _exact(terms: Sequence[str]) -> Peer:
    """A word of the query is a term, as written."""
    known = frozenset(terms)
    return lambda query: not known.isdisjoint(query.split())


def _automaton(terms: Sequence[str], fold: Callable[[str], str]) -> Peer:
    """A term stands anywhere in the query, both folded; no word boundaries."""
    automaton = ahocorasick.Automaton(ahocorasick.STORE_LENGTH)
    for term in terms:
        automaton.add_word(fold(term))
    automaton.make_automaton()
    return lambda query: next(automaton.iter(fold(query)), None) is not None


def all_of(terms: Sequence[str]) -> dict[str, Peer]:
    """The peers by their names in the tables, with ``terms`` loaded."""
    return {
        EXACT: _exact(terms),
        LOWER: _automaton(terms, str.lower),
        NFKC: _automaton(terms, _folded),
    }
