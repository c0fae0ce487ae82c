"""Puts the simplified Chinese character for a traditional one, character by character.

Gives up: differences that traditional script alone makes (``后`` empress and ``後`` behind; ``乾``, ``幹`` and ``干``).
A traditional character with several simplified forms takes the first, whatever the word: both sides are folded
alike. Japanese and Korean text passes through too, which joins ``園`` to ``园`` but not forms that Japan alone has.
Source: OpenCC's TSCharacters, as data/simplified.txt tells; made by tools/make_simplified.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def simplified() -> Mapping[str, str]:
    """Traditional character to simplified one."""
    text = resources.files(__package__).joinpath("data/simplified.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {traditional: line[0] for line in lines for traditional in line[1:]}


def fold(char: str) -> str:
    """Put the simplified character for ``char``."""
    return simplified().get(char, char) if char >= "\u3400" else char


def is_traditional(text: str) -> bool:
    """Whether ``text`` holds a character that only the traditional script has."""
    return any(fold(char) != char for char in text)
