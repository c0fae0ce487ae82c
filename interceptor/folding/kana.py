"""Puts hiragana for katakana; halfwidth katakana have become katakana by `compatibility`.

Gives up: the difference between a loan word and its spelling in hiragana (``ランプ``, ``らんぷ``).
The prolonged sound mark stays, and small letters stay small (``きや`` is not ``きゃ``), but for those of the Ainu
language (``ㇻ``), which are the letters themselves elsewhere.
Source: the Unicode code charts: the two syllabaries stand in the same order, 96 places apart.
"""

from __future__ import annotations

_APART = 0x60
_AINU = dict(zip(map(chr, range(0x31F0, 0x3200)), "くしすとぬはひふへほむらりるれろ", strict=True))


def fold(char: str) -> str:
    """Put the hiragana letter for ``char``."""
    if "\u30a1" <= char <= "\u30f6" or char in "\u30fd\u30fe":
        return chr(ord(char) - _APART)
    return _AINU.get(char, char)
