"""Other ways to read a query: rewritings undone, each reading a whole text to be matched like the query itself.

Readings compete: none replaces another, so a fold that would destroy an ordinary word hides nothing. They are made
only where the text gives cause (a word that no language's ordinary words hold, punctuation inside a word, letters
standing apart), and a rewriting is undone only on the evidence that `interceptor.matching.evidence` asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import add

from interceptor.config import Matching
from interceptor.folding import leet, plain, turned
from interceptor.folding.lookalikes import LOOKALIKES, PASTED
from interceptor.folding.scripts import unspaced
from interceptor.folding.skeleton import Unit, runs, skeleton
from interceptor.matching.alignment import Steps, align, groups_of
from interceptor.matching.evidence import suffices
from interceptor.matching.index import Hit, PatternIndex
from interceptor.matching.proximity import Span
from interceptor.matching.sections import Strings
from interceptor.matching.skeletons import SkeletonIndex
from interceptor.matching.stretches import Stretches
from interceptor.matching.typing_errors import TypingErrors
from interceptor.vocabularies import ordinary_words

_POINT = r"[!-&(-/:-@\[-`{-~\u00a1-\u00bf\u2010-\u2018\u201a-\u205e\u3000-\u303f]"
"""Punctuation but the apostrophe, which stands inside ordinary words of many languages."""
_inner_point = re.compile(rf"[^\W_]{_POINT}+[^\W_]|[^\W\d_]{{3}}['\u2019][^\W\d_]{{3}}")
_signs = re.compile(r"[@$!|+(<\[{&#€£¥¢§©®ƒ†¡×]")
_SHORTEST_WORD = 3
"""Letters from which a word of a query can be told to be an ordinary one; shorter ones are anything."""


_SHORTEST_LISTED = 4
"""Letters of the shortest word of a pattern that is looked for mistyped, split or backwards by itself."""

_FEWEST_PASTED = 3

_REACH = 128
"""Characters of the text on either side of a mistyped word that are held against patterns first."""

_MOST_MISTYPED = 32
"""Corrected readings of one query. Each takes as long as the whole query does, so a query made of nothing but mistyped
terms would take the square of its length; after as many that matched, one more tells nothing new."""

_LATIN_BLOCKS = {
    0,
    1,
    2,
    3,
    4,
    5,
    0x1D00 >> 7,
    0x1D80 >> 7,
    0x1E00 >> 7,
    0x1E80 >> 7,
    0xA700 >> 7,
    0xA780 >> 7,
    0xAB00 >> 7,
}
"""Blocks of 128 code points that hold Latin letters; upside-down and phonetic ones among them."""


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

    def __init__(self, index: PatternIndex, bounds: Matching, keys: Strings | None = None) -> None:
        """``keys``: by number, the skeletons of the patterns, where they are known already."""
        self._index, self._bounds = index, bounds
        self._ordinary = ordinary_words()
        self._skeletons = SkeletonIndex()
        words: set[str] = set()
        for number, pattern in index.patterns():
            letters = pattern.replace(" ", "")
            if len(letters) < bounds.shortest_spaced_out or letters.isdecimal() or unspaced.search(letters):
                continue
            self._skeletons.add(pattern, number, keys[number] if keys else None)
            if len(letters) >= bounds.shortest_turned:
                words.update(word for word in pattern.split() if len(word) >= _SHORTEST_LISTED)
        self._skeletons.finish()
        self._typing_errors = TypingErrors(words, _SHORTEST_LISTED - 1)
        self._words = frozenset(words)
        self._keys = frozenset(skeleton(word, signs=False) for word in words)
        blocks = {ord(char) >> 7 for word in words for char in word}
        self._blocks = frozenset(blocks | _LATIN_BLOCKS if 0 in blocks else blocks)

    def __repr__(self) -> str:
        return "Reader()"

    def readings(
        self, query: str, words: Sequence[str], folded: str, taken: Sequence[Span] = ()
    ) -> Iterable[Reading]:
        """Return readings of ``query``, whose plain view is ``folded`` and its words ``words``; often none.

        ``taken`` are stretches of ``folded`` that are to be left as they are.
        """
        ordinary = self._ordinary
        strange: list[str] = []
        split = self._is_split(words)
        if not ordinary.issuperset(words):
            strange = [word for word in words if word not in ordinary and self._may_be_ours(word)]
        elif not split and self._is_plainly_spaced(query, words, folded):
            return ()
        if (
            strange
            or split
            or (self._is_our_script(words) and self._has_gaps(query, words))
            or _is_pasted(query)
        ):
            return self._readings(query, words, folded, strange, taken)
        return ()

    def _readings(
        self, query: str, words: Sequence[str], folded: str, strange: Sequence[str], taken: Sequence[Span]
    ) -> Iterator[Reading]:
        key = skeleton(query, signs=False)
        yield from self._undone(query, folded, key, (), taken)
        # Invisible characters and marks between the strokes of a letter are no part of it.
        visible = query if query.isascii() else plain.visible(query)
        drawn = leet.strokes(visible)
        if drawn != visible:
            yield from self._both(drawn, "letters drawn with signs", self._bounds.shortest)
        if self._bounds.turned:
            for step, text in turned.marked(query):
                yield from self._both(text, step, self._bounds.shortest_turned)
            if self._skeletons.hits(key[::-1]) or any(map(self._is_backwards, strange)):
                yield from self._backwards(query, folded, words, key)
        if self._bounds.typing_errors:
            yield from self._mistyped(folded, words, strange, taken)

    # ---- cause

    def _may_be_ours(self, word: str) -> bool:
        """Whether a word that is not known could be a rewriting of a pattern at all."""
        if word.isascii():
            return 0 in self._blocks and len(word) > 2 and not word.isdecimal()
        if ord(word[0]) >> 7 in self._blocks or ord(word[-1]) >> 7 in self._blocks:
            return not unspaced.match(word)
        return len(word) > 2 and all(ord(char) in LOOKALIKES for char in word)

    def _is_split(self, words: Sequence[str]) -> bool:
        """Whether two neighbouring words are one of the lists' words, split."""
        return not self._words.isdisjoint(map(add, words, words[1:]))

    def _is_our_script(self, words: Sequence[str]) -> bool:
        """Whether any word begins with a letter of a script that patterns are in."""
        return not self._blocks.isdisjoint([ord(word[0]) >> 7 for word in words])

    @staticmethod
    def _is_plainly_spaced(query: str, words: Sequence[str], folded: str) -> bool:
        """Whether nothing but single spaces stands between words; a cheap test that most queries pass."""
        query = query.rstrip("?!. ")
        return len(query) == len(folded) - 2 and query.count(" ") == len(words) - 1

    def _has_gaps(self, query: str, words: Sequence[str]) -> bool:
        """Whether letters stand apart, or something other than a space stands between letters."""
        if query.count(" ") != len(words) - 1 and _inner_point.search(query):
            return True
        short = [len(word) <= 2 and ord(word[0]) >> 7 in self._blocks for word in words]
        count = sum(short)
        if count < 2:
            return False
        return count * 2 > len(short) or any(map(all, zip(short, short[1:], short[2:], strict=False)))

    # ---- skeletons

    def _both(self, text: str, step: str, shortest: int) -> Iterator[Reading]:
        """Yield ``text``, which is the query after ``step``, as it is and with further rewritings undone."""
        folded = plain.view(text)
        yield from self._as_it_is(folded, step, shortest)
        yield from self._undone(text, folded, skeleton(text, signs=False), (step,))

    def _as_it_is(self, folded: str, step: str, shortest: int) -> Iterator[Reading]:
        hits = self._index.hits(folded)
        if hits and (hits := [hit for hit in hits if self._index.letters(hit[1]) >= shortest]):
            yield Reading(folded, hits, (step,))

    def _undone(
        self, text: str, folded: str, key: str, before: tuple[str, ...], taken: Sequence[Span] = ()
    ) -> Iterator[Reading]:
        """Yield ``text`` with every rewriting of a pattern undone for which there is evidence.

        ``folded`` is the plain view of ``text``, which has been matched already, ``key`` its skeleton without signs.
        """
        yield from self._undone_by(text, folded, key, before, taken, signs=False)
        if _signs.search(text):
            yield from self._undone_by(text, folded, skeleton(text, signs=True), before, taken, signs=True)

    def _undone_by(
        self, text: str, folded: str, key: str, before: tuple[str, ...], taken: Sequence[Span], *, signs: bool
    ) -> Iterator[Reading]:
        hits = self._skeletons.hits(key)
        if not hits or not (repairs := self._repairs(text, runs(text, signs=signs), hits)):
            return
        if taken:
            source = plain.mapped(text)
            kept = Stretches(source.span(*span) for span in taken)
            repairs = [repair for repair in repairs if kept.is_free(repair.start, repair.end)]
        repaired = plain.view(_repaired(text, repairs))
        if repaired != folded and (found := self._index.hits(repaired)):
            names = dict.fromkeys(name for repair in repairs for name in repair.steps.names())
            yield Reading(repaired, found, (*before, *(names or ("characters beside it",))))

    def _repairs(self, text: str, units: list[list[Unit]], hits: Sequence[tuple[int, int]]) -> list[_Repair]:
        found: list[_Repair] = []
        for last, held in hits:
            for number in self._skeletons.patterns(held):
                repair = self._repair(text, units, last, self._index.pattern(number))
                if repair is not None:
                    found.append(repair)
        found.sort(key=lambda repair: (-repair.steps.letters, repair.start))
        kept = Stretches()
        return [repair for repair in found if kept.take(repair.start, repair.end)]

    def _repair(self, text: str, units: list[list[Unit]], last: int, pattern: str) -> _Repair | None:
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
        ordinary = all(len(word) >= _SHORTEST_WORD and word in self._ordinary for word in stands)
        if not suffices(steps, ordinary=ordinary, bounds=self._bounds):
            return None
        return _Repair(start, end, pattern, steps)

    # ---- backwards, typing errors

    def _is_backwards(self, word: str) -> bool:
        """Whether ``word`` turned round is a word of the lists, as it stands or rewritten by letter-like signs."""
        if word[::-1] in self._words:
            return True
        return not word.isalpha() and skeleton(word, signs=False)[::-1] in self._keys

    def _backwards(self, query: str, folded: str, words: Sequence[str], key: str) -> Iterator[Reading]:
        # What is turned round folds to what the folded text is, turned round: most queries need no more than that.
        shortest = self._bounds.shortest_turned
        yield from self._as_it_is(folded[::-1], "backwards", shortest)
        if self._skeletons.hits(key[::-1]):
            yield from self._undone(query[::-1], folded[::-1], key[::-1], ("backwards",))
        if len(words) > 1:
            turned_words = f" {' '.join([word[::-1] for word in words])} "
            yield from self._as_it_is(turned_words, "words backwards", shortest)
            turned_key = skeleton(turned_words, signs=False)
            if self._skeletons.hits(turned_key):
                text = turned.words_backwards(query)
                yield from self._undone(text, turned_words, skeleton(text, signs=False), ("words backwards",))

    def _mistyped(
        self, folded: str, words: Sequence[str], strange: Sequence[str], taken: Sequence[Span]
    ) -> Iterator[Reading]:
        candidates = self._typing_errors.candidates
        meant = {word: found for word in dict.fromkeys(strange) if (found := candidates(word))}
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
        if not any(
            self._is_long_enough(hit) for hit in self._over(near, len(before), len(before) + len(word))
        ):
            return None
        if not taken.is_free(start, end):
            return None
        corrected = folded[:start] + word + folded[end:]
        hits = self._index.hits(corrected)
        weak = {hit for hit in self._over(hits, start, start + len(word)) if not self._is_long_enough(hit)}
        return Reading(corrected, [hit for hit in hits if hit not in weak], ("a typing error",))

    def _over(self, hits: Sequence[Hit], start: int, end: int) -> Iterator[Hit]:
        """Those of ``hits`` that lie over what stands from ``start`` to ``end``."""
        for hit in hits:
            last, number = hit
            if last >= start and last - self._index.length(number) + 1 < end:
                yield hit

    def _is_long_enough(self, hit: Hit) -> bool:
        """Whether a pattern has letters enough for a typing error."""
        return self._index.letters(hit[1]) >= self._bounds.shortest_mistyped


def _is_pasted(query: str) -> bool:
    """Whether ``query`` looks like a font of other scripts' characters."""
    return not query.isascii() and len(PASTED.findall(query)) >= _FEWEST_PASTED


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
