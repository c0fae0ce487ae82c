"""How many ordinary queries, words and names are acted on, by the shipped lists and by stand-in lists.

What is acted on is counted in three: what holds a listed term as it stands, in the plain view; what holds a rewriting
of one that `check --explain` names and that keeps the letters of the term in order (``Common Wealth``); and what is
acted on through other letters, which is counted as a misfire whatever its writer meant. Only counts leave this
module; no query and no word is printed.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from benchmarks import languages, peers, queries, wordlists
from benchmarks.intervals import Rate
from interceptor import Action, Interceptor
from interceptor.config import Config, Matching
from interceptor.termlists.model import TermList
from interceptor.termlists.reading import read_lists, shipped_lists

_BETWEEN = "; "
"""Stands between the names of steps."""

OTHER_LETTERS = frozenset(
    {
        "a typing error",
        "a doubled letter once",
        "i and l, u and v swapped",
        "letters drawn with letters",
        "backwards",
        "words backwards",
        "characters beside it",
    }
)
"""Steps after which other letters stand there than those of the term, in its order."""


@dataclass(slots=True)
class Tally:
    """What became of ordinary texts of one kind."""

    texts: int = 0
    plain: Counter[Action] = field(default_factory=Counter)
    """Acted on in the plain view already: a listed term stands there."""
    loosened: Counter[Action] = field(default_factory=Counter)
    """Acted on by another view alone."""
    peers: Counter[str] = field(default_factory=Counter)
    steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What was acted on in a loosened view alone: the steps that `Interceptor.explain` names, and the language."""

    @property
    def holding(self) -> int:
        """Texts that hold a listed term."""
        return self.plain.total()

    @property
    def rewritten(self) -> int:
        """Texts that hold the letters of a listed term in order, and no term as it stands."""
        return self.loosened.total() - self.neither

    @property
    def neither(self) -> int:
        """Texts that are acted on and hold neither a listed term nor such a rewriting of one."""
        return sum(count for (steps, _), count in self.steps.items() if _other_letters(steps))

    @property
    def rate(self) -> Rate:
        """What is acted on by mistake, of those that hold no listed term."""
        return Rate(self.neither, self.texts - self.holding)

    def share(self, action: Action) -> Rate:
        """All that ``action`` was done to, of all texts."""
        return Rate(self.plain[action] + self.loosened[action], self.texts)


def _other_letters(steps: str) -> bool:
    return not OTHER_LETTERS.isdisjoint(steps.split(_BETWEEN))


class Probe:
    """Lists, the interceptor that has them loaded, and the same without any loosened view."""

    def __init__(self, name: str, lists: Iterable[TermList], *, with_peers: bool = False) -> None:
        self.name = name
        self.lists = tuple(lists)
        self._gate = Interceptor(Config(), self.lists)
        self._plain = plain_only(self.lists)
        terms = [term for each in self.lists for entry in each.entries for term in entry.terms]
        self._peers = peers.all_of(terms) if with_peers else {}

    def tally(self, by_language: Iterable[tuple[str, Iterable[str]]]) -> Tally:
        """Decide on every text."""
        tally = Tally()
        for language, texts in by_language:
            for text in texts:
                tally.texts += 1
                action = self._gate.decide(text).action
                if action is not Action.PASS:
                    if self._plain(text):
                        tally.plain[action] += 1
                    else:
                        tally.loosened[action] += 1
                        tally.steps[self._steps(text), language] += 1
                for name, peer in self._peers.items():
                    tally.peers[name] += peer(text)
        return tally

    def _steps(self, text: str) -> str:
        """How the first entry was found that acts on ``text``."""
        found = (evidence for evidence in self._gate.explain(text) if evidence.category is not None)
        return _BETWEEN.join(next(found).steps)


def plain_only(lists: Iterable[TermList]) -> Callable[[str], bool]:
    """Tell of a text whether the plain view alone acts on it."""
    gate = Interceptor(Config(matching=Matching(loosened=False)), lists)
    return lambda text: gate.decide(text).action is not Action.PASS


def probes(size: int) -> list[Probe]:
    """The shipped lists, and the stand-in list of ``size`` entries."""
    return [
        Probe("shipped lists", read_lists(shipped_lists())),
        Probe(f"stand-ins, {size:,}", [languages.term_list(size)], with_peers=True),
    ]


def run_queries(probe: Probe, most: int | None) -> dict[str, Tally]:
    """Tallies of the real queries by kind, ``most`` queries of each language; empty where there are none."""
    found = {}
    for kind, prefix in (("all real queries", ""), ("near_*: children, schools, health", "near_")):
        print(f"misfires: {probe.name}, {kind}", file=sys.stderr)
        lines = queries.load(prefix)
        if lines:
            found[kind] = probe.tally((code, each[:most]) for code, each in lines.items())
    return found


def run_words(probe: Probe, most: int, pairs: int) -> dict[str, Tally]:
    """Tallies of dictionaries, names, and pairs of common words."""
    print(f"misfires: {probe.name}, dictionaries", file=sys.stderr)
    found = {kind: probe.tally(lists) for kind, lists in wordlists.dictionaries(most).items()}
    print(f"misfires: {probe.name}, pairs of words", file=sys.stderr)
    found["pairs of common words"] = probe.tally(wordlists.pairs(pairs))
    return found
