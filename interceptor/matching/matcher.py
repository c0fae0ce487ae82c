"""From a query to the entries that match it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from interceptor.config import Matching
from interceptor.folding import plain
from interceptor.folding.spellings import spellings
from interceptor.matching import exceptions, operators, proximity
from interceptor.matching.entries import EntryTable, Rule
from interceptor.matching.exceptions import ContextRule
from interceptor.matching.first_look import FirstLook
from interceptor.matching.index import Hit, PatternIndex, Use
from interceptor.matching.letters import Letters
from interceptor.matching.operators import Scope
from interceptor.matching.pieces import Pieces
from interceptor.matching.prefilter import prefilter
from interceptor.matching.readings import Reader
from interceptor.matching.rewritable import Rewritable, rewritten
from interceptor.matching.sieve import Need, Sieve
from interceptor.termlists.groups import words_of
from interceptor.termlists.model import Entry, MatchMode, Outcome, Status, TermList, Unless
from interceptor.vocabulary import Category

_IN_WORDS = frozenset({"letters spaced out", "a word split", "punctuation inside a word"})
"""Steps that undo what was put inside a word."""


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that matched: how the query is to be read for it, and where in the folded view it stood."""

    entry: int
    category: Category | None
    """None where an exception says that this is an ordinary reading."""
    start: int
    end: int
    steps: tuple[str, ...] = ()
    """The rewritings that were undone to find it; the span is then one of that reading."""


@dataclass(frozen=True, slots=True)
class Tables:
    """All lists as a matcher needs them, whatever its bounds are: what the compiled form holds."""

    entries: EntryTable
    index: PatternIndex
    rewritable: Rewritable | None = None
    """What is known under the default bounds of patterns that may be rewritten; None where it has not been made."""
    pieces: Pieces | None = None
    """What the sieve looks for under these; None where it has not been made."""

    @classmethod
    def of(cls, lists: Iterable[TermList]) -> Tables:
        """Fold and gather everything that ``lists`` say; retired entries are left out."""
        entries, index = EntryTable(), PatternIndex()
        derived: list[tuple[str, Use]] = []
        for term_list in lists:
            builder = _ListBuilder(term_list, entries, index)
            for entry in term_list.entries:
                if entry.status is not Status.RETIRED:
                    builder.add(entry)
            derived += builder.derived
        for pattern, use in derived:
            # A spelling that a curator listed belongs to that entry and its exceptions alone.
            if not index.has(pattern):
                index.add(pattern, use)
        index.finish()
        return cls(entries, index)

    def made(self, bounds: Matching) -> tuple[Rewritable | None, Pieces]:
        """What is known of patterns that may be rewritten, and what the sieve looks for, under ``bounds``."""
        if bounds == Matching() and self.pieces is not None:
            return self.rewritable, self.pieces
        patterns = list(rewritten(self.index, bounds)) if bounds.loosened else []
        pieces = Pieces.of(
            (pattern for _, pattern in self.index.patterns()),
            ((pattern, key) for _, pattern, key in patterns),
            bounds,
        )
        return Rewritable.of(patterns, bounds) if bounds.loosened else None, pieces


class Matcher:
    """All lists, ready to match. Immutable and safe to use from many threads."""

    def __init__(self, lists: Iterable[TermList] | Tables, bounds: Matching | None = None) -> None:
        tables = lists if isinstance(lists, Tables) else Tables.of(lists)
        self.entries, self._index = tables.entries, tables.index
        bounds = bounds or Matching()
        self._reads_operators = bounds.operators
        rewritable, pieces = tables.made(bounds)
        self._reader = Reader(self._index, bounds, rewritable) if rewritable else None
        letters = Letters((*pieces.text, *pieces.skeleton, *self._index.whole))
        causes = self._reader.causes if self._reader else None
        self._sieve = Sieve(pieces, letters, self._index, self._reader, bounds)
        self.look = FirstLook(
            pieces, letters, self._index, causes, prefilter(self._sieve, letters, pieces)
        ).look
        """Takes a first look at a query, which is all that most searches pay for: gives None where `find` would find
        nothing, else what `find_in` asks for."""

    def __repr__(self) -> str:
        return f"Matcher({len(self.entries)} entries, {len(self._index)} patterns)"

    def find(self, query: str) -> list[Match]:
        """Return the entries that match ``query`` in any reading; linear in its length.

        An entry stands once for every category that its readings give it, with the plainest of these.
        """
        text = self.look(query)
        return self.find_in(query, text) if text is not None else []

    def find_in(self, query: str, text: str) -> list[Match]:
        """Return what `find` does for ``query``, after a first look that gave ``text``."""
        need = self._sieve.need(query, text)
        if not need and not (self._reads_operators and operators.may_leave_out(query)):
            return []
        scope = operators.read(query) if self._reads_operators else None
        if scope is None or not scope.left_out:
            return self._find(query, need, scope)
        rest = scope.rest
        left = self.look(rest)
        matches = [] if left is None else self._find(scope.text, self._sieve.need(rest, left), scope)
        # A sign inside a word of a term excludes nothing, whatever stands before it.
        matches += [match for match in self._find(query, need) if not _IN_WORDS.isdisjoint(match.steps)]
        return matches

    def left_out(self, query: str) -> tuple[str, ...]:
        """What of ``query`` is not looked for, as it stands there: excluded words, places and the like."""
        scope = operators.read(query) if self._reads_operators else None
        return scope.left_out if scope else ()

    def searched(self, query: str) -> str:
        """``query`` with spaces in the place of what `left_out` tells: the text that matches have places in."""
        scope = operators.read(query) if self._reads_operators else None
        return scope.text if scope else query

    def _find(self, query: str, need: Need, scope: Scope | None = None) -> list[Match]:
        if need is Need.NOTHING:
            return []
        words = plain.words_of(query)
        text = f" {' '.join(words)} "
        hits = self._index.hits(text)
        quoted = operators.regions(scope, text) if hits and scope and scope.phrases else []
        matches = self._judge_all(text, hits, (), quoted) if hits else []
        if self._reader is not None:
            # What matches as it stands is not read as a rewriting of something else: its exceptions hold.
            taken = [(match.start, match.end) for match in matches]
            known = {(match.entry, match.category) for match in matches}
            literal = scope.literal if scope else ()
            mistyped = need is Need.TEXT
            for reading in self._reader.readings(query, words, text, taken, literal, only_mistyped=mistyped):
                for match in self._judge_all(reading.folded, reading.hits, reading.steps, query=text):
                    if (match.entry, match.category) not in known:
                        known.add((match.entry, match.category))
                        matches.append(match)
        return matches

    def _judge_all(
        self,
        text: str,
        hits: list[Hit],
        steps: tuple[str, ...],
        quoted: Sequence[proximity.Span] = (),
        query: str = "",
    ) -> list[Match]:
        """Judge every entry that a pattern of ``hits`` belongs to, in the order of their numbers.

        ``quoted`` are stretches of ``text`` across whose borders nothing is near; ``query`` is the query as it stands,
        where ``text`` is another reading of it.
        """
        found: dict[int, list[list[proximity.Span]]] = {}
        for entry, slot, start, end in self._index.uses(hits):
            rule = self.entries.rules.get(entry)
            slots = found.get(entry)
            if slots is None:
                slots = found[entry] = [[] for _ in range(rule.slots if rule else 1)]
            slots[slot].append((start, end))
        ruler, context = proximity.Ruler(text, quoted), exceptions.Context(text, query)
        judged = (self._judge(ruler, context, entry, slots, steps) for entry, slots in sorted(found.items()))
        return [match for match in judged if match is not None]

    def _judge(
        self,
        ruler: proximity.Ruler,
        context: exceptions.Context,
        entry: int,
        slots: list[list[proximity.Span]],
        steps: tuple[str, ...],
    ) -> Match | None:
        rule = self.entries.rules.get(entry)
        category: Category | None = self.entries.category(entry)
        span: proximity.Span | None = slots[0][0] if slots[0] else None
        if rule is not None:
            if rule.slots > 1:
                near = (proximity.constellation(ruler, part, rule.within) for part in ruler.regions(slots))
                span = next((found for found in near if found), None)
            turned = context.outcome(rule.exceptions) if span else None
            if turned is not None:
                category = None if turned is Outcome.PASS else Category(turned.value)
        return Match(entry, category, *span, steps) if span else None


class _ListBuilder:
    """Compiles one list; words that many of its entries share are folded once."""

    def __init__(self, term_list: TermList, entries: EntryTable, index: PatternIndex) -> None:
        self.list, self.entries, self.index = term_list, entries, index
        self.derived: list[tuple[str, Use]] = []
        """Patterns of further spellings, to be added once every list's own terms are in."""
        self._phrases: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[str, ...]] = {}

    def add(self, entry: Entry) -> None:
        groups = ([entry.terms] if entry.terms else []) + [
            words_of(self.list, (name,)) for name in entry.all_of
        ]
        rule = None
        if len(groups) > 1 or entry.unless:
            rule = Rule(len(groups), entry.within, tuple(map(self._exception, entry.unless)))
        number = self.entries.add(self.list, entry, rule)
        starts_word = entry.match is not MatchMode.SUBSTRING
        ends_word = entry.match in (MatchMode.WORD, MatchMode.EXACT)
        exact = entry.match is MatchMode.EXACT and len(groups) == 1
        language = entry.language or self.list.language
        for slot, words in enumerate(groups):
            for word in words:
                if exact:
                    if pattern := plain.view(word):
                        self.index.add(pattern, (number, slot), exact=True)
                    continue
                if pattern := plain.pattern(word, starts_word=starts_word, ends_word=ends_word):
                    self.index.add(pattern, (number, slot))
                for spelling in spellings(word, language):
                    pattern = plain.pattern(spelling, starts_word=starts_word, ends_word=ends_word)
                    self.derived.append((pattern, (number, slot)))

    def _exception(self, unless: Unless) -> ContextRule:
        key = (unless.groups, unless.words)
        if key not in self._phrases:
            self._phrases[key] = exceptions.fold_phrases((*unless.words, *words_of(self.list, unless.groups)))
        return ContextRule(unless.then, self._phrases[key])
