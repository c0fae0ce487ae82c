"""Text written backwards, word by word backwards, between bidirectional overrides, or upside down.

Gives up: nothing of the text itself; each function gives another reading, which competes with the plain one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from interceptor.folding.lookalikes import UPSIDE_DOWN

_override = re.compile("\u202e([^\u202c\u2069]*)[\u202c\u2069]?")
_word = re.compile(r"\S+")
_MARKED = "ɐǝɹʇɥɯʍʎʞɟƃᴉıɔɓʌ"
_upside_down = re.compile(f"[{_MARKED}]")


def words_backwards(text: str) -> str:
    """Turn every word of ``text`` round where it stands."""
    return _word.sub(lambda match: match[0][::-1], text)


def marked(text: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to turn ``text`` round that characters in it ask for, each with the name of the step."""
    if text.isascii():
        return
    if _upside_down.search(text):
        yield "upside down", text[::-1].translate(UPSIDE_DOWN)
        yield "upside down, in order", text.translate(UPSIDE_DOWN)
    if "\u202e" in text:
        yield "bidirectional override", _override.sub(lambda match: match[1][::-1], text)
