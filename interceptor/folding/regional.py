"""Puts letters for regional indicators, in pairs of which flags are written.

One alone stands for a letter in its place; two and more in a row are a word of their own, so that a flag behind a
word (``lantern🇫🇮``) leaves the word whole.
Gives up: the difference between a flag and its two letters.
Source: Unicode Technical Standard #51, annex B.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SIGN = "\x1e"
"""Stands before every letter until `pieces` has told where words begin; no folded text holds it otherwise."""

_FIRST, _LAST = "\U0001f1e6", "\U0001f1ff"
_run = re.compile(f"(?:{SIGN}[a-z])+")


def is_indicator(char: str) -> bool:
    """Whether ``char`` is a regional indicator."""
    return _FIRST <= char <= _LAST


def fold(char: str) -> str:
    """Put the sign and the letter for a regional indicator."""
    return SIGN + chr(ord("a") + ord(char) - ord(_FIRST)) if is_indicator(char) else char


def words(text: str) -> str:
    """Put the letters of every run in ``text`` for it, with spaces around where there are two and more."""
    return _run.sub(lambda run: _letters(run[0]), text)


def _letters(run: str) -> str:
    letters = run.replace(SIGN, "")
    return f" {letters} " if len(letters) > 1 else letters


def pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield what `words` makes of ``text`` piece by piece, with the place of each; the spaces have an empty one."""
    done = 0
    for run in _run.finditer(text):
        yield from ((text[i], i, i + 1) for i in range(done, run.start()))
        done = run.end()
        space = " " if _letters(run[0]).startswith(" ") else ""
        yield space, run.start(), run.start()
        yield from ((text[i + 1], i, i + 2) for i in range(run.start(), done, 2))
        yield space, done, done
    yield from ((text[i], i, i + 1) for i in range(done, len(text)))
