"""What a pattern leaves of itself in a query, whatever is done to it: the pieces that the sieve looks for.

A pattern that stands as it is, or with one typing error, leaves its beginning or its end in the folded text. One that
is rewritten leaves its skeleton in that of the query, of which the beginning is looked for; one that is turned round
leaves its longest word there, turned round. Of a pattern of whole words that stands as it is, the first look asks for
no more than its longest word.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

import ahocorasick

from interceptor.config import Matching
from interceptor.folding import drawings
from interceptor.folding.leet import STROKES
from interceptor.folding.skeleton import skeleton
from interceptor.matching import sections
from interceptor.matching.evidence import shortest_mistyped
from interceptor.vocabularies import ordinary_words

_PIECE = 10
"""Characters of a pattern or its skeleton that are looked for: more make the automata larger and tell little."""
_LEAST = 6
"""Characters that a piece has at least, where there are so many."""


_NOTHING = "\n"
"""Stands in no folded text and no skeleton: an automaton without a word cannot be asked."""

_COMMON = "etaoinsrhldcumfpgwybvkxjqz0123456789"
_RARITY = bytes(
    max(0, _COMMON.find(chr(code))) if chr(code) in _COMMON else len(_COMMON) for code in range(256)
)
"""By ASCII code, how rare letters are in text; what is no Latin letter or digit is rarest. A pass is fast where few
letters begin a piece, and rare ones."""

WORD, PHRASE, LETTERS = 0, 1, 2
"""What a piece of a text was taken from: patterns of one word alone, others, a letter drawn with letters."""
FORWARD, TURNED = 0, 1
"""What a piece of a skeleton was taken from: one as it is, or a word turned round."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """What to look for on behalf of all patterns; depends on them, the ordinary words and the bounds of matching."""

    text: Mapping[str, int]
    """Pieces of patterns, in folded text."""
    skeleton: Mapping[str, int]
    """Pieces of skeletons."""
    words: frozenset[str]
    """Of every pattern of whole words, the longest."""
    unbounded: frozenset[str]
    """Pieces of the other patterns, whose first word or last one may go on, in folded text."""

    @property
    def in_text(self) -> dict[str, int]:
        """Everything to look for in folded text: ``text``, and letters drawn with others."""
        return {**_letter_pieces(), **self.text}

    def __repr__(self) -> str:
        return f"Pieces({len(self.text)} in text, {len(self.skeleton)} in skeletons)"

    @classmethod
    def of(cls, patterns: Iterable[str], loosened: Iterable[tuple[str, str]], bounds: Matching) -> Pieces:
        """Of ``patterns``, and of those of them that may be rewritten, each with its skeleton."""
        patterns = list(patterns)
        words, unbounded = _as_they_stand(patterns)
        return cls(
            _without_longer(_pieces(patterns, bounds)),
            _without_longer(_skeleton_pieces(loosened, bounds)),
            words,
            unbounded,
        )

    @classmethod
    def unpacked(cls, packed: Mapping[str, memoryview]) -> Pieces:
        """The pieces that `packed` made sections of. Raises `ValueError` where they do not fit together."""
        text, skeletons = (_unpacked(packed, part) for part in ("text", "skeleton"))
        words, unbounded = (
            frozenset(sections.Strings(packed[f"sieve.{part}"])) for part in ("words", "unbounded")
        )
        return cls(text, skeletons, words, unbounded)

    def packed(self) -> dict[str, bytes]:
        """The pieces as sections of a compiled file."""
        found: dict[str, bytes] = {}
        for part, pieces in (("text", self.text), ("skeleton", self.skeleton)):
            found[f"sieve.{part}"] = sections.from_strings(pieces)
            found[f"sieve.{part}.kinds"] = bytes(pieces.values())
        found["sieve.words"] = sections.from_strings(sorted(self.words))
        found["sieve.unbounded"] = sections.from_strings(sorted(self.unbounded))
        return found


def _unpacked(packed: Mapping[str, memoryview], part: str) -> dict[str, int]:
    kinds = bytes(packed[f"sieve.{part}.kinds"])
    return dict(zip(sections.Strings(packed[f"sieve.{part}"]), kinds, strict=True))


def finder(pieces: Mapping[str, int]) -> Callable[[str], Iterator[tuple[int, int]]]:
    """Return what tells where ``pieces`` end in a text, and the value of each."""
    automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
    for piece, value in sorted({_NOTHING: 0, **pieces}.items()):
        automaton.add_word(piece, value)
    automaton.make_automaton()
    found: Callable[[str], Iterator[tuple[int, int]]] = automaton.iter
    return found


def _without_longer(pieces: Mapping[str, int]) -> dict[str, int]:
    """``pieces`` without those in which another stands, of as high a value: where the one is, so is the other.

    Of a list that is composed of the same words over and over, a third of the pieces is left.
    """
    if not pieces:
        return {}
    find = finder(pieces)
    return {
        piece: value for piece, value in pieces.items() if sum(held >= value for _, held in find(piece)) == 1
    }


def longest_word(text: str) -> str:
    """The longest word of ``text``, the first of several."""
    return max(text.split(), key=len)


def _as_they_stand(patterns: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The longest words of patterns that have a space at both ends, and pieces of the others."""
    words: set[str] = set()
    unbounded: set[str] = set()
    for pattern in patterns:
        if pattern[0] == pattern[-1] == " ":
            words.add(longest_word(pattern))
        else:
            unbounded.add(_piece(pattern))
    return frozenset(words), frozenset(unbounded)


def _letter_pieces() -> dict[str, int]:
    """Letters drawn with letters and digits, as they stand in a folded text."""
    drawn = (*drawings.LETTERS, *(each for each in STROKES if each.isalnum()))
    return {each.lower(): LETTERS for each in drawn}


def _pieces(patterns: Iterable[str], bounds: Matching) -> dict[str, int]:
    """What stands in a text where a pattern does, as it is or with one typing error.

    An error changes one letter, swaps two or comes between two: what is before the middle letter is whole, or what
    is behind it. A piece has `WORD` for a value where only patterns of a single word have it.
    """
    found: dict[str, int] = {}
    shortest_word, shortest = (shortest_mistyped(words, bounds) for words in (1, 2))
    for pattern in patterns:
        letters = pattern.replace(" ", "")
        several = " " in pattern.strip()
        kind = WORD if not several and len(pattern) == len(letters) + 2 else PHRASE
        if bounds.typing_errors and len(letters) >= (shortest if several else shortest_word):
            middle = len(pattern) // 2
            whole = [pattern[:middle], pattern[middle + 1 :]]
        else:
            whole = [pattern]
        for piece in map(_piece, whole):
            found[piece] = max(kind, found.get(piece, kind))
    return found


def _skeleton_pieces(loosened: Iterable[tuple[str, str]], bounds: Matching) -> dict[str, int]:
    """What stands in the skeleton of a text where a rewritten pattern does, or one that is turned round."""
    loosened = list(loosened)
    words = {word for pattern, _ in loosened for word in pattern.split()}
    keys = {word: skeleton(word, signs=False) for word in words}
    usual = {keys[word] for word in words & ordinary_words()}
    found: dict[str, int] = {}
    backwards: dict[str, str] = {}
    for pattern, key in loosened:
        if piece := _piece(key, usual):
            found.setdefault(piece, FORWARD)
        if bounds.turned:
            longest = max(pattern.split(), key=lambda word: len(keys[word]))
            if longest not in backwards:
                backwards[longest] = _piece(keys[longest][::-1], usual)
            if backwards[longest]:
                found[backwards[longest]] = TURNED
    return found


def _piece(text: str, usual: Container[str] = ()) -> str:
    """The piece of ``text`` to look for: it begins with a space or else a rare letter, if one is early enough.

    It is none of ``usual``, which stand in many a text, if there is another.
    """
    if text[:1] == " ":
        return text[:_PIECE]
    firsts = text[: max(1, len(text) - _LEAST + 1)]
    if not firsts:
        return ""
    start = firsts.find(" ")
    if start >= 0:
        return text[start : start + _PIECE]
    # Beside ASCII, "replace" makes question marks, which are as rare.
    ranks = firsts.encode("ascii", "replace").translate(_RARITY)
    start = ranks.index(max(ranks))
    if text[start : start + _PIECE] in usual:
        others = sorted(range(len(firsts)), key=lambda place: -ranks[place])
        start = next((place for place in others if text[place : place + _PIECE] not in usual), start)
    return text[start : start + _PIECE]
