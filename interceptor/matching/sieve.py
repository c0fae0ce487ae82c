"""Tells from two looks at a query that nothing in it can match: what nearly every search pays for, and no more.

Whatever matches leaves a piece of a pattern untouched. A pattern that stands as it is, or with one typing error,
leaves its beginning or its end in the folded text. One that is rewritten leaves its skeleton in that of the query,
of which the beginning is looked for; one that is turned round leaves its longest word there, turned round. So a pass
over the text and one over its skeleton, with two small automata of pieces, let nearly every query go; what has to be
read in a further way (signs for letters, strokes, upside-down and second look-alike letters) is told by its signs.

A sieve now and then has a query read in which nothing can match. It never keeps one back in which something can.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

import ahocorasick

from interceptor.config import Matching
from interceptor.folding import drawings, plain, turned
from interceptor.folding.leet import HAS_SIGN, SIGNS, STROKES, strokes
from interceptor.folding.lookalikes import HAS_SECOND, SECOND, UNLIKE, small
from interceptor.folding.skeleton import skeleton
from interceptor.matching import sections
from interceptor.matching.evidence import shortest_mistyped
from interceptor.matching.skeletons import SkeletonIndex
from interceptor.vocabularies import ordinary_words

_PIECE = 10
"""Characters of a pattern or its skeleton that are looked for: more make the automata larger and tell little."""
_LEAST = 6
"""Characters that a piece has at least, where there are so many."""


_COMMON = "etaoinsrhldcumfpgwybvkxjqz0123456789"
_RARITY = bytes(
    max(0, _COMMON.find(chr(code))) if chr(code) in _COMMON else len(_COMMON) for code in range(256)
)
"""By ASCII code, how rare letters are in text; what is no Latin letter or digit is rarest. A pass is fast where few
letters begin a piece, and rare ones."""
_NOTHING = "\n"
"""Stands in no folded text and no skeleton: an automaton without a word cannot be asked."""

_PLAIN = "-'=*"
"""Signs that draw letters too, but never without others that do."""
_DRAWING = "".join({char for drawn in STROKES for char in drawn if not (char.isalnum() or char in _PLAIN)})
_ODD = SIGNS + turned.MARKS + "".join(map(chr, SECOND)) + "".join(UNLIKE) + _DRAWING
"""Characters that stand for other letters than the skeleton has, or draw letters together."""
_odd = re.compile(f"[{re.escape(_ODD)}]")
_drawing = re.compile(f"[{re.escape(_DRAWING)}]")
_HARMLESS = bytes(code for code in range(128) if chr(code) not in _ODD)
_parted = re.compile(r"[^\W_][^\w\s]+[^\W_]|_")

_WORD, _PHRASE, _LETTERS = 0, 1, 2
"""What a piece of a text was taken from: patterns of one word alone, others, a letter drawn with letters."""
_FORWARD, _TURNED = 0, 1
"""What a piece of a skeleton was taken from: one as it is, or a word turned round."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """What to look for on behalf of all patterns; depends on them, the ordinary words and the bounds of matching."""

    text: Mapping[str, int]
    """Pieces of patterns, in folded text."""
    skeleton: Mapping[str, int]
    """Pieces of skeletons."""
    listed: frozenset[str]
    """Patterns that are one ordinary word."""

    def __repr__(self) -> str:
        return f"Pieces({len(self.text)} in text, {len(self.skeleton)} in skeletons)"

    @classmethod
    def of(cls, patterns: Iterable[str], loosened: Iterable[tuple[str, str]], bounds: Matching) -> Pieces:
        """Of ``patterns``, and of those of them that may be rewritten, each with its skeleton."""
        text, listed = _pieces(patterns, bounds)
        return cls(text, _skeleton_pieces(loosened, bounds), listed)

    @classmethod
    def unpacked(cls, packed: Mapping[str, memoryview]) -> Pieces:
        """The pieces that `packed` made sections of. Raises `ValueError` where they do not fit together."""
        text, skeletons = (_unpacked(packed, part) for part in ("text", "skeleton"))
        return cls(text, skeletons, frozenset(sections.Strings(packed["sieve.listed"])))

    def packed(self) -> dict[str, bytes]:
        """The pieces as sections of a compiled file."""
        found = {"sieve.listed": sections.from_strings(sorted(self.listed))}
        for part, pieces in (("text", self.text), ("skeleton", self.skeleton)):
            found[f"sieve.{part}"] = sections.from_strings(pieces)
            found[f"sieve.{part}.kinds"] = bytes(pieces.values())
        return found


def _unpacked(packed: Mapping[str, memoryview], part: str) -> dict[str, int]:
    kinds = bytes(packed[f"sieve.{part}.kinds"])
    return dict(zip(sections.Strings(packed[f"sieve.{part}"]), kinds, strict=True))


class Need(IntEnum):
    """How far a query has to be read."""

    NOTHING = 0
    TEXT = 1
    """As it stands, and with one typing error."""
    READINGS = 2
    """In every way."""


class Sieve:
    """Keeps back queries in which nothing can match, for the patterns of one set of lists. Immutable."""

    def __init__(
        self,
        pieces: Pieces,
        skeletons: SkeletonIndex,
        whole: Container[str],
        is_known: Callable[[str], bool],
    ) -> None:
        """Take what can match.

        ``pieces``: those of all patterns; ``skeletons``: of patterns that may be rewritten; ``whole``: patterns that
        are found only as a whole text; ``is_known``: whether a text holds nothing but words, in which no letter is
        drawn with others.
        """
        self._skeletons, self._whole, self._is_known = skeletons, whole, is_known
        self._listed = pieces.listed
        self._ordinary = ordinary_words()
        self._in_text = _finder({**_letter_pieces(), **pieces.text})
        self._in_skeleton = _finder(pieces.skeleton)

    def __repr__(self) -> str:
        return "Sieve()"

    def need(self, query: str) -> Need:
        """How far ``query`` has to be read, in whatever ways it can be."""
        text = plain.view(query)
        need, drawn = Need.NOTHING, False
        for end, kind in self._in_text(text):
            if kind == _PHRASE:
                need = Need.TEXT
                break
            if not self._is_ordinary(text, end):
                if kind == _WORD:
                    need = Need.TEXT
                    break
                drawn = True
            elif kind == _LETTERS and not drawn:
                # What is read is a word with what hangs together with it; only one by itself is surely ordinary.
                drawn = bool(_parted.search(query))
        key = skeleton(query, signs=False)
        for _ in self._in_skeleton(key):
            if self._may_hold(key):
                return Need.READINGS
            break
        if text in self._whole:
            need = Need.TEXT
        if (drawn or need) and self._may_hold_drawn(query):
            return Need.READINGS
        if query.encode().translate(None, _HARMLESS) if query.isascii() else _odd.search(query):
            return need if self._is_clean(query) else Need.READINGS
        return need

    def _is_ordinary(self, text: str, end: int) -> bool:
        """Whether the word that ends or goes on at ``end`` is an ordinary one, and none that is listed."""
        if text[end] != " ":
            end = text.find(" ", end)
        word = text[text.rfind(" ", 0, end) + 1 : end]
        return word in self._ordinary and word not in self._listed

    def _may_hold(self, key: str) -> bool:
        """Whether a whole skeleton stands in ``key``, or a piece of a word turned round."""
        return any(kind == _TURNED for _, kind in self._in_skeleton(key)) or bool(self._skeletons.hits(key))

    def _may_hold_drawn(self, query: str) -> bool:
        """Whether a skeleton stands in ``query`` once letters are put for those drawn with others."""
        visible = query if query.isascii() else plain.visible(query)
        if strokes(visible) != visible:
            return True
        return any(
            self._may_hold(skeleton(text, signs=signs))
            for text in drawings.of_letters(visible, self._is_known)
            for signs in (False, True)
        )

    def _is_clean(self, query: str) -> bool:
        """Whether nothing can match in readings of characters that are not what they look like."""
        if _drawing.search(query):
            visible = query if query.isascii() else plain.visible(query)
            if strokes(visible) != visible:
                return False
        texts = [query.replace("+", " ")] if "+" in query else []
        if HAS_SIGN.search(query):
            texts.append(query)
        if any(self._may_hold(skeleton(text, signs=True)) for text in texts):
            return False
        if query.isascii():
            return True
        if turned.HAS_MARK.search(query):
            return False
        ways = (False, True) if HAS_SIGN.search(query) else (False,)
        others = [query] if small(query) != query else []
        if HAS_SECOND.search(query):
            others.append(query.translate(SECOND))
        read_so = {read for text in others for read in (text, small(text))} - {query}
        return not any(self._may_hold(skeleton(text, signs=signs)) for text in read_so for signs in ways)


def _finder(pieces: Mapping[str, int]) -> Callable[[str], Iterator[tuple[int, int]]]:
    automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
    for piece, value in sorted({_NOTHING: 1, **pieces}.items()):
        automaton.add_word(piece, value)
    automaton.make_automaton()
    found: Callable[[str], Iterator[tuple[int, int]]] = automaton.iter
    return found


def _pieces(patterns: Iterable[str], bounds: Matching) -> tuple[dict[str, int], frozenset[str]]:
    """What stands in a text where a pattern does, as it is or with one typing error; and listed ordinary words.

    An error changes one letter, swaps two or comes between two: what is before the middle letter is whole, or what
    is behind it. A piece has 0 for a value where only patterns of a single word have it. Such a one is no error in an
    ordinary word, so all that it may be there is listed.
    """
    ordinary = ordinary_words()
    listed: set[str] = set()
    found: dict[str, int] = {}
    shortest_word, shortest = (shortest_mistyped(words, bounds) for words in (1, 2))
    for pattern in patterns:
        letters = pattern.replace(" ", "")
        several = " " in pattern.strip()
        kind = _WORD if not several and len(pattern) == len(letters) + 2 else _PHRASE
        if kind == _WORD and letters in ordinary:
            listed.add(letters)
        if bounds.typing_errors and len(letters) >= (shortest if several else shortest_word):
            middle = len(pattern) // 2
            whole = [pattern[:middle], pattern[middle + 1 :]]
        else:
            whole = [pattern]
        for piece in map(_piece, whole):
            found[piece] = max(kind, found.get(piece, kind))
    return found, frozenset(listed)


def _letter_pieces() -> dict[str, int]:
    """Letters drawn with letters and digits, as they stand in a folded text."""
    drawn = (*drawings.LETTERS, *(each for each in STROKES if each.isalnum()))
    return {each.lower(): _LETTERS for each in drawn}


def _skeleton_pieces(loosened: Iterable[tuple[str, str]], bounds: Matching) -> dict[str, int]:
    """What stands in the skeleton of a text where a rewritten pattern does, or one that is turned round."""
    found: dict[str, int] = {}
    backwards: dict[str, tuple[int, str]] = {}
    for pattern, key in loosened:
        if piece := _piece(key):
            found.setdefault(piece, _FORWARD)
        if not bounds.turned:
            continue
        longest = (0, "")
        for word in pattern.split():
            held = backwards.get(word)
            if held is None:
                word_key = skeleton(word, signs=False)
                held = backwards[word] = len(word_key), _piece(word_key[::-1])
            if held > longest:
                longest = held
        if longest[1]:
            found[longest[1]] = _TURNED
    return found


def _piece(text: str) -> str:
    """The piece of ``text`` to look for: it begins with a space or else a rare letter, if one is early enough."""
    if text[:1] == " ":
        return text[:_PIECE]
    firsts = text[: max(1, len(text) - _LEAST + 1)]
    if not firsts:
        return ""
    start = firsts.find(" ")
    if start < 0:
        # Beside ASCII, "replace" makes question marks, which are as rare.
        ranks = firsts.encode("ascii", "replace").translate(_RARITY)
        start = ranks.index(max(ranks))
    return text[start : start + _PIECE]
