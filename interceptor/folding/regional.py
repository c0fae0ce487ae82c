"""Puts letters for regional indicators, in pairs of which flags are written.

One alone stands for a letter in its place; two and more in a row are a word of their own, so that a flag behind a
word (``lantern🇫🇮``) leaves the word whole. Letters that have no indicator, such as those with an accent, belong to
that word where one or two stand between indicators, or one before or behind them and nothing beside it.
Gives up: the difference between a flag and its two letters.
Source: Unicode Technical Standard #51, annex B.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SIGN = "\x1e"
"""Stands before every letter until `pieces` has told where words begin; no folded text holds it otherwise."""

_FIRST, _LAST = "\U0001f1e6", "\U0001f1ff"
_LETTER = r"[^\W\d_]"
_ONE = f"{SIGN}[a-z]"
_run = re.compile(
    rf"(?:(?<![\w{SIGN}]){_LETTER}(?={_ONE}{_ONE}))?"
    rf"(?:{_ONE})+(?:{_LETTER}{{1,2}}(?:{_ONE})+)*"
    rf"(?:(?<={_ONE}{_ONE}){_LETTER}(?!\w))?"
)
_two = re.compile(_ONE + SIGN)


def is_indicator(char: str) -> bool:
    """Whether ``char`` is a regional indicator."""
    return _FIRST <= char <= _LAST


def fold(char: str) -> str:
    """Put the sign and the letter for a regional indicator."""
    return SIGN + chr(ord("a") + ord(char) - ord(_FIRST)) if is_indicator(char) else char


def words(text: str) -> str:
    """Put the letters of every run in ``text`` for it, with spaces around where two and more stand side by side."""
    return _run.sub(lambda run: _letters(run[0]), text)


def _letters(run: str) -> str:
    letters = run.replace(SIGN, "")
    return f" {letters} " if _two.search(run) else letters


def pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield what `words` makes of ``text`` piece by piece, with the place of each; the spaces have an empty one."""
    done = 0
    for run in _run.finditer(text):
        yield from ((text[i], i, i + 1) for i in range(done, run.start()))
        done = run.end()
        space = " " if _letters(run[0]).startswith(" ") else ""
        yield space, run.start(), run.start()
        letter = run.start()
        while letter < done:
            width = 2 if text[letter] == SIGN else 1
            yield text[letter + width - 1], letter, letter + width
            letter += width
        yield space, done, done
    yield from ((text[i], i, i + 1) for i in range(done, len(text)))
