"""Tells that nothing can match in a query that a first look has not let go, and how far another has to be read.

A pass over the folded text and one over its skeleton, with two small automata of `pieces` that every pattern leaves,
let nearly all go; what has to be read in a further way (signs for letters, strokes, upside-down and second look-alike
letters) is told by its signs.

A sieve now and then has a query read in which nothing can match. It never keeps one back in which something can.
"""

from __future__ import annotations

import re
from enum import IntEnum

from interceptor.config import Matching
from interceptor.folding import drawings, plain, turned
from interceptor.folding.leet import HAS_SIGN, SIGNS, STROKES, strokes
from interceptor.folding.lookalikes import HAS_SECOND, SECOND, UNLIKE, small
from interceptor.folding.skeleton import UNFOLDED, skeleton
from interceptor.matching.causes import is_plainly_spaced
from interceptor.matching.index import PatternIndex
from interceptor.matching.letters import Letters
from interceptor.matching.pieces import LETTERS, PHRASE, TURNED, Pieces, finder
from interceptor.matching.readings import Reader
from interceptor.matching.skeletons import SkeletonIndex
from interceptor.vocabularies import ordinary_words

_PLAIN = "-'=*"
"""Signs that draw letters too, but never without others that do."""
DRAWING = "".join({char for drawn in STROKES for char in drawn if not (char.isalnum() or char in _PLAIN)})
OTHERWISE = "".join(
    char
    for char in (
        *(*turned.MARKS, *map(chr, SECOND)),
        *(char for char in UNLIKE if skeleton(char, signs=False) != skeleton(char.lower(), signs=False)),
    )
    if char <= "\uffff"
)
"""Letters that stand for others upside down, for a second one, or for another in lower case."""
_BEYOND = "\U00010000-\U0010ffff"
"""All planes but the first: their characters one by one would cost every letter a look at each."""
_otherwise = re.compile(f"[{OTHERWISE}{_BEYOND}]")
_UNLIKE_VIEW = OTHERWISE + "".join(char for char in UNFOLDED if char <= "\uffff")
_unlike_view = re.compile(f"[{re.escape(_UNLIKE_VIEW)}{_BEYOND}]")
"""Finds characters that stand for other letters than they fold to."""
ODD = SIGNS + DRAWING + _UNLIKE_VIEW
"""Characters that stand for other letters than the skeleton of the plain view has, or draw letters together."""
_odd = re.compile(f"[{re.escape(ODD)}{_BEYOND}]")
_drawing = re.compile(f"[{re.escape(DRAWING)}]")
MOST_ASKED = 8
"""Words of a query that are looked up in it one by one, each of which takes as long as the query does."""
_HARMLESS = bytes(code for code in range(128) if chr(code) not in ODD)


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
        self, pieces: Pieces, letters: Letters, index: PatternIndex, reader: Reader | None, bounds: Matching
    ) -> None:
        """Take what can match: ``pieces`` and ``letters`` of all patterns of ``index``, read by ``reader``."""
        self._letters = letters
        self._index, self.whole = index, index.whole
        self.terms = frozenset(word for word in pieces.words if index.has(f" {word} "))
        self.holds_skeleton = (reader.skeletons if reader else SkeletonIndex()).holds
        self.candidates = reader.typing_errors.candidates if reader else list
        self._is_known = reader.is_known if reader else bool
        self.shortest = bounds.shortest_mistyped_word - 1
        self.ordinary = ordinary_words()
        self._in_text = finder(pieces.in_text)
        self._in_skeleton = finder(pieces.skeleton)

    def __repr__(self) -> str:
        return "Sieve()"

    def need(self, query: str, text: str) -> Need:
        """How far ``query``, of which a first look gave ``text``, has to be read, in whatever ways it can be."""
        odd = query.encode().translate(None, _HARMLESS) if query.isascii() else _odd.search(query)
        # To read mixed scripts sign by sign is slow.
        ours = self._letters.alone(query) if odd and not query.isascii() else query
        # Without characters that stand for others than they fold to, the plain view has the same skeleton.
        is_like_view = text.isascii() and not (odd and _unlike_view.search(ours))
        if self._may_hold(skeleton(text if is_like_view else ours, signs=False)):
            return Need.READINGS
        need = Need.NOTHING
        drawn: list[int] = []
        done = -1
        typed: str | None = None
        asked = 0
        for end, kind in self._in_text(text):
            if kind == LETTERS:
                word = _word_at(text, end)
                if word in self.ordinary:
                    if typed is None:
                        typed = "" if self._is_plainly_spaced(query, text) else f" {query.lower()} "
                    if not typed:
                        continue
                    asked += 1
                    if asked <= MOST_ASKED and self.is_read_as_it_stands(word, text, typed):
                        continue
                drawn.append(end)
            elif need or kind == PHRASE:
                need = Need.TEXT
            elif end > done:
                # Several pieces often stand in one word.
                done = end if text[end] == " " else text.find(" ", end)
                if self._may_be_meant(_word_at(text, done)):
                    need = Need.TEXT
        if self.whole and text in self.whole:
            need = Need.TEXT
        if drawn:
            if not odd and is_like_view and len(drawn) == 1:
                if self._may_hold(skeleton(drawings.read_at(text, drawn[0]), signs=False)):
                    return Need.READINGS
            elif self.may_hold_drawn(query):
                return Need.READINGS
        return Need.READINGS if odd and not self.is_clean(ours) else need

    def _is_plainly_spaced(self, query: str, text: str) -> bool:
        """Whether the words of ``text`` are all that stands in ``query``, with nothing but a space between each two."""
        if not is_plainly_spaced(query, text.split(), text):
            return False
        return query.isascii() or self._letters.alone(query) == query

    def is_read_as_it_stands(self, word: str, text: str, typed: str) -> bool:
        """Whether no letter of ``word``, an ordinary one of ``text``, is drawn with others in what was ``typed``."""
        # What stands there more than once may be drawn in one place.
        if typed.count(word) != 1 or text.count(word) != 1:
            return False
        start = typed.find(word)
        token = typed[typed.rfind(" ", 0, start) + 1 : typed.find(" ", start)]
        return token == word or self._is_known(token)

    def _may_be_meant(self, word: str) -> bool:
        """Whether ``word`` may be a pattern of one word, as it stands or with one typing error."""
        if word in self.terms:
            return True
        return len(word) >= self.shortest and word not in self.ordinary and bool(self.candidates(word))

    def _may_hold(self, key: str) -> bool:
        """Whether a whole skeleton stands in ``key``, or a piece of a word turned round."""
        has_piece = False
        for _, kind in self._in_skeleton(key):
            if kind == TURNED:
                return True
            has_piece = True
        return has_piece and self.holds_skeleton(key)

    def may_hold_drawn(self, query: str) -> bool:
        """Whether a skeleton stands in ``query`` once letters are put for those drawn with others."""
        visible = query if query.isascii() else plain.visible(query)
        if strokes(visible) != visible:
            return True
        return any(map(self._may_be_undone, drawings.of_letters(visible, self._is_known)))

    def _may_be_undone(self, text: str) -> bool:
        """Whether a skeleton stands in ``text`` in any of the ways in which `Reader` undoes rewritings of one text."""
        if self._may_hold(skeleton(text, signs=False)):
            return True
        if HAS_SIGN.search(text) and self.may_hold_signs(text):
            return True
        other = small(text)
        return other != text and self._may_hold(skeleton(other, signs=False))

    def may_hold_signs(self, text: str) -> bool:
        """Whether a skeleton stands in ``text``, the signs of which are read as letters."""
        if self._may_hold(skeleton(text, signs=True)):
            return True
        return "+" in text and self._may_hold(skeleton(text.replace("+", " "), signs=True))

    def is_clean(self, query: str) -> bool:
        """Whether nothing can match in readings of characters that are not what they look like."""
        is_ascii = query.isascii()
        if _drawing.search(query):
            visible = query if is_ascii else plain.visible(query)
            if strokes(visible) != visible:
                return False
        if HAS_SIGN.search(query) and self.may_hold_signs(query):
            return False
        if is_ascii or not _otherwise.search(query):
            return True
        if turned.HAS_MARK.search(query):
            return False
        other = small(query)
        if other != query and self._may_hold(skeleton(other, signs=False)):
            return False
        return not (HAS_SECOND.search(query) and self._may_be_undone(query.translate(SECOND)))


def _word_at(text: str, end: int) -> str:
    """The word of ``text`` that holds the character at ``end``, or ends before it."""
    end = end if text[end] == " " else text.find(" ", end)
    return text[text.rfind(" ", 0, end) + 1 : end]
