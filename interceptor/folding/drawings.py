"""Ways to read letters drawn with several signs (``|_|`` for u) or with other letters (``rn`` for m, ``I3`` for b).

The same strokes can be read in several ways (``|_|_`` is u and a stroke, or l twice), so each word is cut in the few
ways that leave the fewest signs over, and the query is read in the best of their combinations. Every reading competes
with the plain one; words that are read as they stand are not looked at.
Gives up: a word in which two of the same drawings are to be read differently in more ways than are tried.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product

from interceptor.folding.leet import LEET, STROKES, strokes

LETTERS = {
    "rn": "m",
    "vv": "w",
    "cl": "d",
    "ph": "f",
    "kks": "x",
    "13": "b",
    "i3": "b",
    "l3": "b",
    "i2": "r",
    "l2": "r",
}
"""Letters in the shape or with the sound of others, in any case: whoever draws one may change the case of it all."""

_OF_ASCII = re.IGNORECASE | re.ASCII
_letters = re.compile("|".join(sorted(LETTERS, key=len, reverse=True)), _OF_ASCII)
_kinds = {kind: re.compile(kind, _OF_ASCII) for kind in LETTERS}
_PIECES = {
    **{
        "".join(chars): letter
        for drawn, letter in LETTERS.items()
        for chars in product(*({char, char.upper()} for char in drawn))
    },
    **STROKES,
}
_WITH_DIGITS = frozenset(piece for piece in _PIECES if piece.isalnum() and not piece.isalpha())
_LONGEST = max(map(len, _PIECES))
_FIRST = frozenset(piece[0] for piece in _PIECES)
_tokens = re.compile(r"\s+|\S+")

_MOST = 256
"""Characters of the longest query that is read in more ways than one."""
_LONGEST_WORD = 48
_WAYS = 6
"""Ways to cut one word that are kept."""
_COMBINED = 12
"""Readings of one query at most."""

_DRAWN, _DIGIT, _SIGN, _LEFT, _PARTED = 0.5, 0.3, 0.6, 1.5, 0.2
"""What it costs to read a drawing, and to leave a digit, a sign that stands for a letter by itself, any other one, one
that parts letters."""
_PARTING, _FEWEST, _SPARSEST = "_-~'`=*", 3, 4
"""Signs of drawings that are put between letters too; one that is so many characters of a word, and every fourth of
them at least, is taken to be."""


def of_letters(text: str, is_word: Callable[[str], bool]) -> Iterator[str]:
    """Yield ``text`` with the letter for every drawing that is made of letters, then for each kind of them alone.

    What ``is_word`` knows stays as it is; nothing comes where nothing is drawn.
    """
    unread = list(_unread(text, is_word))
    if not unread:
        return
    kinds = list(dict.fromkeys(kind.lower() for span in unread for kind in _letters.findall(text, *span)))
    is_long = len(text) > _MOST
    if len(kinds) > 1 or is_long:
        yield _replaced(text, unread, partial(_letters.sub, _letter))
    for kind in () if is_long else kinds:
        yield _replaced(text, unread, partial(_kinds[kind].sub, LETTERS[kind]))


def read_at(text: str, end: int) -> str:
    """``text`` with the letter for the drawing, made of letters, whose last character stands at ``end``."""
    start = end - 1 if text[end - 1 : end + 1] in LETTERS else end - 2
    return text[:start] + LETTERS[text[start : end + 1]] + text[end + 1 :]


def _unread(text: str, is_word: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Where words stand in ``text`` that hold drawings and ``is_word`` does not know: start and end (exclusive)."""
    end = 0
    for drawn in _letters.finditer(text):
        if drawn.start() >= end:
            start, end = text.rfind(" ", 0, drawn.start()) + 1, text.find(" ", drawn.end())
            end = len(text) if end < 0 else end
            if not is_word(text[start:end]):
                yield start, end


def _replaced(text: str, spans: Sequence[tuple[int, int]], replace: Callable[[str], str]) -> str:
    """``text`` with what ``replace`` makes of each of ``spans``."""
    pieces, done = [], 0
    for start, end in spans:
        pieces += [text[done:start], replace(text[start:end])]
        done = end
    return "".join([*pieces, text[done:]])


def _letter(drawn: re.Match[str]) -> str:
    return LETTERS[drawn[0].lower()]


def of_signs(text: str) -> Iterator[str]:
    """Yield ``text`` with letters for drawings, the longest ones first, then cut in other ways; nothing without any."""
    first = strokes(text)
    if first == text:
        return
    yield first
    if len(text) > _MOST:
        return
    seen = {first, text}
    for read in _combined(text):
        if read not in seen:
            seen.add(read)
            yield read


def _combined(text: str) -> list[str]:
    """The cheapest readings of ``text``, the best first."""
    held: list[tuple[float, str]] = [(0.0, "")]
    for token in _tokens.findall(text):
        ways = _cut(token) if len(token) <= _LONGEST_WORD else [(0.0, strokes(token))]
        held = heapq.nsmallest(
            _COMBINED, ((cost + more, before + read) for cost, before in held for more, read in ways)
        )
    return [read for _, read in held]


def _cut(word: str) -> list[tuple[float, str]]:
    """The cheapest ways to read ``word``, with what each costs."""
    if _FIRST.isdisjoint(word):
        return [(0.0, word)]
    # A sign that stands there again and again parts the letters.
    parting = {sign for sign in _PARTING if word.count(sign) >= max(_FEWEST, len(word) / _SPARSEST)}
    best: list[dict[str, float]] = [{"": 0.0}] + [{} for _ in word]
    for place, char in enumerate(word):
        if char.isalpha():
            single = 0.0
        elif char in parting:
            single = _PARTED
        else:
            single = _DIGIT if char.isdigit() else _SIGN if LEET.get(char) else _LEFT
        steps = [(1, char, single)]
        if char in _FIRST:
            steps += [
                (length, letter, _DIGIT if word[place : place + length] in _WITH_DIGITS else _DRAWN)
                for length in range(2, _LONGEST + 1)
                if (letter := _PIECES.get(word[place : place + length])) and place + length <= len(word)
            ]
        for cost, read in heapq.nsmallest(_WAYS, ((cost, read) for read, cost in best[place].items())):
            for length, letter, more in steps:
                reached = best[place + length]
                if cost + more < reached.get(read + letter, _LEFT * len(word) + 1):
                    reached[read + letter] = cost + more
    return heapq.nsmallest(_WAYS, ((cost, read) for read, cost in best[-1].items()))
