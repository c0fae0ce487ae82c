"""Puts 0 to 9 for the decimal digits of every script, and for numbers on black or double circles.

Gives up: the difference between ``٥``, ``५`` and ``5``. Left alone: letters that are also numbers (``五``, ``Ⅴ``).
Source: the decimal and numeric values of the Unicode Character Database.
"""

from __future__ import annotations

import unicodedata

_CIRCLED = frozenset([*range(0x2776, 0x2794), *range(0x24EB, 0x2500), 0x1F10B, 0x1F10C])
"""Dingbats and enclosed numbers that have no compatibility decomposition."""


def fold(char: str) -> str:
    """Put ASCII digits for ``char`` where it is a digit."""
    value = unicodedata.decimal(char, None)
    if value is not None:
        return str(value)
    if ord(char) in _CIRCLED:
        return str(int(unicodedata.numeric(char)))
    return char
