"""Puts the plain letter for its compatibility forms: fullwidth, mathematical, circled, superscript, ligatures.

NFKD of one character (Unicode Standard Annex #15). Marks that the decomposition sets free are dropped by `marks`
and what remains is composed again, so that ``が`` stays one letter.
Gives up: the difference between ``x²`` and ``x2``.
"""

from __future__ import annotations

import unicodedata


def fold(char: str) -> str:
    """Decompose ``char`` (one character) for compatibility."""
    return unicodedata.normalize("NFKD", char)
