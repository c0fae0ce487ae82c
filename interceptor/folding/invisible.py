"""Drops characters that nobody sees: zero-width and default-ignorable ones, controls, variation selectors.

Gives up: the difference that a zero-width (non-)joiner makes in Persian and Indic spelling.
Source: Default_Ignorable_Code_Point of the Unicode Character Database, which is nearly category Cf plus the
ranges below.
"""

from __future__ import annotations

import unicodedata

_BEYOND_CF = frozenset(
    [0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)]
)
_VISIBLE_CF = frozenset([*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x08E2, 0x110BD, 0x110CD])
"""Arabic, Syriac and Kaithi number and verse signs are category Cf, yet drawn."""


def is_invisible(char: str) -> bool:
    """Whether ``char`` leaves no mark on a page and is no white space."""
    code = ord(char)
    category = unicodedata.category(char)
    if category == "Cf":
        return code not in _VISIBLE_CF
    if category == "Cc":
        return not char.isspace()
    return code in _BEYOND_CF or 0xE0100 <= code <= 0xE01EF


def fold(char: str) -> str:
    """Drop ``char`` where it is invisible."""
    return "" if is_invisible(char) else char
