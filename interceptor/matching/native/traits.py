"""What a compiled scan has to know of a character: what it folds to, and what may be hidden in it."""

from __future__ import annotations

import unicodedata
from enum import IntFlag

from interceptor.folding import plain
from interceptor.folding.leet import SIGNS
from interceptor.folding.scripts import unspaced
from interceptor.folding.skeleton import keys_of
from interceptor.matching.causes import END
from interceptor.matching.sieve import DRAWING, ODD, OTHERWISE


class Trait(IntFlag):
    """What a character is; the compiled part keeps these in two bytes."""

    MET = 1
    """It has been asked for."""
    BEYOND = 2
    """What it folds to depends on others beside it, or is more than one letter: not for one look at each."""
    ODD = 4
    """It may stand for another letter than it folds to, or draw one with others."""
    SIGN = 8
    """A sign that may stand for a letter."""
    DRAWS = 16
    """A sign that draws letters with others."""
    OPERATES = 32
    """A hyphen, a colon, or the end of NOT: what operators are told by."""
    MARK = 64
    """Normal form C may move it, or make one character of it and the one before it."""
    ENDS = 128
    """It may stand behind the last word."""
    OTHERWISE = 256
    """It stands for another letter upside down, for a second one, or for another in lower case."""


_CHARS = {
    Trait.ODD: frozenset(ODD),
    Trait.SIGN: frozenset(SIGNS),
    Trait.DRAWS: frozenset(DRAWING),
    Trait.OPERATES: frozenset("-:T"),
    Trait.ENDS: frozenset(END),
    Trait.OTHERWISE: frozenset(OTHERWISE),
}
_PARTS = frozenset((*range(0x1100, 0x1200), *range(0xD800, 0xE000)))
"""Hangul's letters, which compose, and surrogates."""
_PLANE = 0x10000
_PAIRS = (unicodedata.decomposition(chr(code)).split() for code in range(_PLANE))
_COMPOSING = frozenset(chr(int(pair[1], 16)) for pair in _PAIRS if len(pair) == 2 and pair[0][0] != "<")
"""Characters that compose with one before them, Hangul's left out: known at import, for a search should not wait."""


def traits(char: str) -> tuple[int, int, int, int]:
    """`Trait` of ``char``, the code points that it folds to in the plain view, in the skeleton, and there as a sign.

    A code point of 0 is none; a space stands for every separator.
    """
    found = Trait(0)
    for trait, chars in _CHARS.items():
        if char in chars:
            found |= trait
    folded = plain.fold_char(char).replace("\n", " ")
    letters = (folded, keys_of(char, signs=False), keys_of(char, signs=True))
    is_mark = _is_mark(char)
    if (
        not all(map(_is_one, (char, *filter(None, letters))))
        or unspaced.search(folded)
        or (not is_mark and (_is_mark(folded) or not unicodedata.is_normalized("NFC", char + folded)))
    ):
        return found | Trait.BEYOND, 0, 0, 0
    codes = [ord(each) if each else 0 for each in letters]
    return found | Trait.MARK if is_mark else found, codes[0], codes[1], codes[2]


def _is_one(char: str) -> bool:
    """Whether ``char`` is a single one, of the first plane, that is no part of another one."""
    return len(char) == 1 and ord(char) < _PLANE and ord(char) not in _PARTS


def _is_mark(char: str) -> bool:
    """Whether normal form C may move ``char``, or make one of it and the letter before it."""
    if not char or unicodedata.category(char[0])[0] != "M":
        return False
    return unicodedata.combining(char[0]) > 0 or char[0] in _COMPOSING
