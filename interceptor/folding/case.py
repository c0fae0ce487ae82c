"""Puts lower case for upper and title case, by Unicode's full case folding (``ß`` becomes ``ss``, ``ς`` ``σ``).

Gives up: the difference between ``US`` and ``us``.
Runs after `marks`: see there.
"""

from __future__ import annotations


def fold(char: str) -> str:
    """Fold the case of ``char``."""
    return char.casefold()
