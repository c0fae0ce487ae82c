"""Folds a whole text in a few calls into C where all its characters are ASCII or of one common alphabet.

``str.translate`` asks a dictionary for every character. Here a character map, as Python has for encodings of one
byte, turns the text into bytes, and a second one turns each byte into the folded character; bytes of characters that
fold to nothing are left out between. An alphabet is a few blocks' characters that fold to one or none; a text with
any other is left to the caller, but for the few common ones that fold to two, which are replaced beforehand.

Normal form C is seen to without a look at each character: where all marks that stay are of one combining class,
nothing can be out of order, and the few pairs that compose are known. Other alphabets (Thai, Lao) ask for a text in
normal form and leave nothing out, which keeps it.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable

from interceptor.folding.scripts import unspaced

_ASCII = [char for char in map(chr, range(128)) if char.isprintable() or char in "\t\n\r"]
"""Other white space takes places that letters need."""
_COMMON = (
    "\u2018\u2019\u201a\u201c\u201d\u201e\u2026\u2013\u2014\u00a0\u00a1\u00ab\u00b0\u00b4\u00b7\u00bb\u00bf"
)
"""Signs that stand among the letters of every alphabet."""
_HIDDEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\ufeff"
"""Characters that nobody sees, which the joiners of Persian and Indic spelling belong to."""
_TWO = "ßæœ\u0e33\u0eb3"
"""Common letters that fold to two."""
_PLACES = 256
_UNDEFINED = "\ufffe"
"""What Python's character maps take for "no character"."""

_LATIN = 0xC0 >> 7
_EUROPEAN = "āăąćčċďđēėęěğģġħīįıķļľĺłńņňōőŕřśšşťţūůűųźżžșțČĐŁŌŘŚŠŞŻŽİ"
_ACCENTS = range(0x0300, 0x030D), range(0x0323, 0x0324), range(0x0327, 0x0329)

_BLOCKS: tuple[tuple[range, ...], ...] = (
    # Latin, with accents: Western Europe's, and the letters that other languages of Europe have, few capitals of these
    (range(0x00C0, 0x0100), *_ACCENTS, *(range(ord(char), ord(char) + 1) for char in _EUROPEAN)),
    (range(0x0386, 0x03CF), *_ACCENTS),  # Greek
    (range(0x0400, 0x0460), range(0x0490, 0x0494), *_ACCENTS),  # Cyrillic
    (range(0x05D0, 0x05EB), range(0x0591, 0x05C8)),  # Hebrew
    (  # Arabic, Persian, Urdu
        *(range(0x060C, 0x060D), range(0x061B, 0x0620), range(0x0621, 0x0656), range(0x0660, 0x066E)),
        *(range(0x0670, 0x0671), range(0x0679, 0x067F), range(0x0686, 0x0692), range(0x0698, 0x0699)),
        *(range(0x06A9, 0x06B0), range(0x06BA, 0x06C4), range(0x06CC, 0x06CD), range(0x06D2, 0x06D6)),
        *(range(0x06F0, 0x06FA),),
    ),
    *((range(first, first + 0x80),) for first in range(0x0900, 0x0F00, 0x80)),  # Devanagari to Lao
)

_RARE = frozenset(
    char for char in map(chr, range(0x0900, 0x0E00)) if unicodedata.combining(char) not in (0, 7, 9)
)
"""Marks of Vedic texts and of length, of other classes than nukta and virama: with them order would matter."""

_letter = re.compile(rf"[^\x00-\x7f{_COMMON}{_HIDDEN}]")


class Alphabet:
    """ASCII and up to 150 other characters."""

    def __init__(self, chars: Iterable[str], fold: Callable[[str], str], *, composes: bool) -> None:
        """``composes``: what comes out of `fold` has to be in normal form C."""
        chars = list(chars)
        known = dict.fromkeys((*_ASCII, *_COMMON, *_HIDDEN, *chars))
        folds = {char: fold(char) for char in known if unicodedata.category(char) != "Cn"}
        marks = {unicodedata.combining(char) for each in folds.values() for char in each} - {0}
        self._is_free = not composes or len(marks) < 2
        """Whether a text may be out of normal form, and anything be left out of it."""
        # A map that begins with NUL is a table in C; any other is a dictionary, ten times slower.
        kept = ["\0"] + [
            char for char, each in folds.items() if len(each) == 1 or (not each and self._is_free)
        ]
        kept = kept[:_PLACES]
        missing = _UNDEFINED * (_PLACES - len(kept))
        self._encode = codecs.charmap_build("".join(kept) + missing)
        self._decode = "".join(folds.get(char) or _UNDEFINED for char in kept) + missing
        self._dropped = bytes(place for place, char in enumerate(kept) if not folds.get(char))
        if not self._is_free:
            self._dropped = b""
        self._doubles = [
            (char, each)
            for char in _TWO
            if len(each := folds.get(char, "")) == 2 and all(folds.get(one) == one for one in each)
        ]
        self._pairs = list(_composing(folds.values())) if composes and self._is_free else []
        self.is_spaced = not unspaced.search("".join(folds.values()))
        """Whether the words of its scripts stand between spaces."""

    def __repr__(self) -> str:
        return "Alphabet()"

    def fold(self, text: str) -> str | None:
        """Fold ``text``; None where a character is not of this alphabet, or its normal form is in doubt."""
        if not self._is_free and not unicodedata.is_normalized("NFC", text):
            return None
        try:
            folded = self._folded(text)
        except UnicodeError:
            # What folds to two letters is no part of the map, and seldom there.
            spelled = text
            for char, letters in self._doubles:
                spelled = spelled.replace(char, letters)
            if spelled == text:
                return None
            try:
                folded = self._folded(spelled)
            except UnicodeError:
                return None
        for pair, composed in self._pairs:
            folded = folded.replace(pair, composed)
        return folded

    def _folded(self, text: str) -> str:
        octets = codecs.charmap_encode(text, "strict", self._encode)[0].translate(None, self._dropped)
        return codecs.charmap_decode(octets, "strict", self._decode)[0]


class Alphabets(dict[int, Alphabet | None]):
    """All common alphabets under one fold, by the block of 128 code points; each is made when it is first met."""

    def __init__(self, fold: Callable[[str], str], *, composes: bool = True) -> None:
        """``fold`` folds one character; ``composes``: what comes out has to be in normal form C."""
        super().__init__()
        self._fold, self._composes = fold, composes

    def __missing__(self, block: int) -> Alphabet | None:
        ranges = next((each for each in _BLOCKS if any(block << 7 in _whole(one) for one in each)), None)
        if ranges is None:
            self[block] = None
            return None
        chars = [char for each in ranges for char in map(chr, each) if char not in _RARE]
        alphabet = Alphabet(chars, self._fold, composes=self._composes)
        for char in chars:
            self.setdefault(ord(char) >> 7, alphabet)
        return self.setdefault(block, alphabet)

    def of(self, text: str) -> Alphabet | None:
        """The alphabet that ``text`` may be in, as its first letter beyond ASCII tells; None where it is in none."""
        found = _letter.search(text)
        return self[ord(found[0]) >> 7 if found else _LATIN]

    def fold(self, text: str) -> str | None:
        """Fold ``text``; None where it is not in one of the alphabets as a whole."""
        alphabet = self.of(text)
        return alphabet.fold(text) if alphabet else None


def _whole(part: range) -> range:
    """The code points of the blocks that ``part`` begins and ends in."""
    return range(part[0] >> 7 << 7, part[-1] + 1)


def _composing(folded: Iterable[str]) -> Iterable[tuple[str, str]]:
    """The pairs of characters of ``folded`` that normal form C makes one of, each with that one."""
    known = frozenset("".join(folded))
    for char in sorted(known):
        pair = unicodedata.normalize("NFD", char)
        for place in range(1, len(pair)):
            left, right = unicodedata.normalize("NFC", pair[:place]), pair[place:]
            if len(left) == len(right) == 1 and unicodedata.normalize("NFC", left + right) == char:
                yield left + right, char
