"""Tells that nothing in a query can match: what nearly every search pays for, and no more.

A first look lets go what its words or its letters tell of. Of the rest, a pass over the folded text and one over its
skeleton, with two small automata of `pieces` that every pattern leaves, let nearly all go; what has to be read in a
further way (signs for letters, strokes, upside-down and second look-alike letters) is told by its signs.

A sieve now and then has a query read in which nothing can match. It never keeps one back in which something can.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from enum import IntEnum

import ahocorasick

from interceptor.folding import drawings, plain, turned
from interceptor.folding.leet import HAS_SIGN, SIGNS, STROKES, strokes
from interceptor.folding.lookalikes import HAS_SECOND, SECOND, UNLIKE, small
from interceptor.folding.skeleton import skeleton
from interceptor.matching import operators
from interceptor.matching.causes import END
from interceptor.matching.index import PatternIndex
from interceptor.matching.letters import row_of_letters
from interceptor.matching.pieces import LETTERS, PHRASE, TURNED, Pieces, letter_pieces
from interceptor.matching.readings import Reader
from interceptor.matching.skeletons import SkeletonIndex
from interceptor.vocabularies import ordinary_words
from interceptor.vocabularies.rare_words import rare_words

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

_OTHER = "\x01"
_PLAIN_ASCII = bytes(
    ord(plain.fold_char(chr(code)) if code < 128 and (chr(code).isalnum() or chr(code) == " ") else _OTHER)
    for code in range(256)
)
"""The plain view of letters, digits and the space, by their ASCII codes; `_OTHER` for whatever else stands there."""


class Need(IntEnum):
    """How far a query has to be read."""

    NOTHING = 0
    TEXT = 1
    """As it stands, and with one typing error."""
    READINGS = 2
    """In every way."""


class Sieve:
    """Keeps back queries in which nothing can match, for the patterns of one set of lists. Immutable."""

    def __init__(self, pieces: Pieces, index: PatternIndex, reader: Reader | None) -> None:
        """Take what can match: ``pieces`` of all patterns of ``index``, read by ``reader`` in further ways."""
        self._index = index
        self._skeletons = reader.skeletons if reader else SkeletonIndex()
        self._is_known = reader.is_known if reader else bool
        self._candidates = reader.typing_errors.candidates if reader else list
        self._ordinary, self._rare = ordinary_words(), rare_words()
        self._in_text = _finder({**letter_pieces(), **pieces.text})
        self._in_skeleton = _finder(pieces.skeleton)
        self._patterns = index.finder()
        self._are_split = reader.causes.are_split if reader else bool
        self._has_row = row_of_letters((*pieces.text, *pieces.skeleton, *index.whole))

    def __repr__(self) -> str:
        return "Sieve()"

    def look(self, query: str) -> str | None:
        """Take a first look: None where it tells that nothing can match in ``query``, else its plain view.

        That is so whatever operators leave of it. Ordinary words and numbers, a space between each two, are read in no
        further way: nothing but a pattern as it stands can match there.
        """
        if not query.isascii():
            return plain.view(query) if self._has_row(query) else None
        text = f" {query.rstrip(END).encode().translate(_PLAIN_ASCII).decode()} "
        if _OTHER in text or "  " in text:
            return plain.view(query)
        words = text.split()
        if not self._ordinary.issuperset(words):
            # A number is read as nothing else, unless so many short words stand around it that it may be spaced out.
            unknown = set(words) - self._ordinary
            if not all(map(str.isdecimal, unknown)) or sum(len(word) < 3 for word in words) > 1:
                return text
        if self._are_split(words):
            return text
        for _ in self._patterns(text):
            return text
        return text if text in self._index.whole or operators.NOT in query else None

    def need(self, query: str, text: str) -> Need:
        """How far ``query``, whose plain view is ``text``, has to be read, in whatever ways it can be."""
        need, drawn = Need.NOTHING, False
        for end, kind in self._in_text(text):
            if kind == LETTERS:
                # What is read is a word with what hangs together with it; only one by itself is surely known.
                drawn = drawn or not self._means_nothing(text, end, kind) or _may_be_parted(query, text)
            elif not self._means_nothing(text, end, kind):
                need = Need.TEXT
                break
        key = skeleton(query, signs=False)
        for _ in self._in_skeleton(key):
            if self._may_hold(key):
                return Need.READINGS
            break
        if text in self._index.whole:
            need = Need.TEXT
        if (drawn or need) and self._may_hold_drawn(query):
            return Need.READINGS
        has_odd = query.encode().translate(None, _HARMLESS) if query.isascii() else _odd.search(query)
        return Need.READINGS if has_odd and not self._is_clean(query) else need

    def _means_nothing(self, text: str, end: int, kind: int) -> bool:
        """Whether a piece of ``kind`` that ends at ``end`` of ``text`` stands in a word that nothing is to be made of.

        Of letters drawn with others it tells so only where that word stands by itself in the query.
        """
        if kind == PHRASE:
            return False
        end = end if text[end] == " " else text.find(" ", end)
        word = text[text.rfind(" ", 0, end) + 1 : end]
        if kind == LETTERS:
            return word in self._ordinary or word in self._rare
        return not self._index.has(f" {word} ") and (word in self._ordinary or not self._candidates(word))

    def _may_hold(self, key: str) -> bool:
        """Whether a whole skeleton stands in ``key``, or a piece of a word turned round."""
        return any(kind == TURNED for _, kind in self._in_skeleton(key)) or bool(self._skeletons.hits(key))

    def _may_hold_drawn(self, query: str) -> bool:
        """Whether a skeleton stands in ``query`` once letters are put for those drawn with others."""
        visible = query if query.isascii() else plain.visible(query)
        if strokes(visible) != visible:
            return True
        signs = (False, True) if HAS_SIGN.search(visible) else (False,)
        return any(
            self._may_hold(skeleton(text, signs=each))
            for text in drawings.of_letters(visible, self._is_known)
            for each in signs
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


def _may_be_parted(query: str, text: str) -> bool:
    """Whether two words of ``text``, the plain view of ``query``, may stand in it with no space between them."""
    return query.count(" ") != text.count(" ") - 2 or "  " in query


def _finder(pieces: Mapping[str, int]) -> Callable[[str], Iterator[tuple[int, int]]]:
    automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
    for piece, value in sorted({_NOTHING: 1, **pieces}.items()):
        automaton.add_word(piece, value)
    automaton.make_automaton()
    found: Callable[[str], Iterator[tuple[int, int]]] = automaton.iter
    return found
