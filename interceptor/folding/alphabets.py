"""Folds a whole text in two calls into C where all its characters are ASCII or of one common alphabet.

``str.translate`` asks a dictionary for every character. Here a character map, as Python has for encodings of one
byte, turns the text into bytes, and a second one turns each byte into the folded character. An alphabet is those
characters of a few blocks that fold to exactly one; a text with any other is left to the caller. Marks that decorate
fold to none, so no alphabet holds them, and a text in normal form C stays in it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable

_ASCII = [chr(code) for code in range(128) if chr(code).isprintable() or chr(code).isspace()]
_PUNCTUATION = "‘’“”«»–—"
_UNDEFINED = "\ufffe"
"""What Python's character maps take for "no character"."""

_BLOCKS: tuple[tuple[range, ...], ...] = (
    (range(0x00C0, 0x0100), range(0x0101, 0x0180, 2), range(0x013A, 0x0149, 2)),  # Latin, with accents
    (range(0x0386, 0x03CF),),  # Greek
    (range(0x0400, 0x0460), range(0x0490, 0x0494)),  # Cyrillic
    (range(0x05D0, 0x05EB),),  # Hebrew
    (range(0x060C, 0x06F9),),  # Arabic, Persian, Urdu
    *((range(first, first + 0x80),) for first in range(0x0900, 0x0F00, 0x80)),  # Devanagari to Lao
)

_beyond_ascii = re.compile(r"[^\x00-\x7f]")


class Alphabet:
    """ASCII and up to 150 other characters."""

    def __init__(self, chars: Iterable[str], fold: Callable[[str], str]) -> None:
        single = [char for char in dict.fromkeys((*_ASCII, *_PUNCTUATION, *chars)) if len(fold(char)) == 1]
        missing = _UNDEFINED * (256 - len(single))
        self._encode = codecs.charmap_build("".join(single[:256]) + missing)
        self._decode = "".join(map(fold, single[:256])) + missing

    def __repr__(self) -> str:
        return "Alphabet()"

    def fold(self, text: str) -> str | None:
        """Fold ``text``; None where a character is not of this alphabet."""
        try:
            octets, _ = codecs.charmap_encode(text, "strict", self._encode)
        except UnicodeEncodeError:
            return None
        return codecs.charmap_decode(octets, "strict", self._decode)[0]


class Alphabets:
    """All common alphabets under one fold, found by a text's first character that is not ASCII."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        self._by_block: dict[int, Alphabet] = {}
        for ranges in _BLOCKS:
            chars = [chr(code) for each in ranges for code in each]
            alphabet = Alphabet(chars, fold)
            for char in chars:
                self._by_block.setdefault(ord(char) >> 7, alphabet)

    def fold(self, text: str) -> str | None:
        """Fold ``text``; None where it is not in one of the alphabets as a whole."""
        found = _beyond_ascii.search(text)
        alphabet = self._by_block.get(ord(found[0]) >> 7) if found else None
        return alphabet.fold(text) if alphabet else None
