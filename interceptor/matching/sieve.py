"""Tells that nothing can match in a query that a first look has not let go, and how far another has to be read.

A pass over the folded text and one over its skeleton, with two small automata of `pieces` that every pattern leaves,
let nearly all go; what has to be read in a further way (signs for letters, strokes, upside-down and second look-alike
letters) is told by its signs.

A sieve now and then has a query read in which nothing can match. It never keeps one back in which something can.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum

from interceptor.folding import drawings, plain, turned
from interceptor.folding.leet import HAS_SIGN, SIGNS, STROKES, strokes
from interceptor.folding.lookalikes import HAS_SECOND, SECOND, UNLIKE, small
from interceptor.folding.skeleton import UNFOLDED, skeleton
from interceptor.matching.causes import END
from interceptor.matching.index import PatternIndex
from interceptor.matching.pieces import LETTERS, PHRASE, TURNED, Pieces, finder, letter_pieces
from interceptor.matching.readings import Reader
from interceptor.matching.skeletons import SkeletonIndex
from interceptor.vocabularies import ordinary_words

_PLAIN = "-'=*"
"""Signs that draw letters too, but never without others that do."""
_DRAWING = "".join({char for drawn in STROKES for char in drawn if not (char.isalnum() or char in _PLAIN)})
_ODD = "".join(
    char
    for char in (
        *(*SIGNS, *turned.MARKS, *_DRAWING, *map(chr, SECOND), *UNFOLDED),
        *(char for char in UNLIKE if skeleton(char, signs=False) != skeleton(char.lower(), signs=False)),
    )
    if char <= "\uffff"
)
"""Characters that stand for other letters than the skeleton of the plain view has, or draw letters together."""
# All planes but the first in one range: their characters one by one would cost every letter a look at each.
_odd = re.compile(f"[{re.escape(_ODD)}\U00010000-\U0010ffff]")
_drawing = re.compile(f"[{re.escape(_DRAWING)}]")
_HARMLESS = bytes(code for code in range(128) if chr(code) not in _ODD)


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
        self._index, self._whole = index, index.whole
        self._skeletons = reader.skeletons if reader else SkeletonIndex()
        self._candidates = reader.typing_errors.candidates if reader else list
        self._ordinary = ordinary_words()
        self._in_text = finder({**letter_pieces(), **pieces.text})
        self._in_skeleton = finder(pieces.skeleton)

    def __repr__(self) -> str:
        return "Sieve()"

    def need(self, query: str, text: str) -> Need:
        """How far ``query``, whose plain view is ``text``, has to be read, in whatever ways it can be."""
        has_odd = query.encode().translate(None, _HARMLESS) if query.isascii() else _odd.search(query)
        key = skeleton(text if not has_odd and text.isascii() else query, signs=False)
        for _ in self._in_skeleton(key):
            if self._may_hold(key):
                return Need.READINGS
            break
        need = Need.NOTHING
        drawn: dict[tuple[int, int], None] = {}
        for end, kind in self._in_text(text):
            if kind == LETTERS:
                span = _word_at(text, end)
                if span not in drawn and not self._is_known(query, text, text[slice(*span)]):
                    drawn[span] = None
            elif not need and not self._means_nothing(text, end, kind):
                need = Need.TEXT
        if self._whole and text in self._whole:
            need = Need.TEXT
        if drawn and self._may_hold_drawn(query, text, [*drawn]):
            return Need.READINGS
        return Need.READINGS if has_odd and not self._is_clean(query) else need

    def _is_known(self, query: str, text: str, word: str) -> bool:
        """Whether ``word`` is ordinary, and stands between spaces in ``query`` wherever it does in its plain view."""
        if word not in self._ordinary:
            return False
        words = query.rstrip(END).lower().split(" ")
        return words.count(word) == text.split(" ").count(word)

    def _are_ordinary(self, token: str) -> bool:
        """Whether ``token``, which may hold punctuation, is made of ordinary words alone."""
        ordinary = self._ordinary
        return token.lower() in ordinary or ordinary.issuperset(plain.words_of(token))

    def _means_nothing(self, text: str, end: int, kind: int) -> bool:
        """Whether a piece of a pattern that ends at ``end`` of ``text`` stands in a word that cannot be mistyped."""
        if kind == PHRASE:
            return False
        word = text[slice(*_word_at(text, end))]
        if word in self._ordinary:
            return not self._index.has(f" {word} ")
        return not self._candidates(word) and not self._index.has(f" {word} ")

    def _may_hold(self, key: str) -> bool:
        """Whether a whole skeleton stands in ``key``, or a piece of a word turned round."""
        has_piece = False
        for _, kind in self._in_skeleton(key):
            if kind == TURNED:
                return True
            has_piece = True
        return has_piece and bool(self._skeletons.hits(key))

    def _may_hold_drawn(self, query: str, text: str, drawn: Sequence[tuple[int, int]]) -> bool:
        """Whether a skeleton stands in ``query`` once letters are put for those drawn with others.

        ``drawn`` are places in ``text``, its plain view, of words that hold such.
        """
        if text[1:-1] == query.rstrip(END):
            for reading in drawings.of_letters_in(text, drawn):
                if self._may_hold(skeleton(reading, signs=False)):
                    return True
            return False
        visible = query if query.isascii() else plain.visible(query)
        if strokes(visible) != visible:
            return True
        signs = (False, True) if HAS_SIGN.search(visible) else (False,)
        return any(
            self._may_hold(skeleton(reading, signs=each))
            for reading in drawings.of_letters(visible, self._are_ordinary)
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


def _word_at(text: str, end: int) -> tuple[int, int]:
    """Where the word of ``text`` stands that holds the character at ``end``, or ends before it."""
    end = end if text[end] == " " else text.find(" ", end)
    return text.rfind(" ", 0, end) + 1, end
