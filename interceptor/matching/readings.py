"""Other ways to read a query: rewritings undone, each reading a whole text to be matched like the query itself.

Readings compete: none replaces another, so a fold that would destroy an ordinary word hides nothing. They are made
only where the text gives cause (a word that no language's ordinary words hold, punctuation inside a word, letters
standing apart), and a rewriting is undone only on the evidence that `interceptor.matching.evidence` asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from interceptor.config import Matching
from interceptor.folding import drawings, leet, plain, turned
from interceptor.folding.lookalikes import HAS_SECOND, SECOND, small
from interceptor.folding.skeleton import Unit, runs, skeleton
from interceptor.matching.alignment import Steps, align, groups_of
from interceptor.matching.causes import Causes
from interceptor.matching.evidence import are_ordinary, is_mistyped, suffices
from interceptor.matching.index import Hit, PatternIndex
from interceptor.matching.proximity import Span
from interceptor.matching.rewritable import SHORTEST_LISTED, Rewritable
from interceptor.matching.stretches import Stretches
from interceptor.matching.typing_errors import TypingErrors
from interceptor.vocabularies import ordinary_words
from interceptor.vocabularies.rare_words import rare_words

_REACH = 128
"""Characters of the text on either side of a mistyped word that are held against patterns first."""

_MOST_MISTYPED = 32
"""Corrected readings of one query. Each takes as long as the whole query does, so a query made of nothing but mistyped
terms would take the square of its length; after as many that matched, one more tells nothing new."""

_BACKWARDS = frozenset({"backwards", "words backwards"})
"""Steps after which every word stands in the query the other way round."""

_DRAWN = "letters drawn with signs"


@dataclass(frozen=True, slots=True)
class Reading:
    """Another text that the query can be read as, folded, with the patterns that stand in it."""

    folded: str
    hits: list[Hit]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Repair:
    start: int
    end: int
    pattern: str
    steps: Steps


class Reader:
    """Makes readings of queries, for the patterns of one set of lists."""

    def __init__(self, index: PatternIndex, bounds: Matching, rewritable: Rewritable) -> None:
        """``rewritable``: what is known of the patterns of ``index`` that may be rewritten under ``bounds``."""
        self._index, self._bounds = index, bounds
        self._ordinary, self._rare = ordinary_words(), rare_words()
        self.skeletons, self._words, self._keys = rewritable.skeletons, rewritable.words, rewritable.keys
        self.typing_errors = TypingErrors(self._words, SHORTEST_LISTED - 1)
        self.causes = Causes(self._words)

    def __repr__(self) -> str:
        return "Reader()"

    def readings(
        self,
        query: str,
        words: Sequence[str],
        folded: str,
        taken: Sequence[Span] = (),
        literal: Container[str] = (),
        *,
        only_mistyped: bool = False,
    ) -> Iterable[Reading]:
        """Return readings of ``query``, whose plain view is ``folded`` and its words ``words``; often none.

        ``taken`` are stretches of ``folded`` that are to be left as they are, ``literal`` words that hold no typing
        error; ``only_mistyped`` leaves out every other reading, where it is known that nothing stands in them.
        """
        strange = self.causes.strange(query, words, folded)
        if strange is None:
            return ()
        if only_mistyped:
            return self._mistyped(folded, words, strange, taken, literal)
        return self._readings(query, words, folded, strange, taken, literal)

    def _readings(
        self,
        query: str,
        words: Sequence[str],
        folded: str,
        strange: Sequence[str],
        taken: Sequence[Span],
        literal: Container[str],
    ) -> Iterator[Reading]:
        key = skeleton(query, signs=False)
        yield from self._undone(query, folded, key, (), taken)
        if HAS_SECOND.search(query):
            yield from self._second(query.translate(SECOND))
        # Invisible characters and marks between the strokes of a letter are no part of it.
        visible = query if query.isascii() else plain.visible(query)
        for drawn in drawings.of_signs(visible):
            yield from self._both(drawn, (_DRAWN,), self._bounds.shortest)
        for drawn in drawings.of_letters(visible, self.is_known) if strange else ():
            yield from self._both(drawn, ("letters drawn with letters",), self._bounds.shortest_split)
        if self._bounds.turned:
            for step, text in turned.marked(query):
                yield from self._both(text, (step,), self._bounds.shortest_turned)
            keys = [key, skeleton(query, signs=True)] if leet.HAS_SIGN.search(query) else [key]
            can_be_turned = any(self.skeletons.hits(each[::-1]) for each in keys)
            if can_be_turned or any(map(self._is_backwards, strange)):
                yield from self._backwards(query, folded, words, key if can_be_turned else None)
        yield from self._mistyped(folded, words, strange, taken, literal)

    def _second(self, text: str) -> Iterator[Reading]:
        """Yield ``text``, in which look-alikes have the other of their letters, as it is and turned round."""
        step, shortest = "look-alike letters", self._bounds.shortest_turned
        yield from self._both(text, (step,), self._bounds.shortest)
        if self._bounds.turned:
            yield from self._both(text[::-1], (step, "backwards"), shortest)
            for way, other in turned.marked(text):
                yield from self._both(other, (step, way), shortest)

    def is_known(self, text: str) -> bool:
        """Whether ``text`` holds nothing but words, ordinary or rare."""
        if text.lower() in self._ordinary:
            return True
        return all(word in self._ordinary or word in self._rare for word in plain.words_of(text))

    # ---- skeletons

    def _both(self, text: str, steps: tuple[str, ...], shortest: int) -> Iterator[Reading]:
        """Yield ``text``, which is the query after ``steps``, as it is and with further rewritings undone."""
        folded = plain.view(text)
        yield from self._as_it_is(folded, steps, shortest)
        yield from self._undone(text, folded, skeleton(text, signs=False), steps)

    def _as_it_is(self, folded: str, steps: tuple[str, ...], shortest: int) -> Iterator[Reading]:
        hits = [hit for hit in self._index.hits(folded) if self._index.letters(hit[1]) >= shortest]
        if not _BACKWARDS.isdisjoint(steps):
            hits = [hit for hit in hits if not self._is_word_backwards(self._index.pattern(hit[1]).strip())]
        if hits:
            yield Reading(folded, hits, steps)

    def _is_word_backwards(self, term: str) -> bool:
        """Whether ``term`` is one word that gives another word when it is turned round."""
        turned_term = term[::-1]
        return " " not in term and (turned_term in self._ordinary or turned_term in self._rare)

    def _undone(
        self, text: str, folded: str, key: str, before: tuple[str, ...], taken: Sequence[Span] = ()
    ) -> Iterator[Reading]:
        """Yield ``text`` with every rewriting of a pattern undone for which there is evidence.

        ``folded`` is the plain view of ``text``, which has been matched already, ``key`` its skeleton without signs.
        """
        # Sign for sign and letter for letter: places in the texts below are places in this one.
        kept = partial(_places, text, taken) if taken else None
        yield from self._undone_by(text, folded, key, before, kept, signs=False)
        if leet.HAS_SIGN.search(text):
            yield from self._undone_by(text, folded, skeleton(text, signs=True), before, kept, signs=True)
            if "+" in text:
                # It parts words as often as it stands for a t.
                text = text.replace("+", " ")
                key = skeleton(text, signs=True)
                yield from self._undone_by(text, folded, key, before, kept, signs=True)
        if (other := small(text)) != text:
            key = skeleton(other, signs=False)
            yield from self._undone_by(other, folded, key, before, kept, signs=False)

    def _undone_by(
        self,
        text: str,
        folded: str,
        key: str,
        before: tuple[str, ...],
        kept: Callable[[], Stretches] | None,
        *,
        signs: bool,
    ) -> Iterator[Reading]:
        """Yield what `_undone` does, for one way to read ``text``; ``kept`` gives places that are left as they are."""
        hits = self.skeletons.hits(key)
        if not hits:
            return
        repairs = self._repairs(text, runs(text, signs=signs), hits, before)
        if not repairs:
            return
        if kept is not None:
            stretches = kept()
            repairs = [repair for repair in repairs if stretches.is_free(repair.start, repair.end)]
        repaired = plain.view(_repaired(text, repairs))
        if repaired != folded and (found := self._index.hits(repaired)):
            names = dict.fromkeys(name for repair in repairs for name in repair.steps.names())
            yield Reading(repaired, found, (*before, *(names or ("characters beside it",))))

    def _repairs(
        self, text: str, units: list[list[Unit]], hits: Sequence[tuple[int, int]], before: tuple[str, ...]
    ) -> list[_Repair]:
        found: list[_Repair] = []
        for last, held in hits:
            for number in self.skeletons.patterns(held):
                repair = self._repair(text, units, last, self._index.pattern(number), before)
                if repair is not None:
                    found.append(repair)
        found.sort(key=lambda repair: (-repair.steps.letters, repair.start))
        kept = Stretches()
        return [repair for repair in found if kept.take(repair.start, repair.end)]

    def _repair(
        self, text: str, units: list[list[Unit]], last: int, pattern: str, before: tuple[str, ...]
    ) -> _Repair | None:
        """Hold ``pattern`` against the units up to ``last`` of ``text``, which is the query after ``before``."""
        groups = groups_of(pattern)
        if not 0 < len(groups) <= last + 1:
            return None
        stretch = units[last + 1 - len(groups) : last + 1]
        # The first and the last run may go on in the neighbouring words: keep what the term needs, and what
        # hangs together with that.
        stretch[0] = _tail(text, stretch[0], len(groups[0]))
        stretch[-1] = _head(text, stretch[-1], len(groups[-1]))
        start, end = stretch[0][0].place, stretch[-1][-1].place + 1
        if pattern[0] == " " and _is_letter(text, start - 1, -1):
            return None
        if pattern[-1] == " " and _is_letter(text, end, 1):
            return None
        steps = align(groups, text, stretch)
        if steps is None:
            return None
        stands = plain.words_of(text[start:end])
        if not _BACKWARDS.isdisjoint(before):
            stands = [word[::-1] for word in stands]
        # Words that letters were drawn in are ordinary ones only by the letters that were left.
        ordinary = _DRAWN not in before and are_ordinary(
            stands, steps, ordinary=self._ordinary, rare=self._rare
        )
        if not suffices(steps, ordinary=ordinary, bounds=self._bounds):
            return None
        return _Repair(start, end, pattern, steps)

    # ---- backwards, typing errors

    def _is_backwards(self, word: str) -> bool:
        """Whether ``word`` turned round is a word of the lists, as it stands or rewritten by letter-like signs."""
        if word[::-1] in self._words:
            return True
        return not word.isalpha() and skeleton(word, signs=False)[::-1] in self._keys

    def _backwards(self, query: str, folded: str, words: Sequence[str], key: str | None) -> Iterator[Reading]:
        """Yield ``query`` turned round; ``key`` is its skeleton if that holds one of a pattern, turned round."""
        # What is turned round folds to what the folded text is, turned round: most queries need no more than that.
        shortest = self._bounds.shortest_turned
        yield from self._as_it_is(folded[::-1], ("backwards",), shortest)
        if key is not None:
            yield from self._undone(query[::-1], folded[::-1], key[::-1], ("backwards",))
        if len(words) > 1:
            turned_words = f" {' '.join([word[::-1] for word in words])} "
            yield from self._as_it_is(turned_words, ("words backwards",), shortest)
            text = turned.words_backwards(query)
            if leet.HAS_SIGN.search(query) or self.skeletons.hits(skeleton(turned_words, signs=False)):
                yield from self._undone(text, turned_words, skeleton(text, signs=False), ("words backwards",))

    def _mistyped(
        self,
        folded: str,
        words: Sequence[str],
        strange: Sequence[str],
        taken: Sequence[Span],
        literal: Container[str],
    ) -> Iterator[Reading]:
        if not self._bounds.typing_errors:
            return
        candidates = self.typing_errors.candidates
        doubtful = (word for word in dict.fromkeys(strange) if word not in literal)
        meant = {word: found for word in doubtful if (found := candidates(word))}
        if not meant:
            return
        stretches = Stretches(taken)
        made, start = 0, 1
        for word in words:
            end = start + len(word)
            for candidate in meant.get(word, ()) if made < _MOST_MISTYPED else ():
                reading = self._corrected(folded, start, end, candidate, stretches)
                if reading is not None:
                    made += 1
                    yield reading
            start = end + 1

    def _corrected(self, folded: str, start: int, end: int, word: str, taken: Stretches) -> Reading | None:
        """Put ``word`` for what stands from ``start`` to ``end``, if that makes a pattern stand there."""
        # Few words that could be meant make a phrase with their neighbours; only then is all of the text read anew.
        before, behind = folded[max(0, start - _REACH) : start], folded[end : end + _REACH]
        near = self._index.hits(before + word + behind)
        written = folded[start:end]
        if not any(
            self._is_mistyped(written, hit) for hit in self._over(near, len(before), len(before) + len(word))
        ):
            return None
        if not taken.is_free(start, end):
            return None
        corrected = folded[:start] + word + folded[end:]
        hits = self._index.hits(corrected)
        weak = {
            hit for hit in self._over(hits, start, start + len(word)) if not self._is_mistyped(written, hit)
        }
        return Reading(corrected, [hit for hit in hits if hit not in weak], ("a typing error",))

    def _over(self, hits: Sequence[Hit], start: int, end: int) -> Iterator[Hit]:
        """Those of ``hits`` that lie over what stands from ``start`` to ``end``."""
        for hit in hits:
            last, number = hit
            if last >= start and last - self._index.length(number) + 1 < end:
                yield hit

    def _is_mistyped(self, written: str, hit: Hit) -> bool:
        """Whether there is evidence enough that ``written`` is a typing error in the pattern of ``hit``."""
        return is_mistyped(written, self._index.pattern(hit[1]), bounds=self._bounds, rare=self._rare)


def _places(text: str, taken: Sequence[Span]) -> Stretches:
    """Where stretches ``taken`` of the plain view of ``text`` stand in it."""
    source = plain.mapped(text)
    return Stretches(source.span(*span) for span in taken)


def _repaired(text: str, repairs: Sequence[_Repair]) -> str:
    pieces, done = [], 0
    for repair in sorted(repairs, key=lambda repair: repair.start):
        pieces += [text[done : repair.start], repair.pattern]
        done = repair.end
    return "".join([*pieces, text[done:]])


def _tail(text: str, run: list[Unit], least: int) -> list[Unit]:
    """The last ``least`` units of ``run``, and those before them that no gap parts."""
    start = max(0, len(run) - least)
    while start and not _is_gap(text, run[start - 1], run[start]):
        start -= 1
    return run[start:]


def _head(text: str, run: list[Unit], least: int) -> list[Unit]:
    """The first ``least`` units of ``run``, and those behind them that no gap parts."""
    end = min(least, len(run))
    while end < len(run) and not _is_gap(text, run[end - 1], run[end]):
        end += 1
    return run[:end]


def _is_gap(text: str, left: Unit, right: Unit) -> bool:
    return any(plain.fold_char(char) for char in text[left.place + 1 : right.place])


def _is_letter(text: str, place: int, step: int) -> bool:
    """Whether the nearest visible character at ``place``, going by ``step``, is a letter."""
    while 0 <= place < len(text):
        folded = plain.fold_char(text[place])
        if folded:
            return folded[0 if step > 0 else -1].isalpha()
        place += step
    return False
