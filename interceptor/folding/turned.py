"""Text written backwards, word by word backwards, between bidirectional overrides, or upside down.

Gives up: nothing of the text itself; each function gives another reading, which competes with the plain one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from interceptor.folding.lookalikes import UPSIDE_DOWN

_override = re.compile("\u202e([^\u202c\u2069]*)[\u202c\u2069]?")
_word = re.compile(r"\S+")
_BELOW = 220
"""Unicode's combining class of marks below a letter, where accents stand once they are turned with it."""
_MARKED = "ɐǝɹʇɥɯʍʎʞɟƃᴉıɔɓʌⱯƎᗺƆᗡᖵℲ⅁Ꞁᴚ⊥Ʌ⅄"
_upside_down = re.compile(f"[{_MARKED}]")
MARKS = f"{_MARKED}\u202e"
"""Characters that `marked` goes by."""
HAS_MARK = re.compile(f"[{MARKS}]")


def words_backwards(text: str) -> str:
    """Turn every word of ``text`` round where it stands."""
    return _word.sub(lambda match: match[0][::-1], text)


def _upright(char: str) -> str:
    """The letter that ``char`` is upside down; accents above stand on letters that were not turned."""
    letter, *accents = list(unicodedata.normalize("NFD", char))
    if accents and unicodedata.combining(accents[0]) != _BELOW:
        return char
    if unicodedata.combining(letter) and unicodedata.category(letter) == "Mn":
        return ""
    return UPSIDE_DOWN.get(ord(letter), letter)


def marked(text: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to turn ``text`` round that characters in it ask for, each with the name of the step."""
    if text.isascii():
        return
    if _upside_down.search(text):
        letters = "".join(map(_upright, unicodedata.normalize("NFC", text)))
        yield "upside down", letters[::-1]
        yield "upside down, in order", letters
    if "\u202e" in text:
        yield "bidirectional override", _override.sub(lambda match: match[1][::-1], text)
