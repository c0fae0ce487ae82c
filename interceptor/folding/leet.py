"""Which letters digits, signs and strokes are written for.

Nothing is folded here by itself: one digit stands for several letters and most digits in a query are digits, so
`skeleton` brings every candidate to one key and `interceptor.matching.alignment` then asks this table.
Gives up: letters in the shape of other letters (``vv`` for ``w``, ``cl`` for ``d``), which ordinary words are full of.
"""

from __future__ import annotations

import re

LEET: dict[str, str] = {
    "0": "o",
    "1": "il",
    "2": "z",
    "3": "e",
    "4": "a",
    "5": "s",
    "6": "bg",
    "7": "t",
    "8": "b",
    "9": "gq",
    "@": "a",
    "$": "s",
    "!": "il",
    "|": "il",
    "+": "t",
    "(": "c",
    "<": "c",
    "[": "c",
    "{": "c",
    "&": "e",
    "#": "h",
    "€": "e",
    "£": "l",
    "¥": "y",
    "¢": "c",
    "§": "s",
    "©": "c",
    "®": "r",
    "ƒ": "f",
    "†": "t",
    "¡": "i",
    "×": "x",
    "*": "",
}
"""Letters that a sign may stand for; the first one gives the key. An asterisk hides a letter and stands for none."""

STROKES: dict[str, str] = {
    r"|\/|": "m",
    r"/\/\ ".strip(): "m",
    r"\/\/": "w",
    "|_|": "u",
    r"|\|": "n",
    "|-|": "h",
    "]-[": "h",
    "}{": "h",
    ")-(": "h",
    r"\/": "v",
    r"/\ ".strip(): "a",
    "/-\\": "a",
    "()": "o",
    "[]": "o",
    "|)": "d",
    "|]": "d",
    "|}": "d",
    "|3": "b",
    "|<": "k",
    "|{": "k",
    "|>": "p",
    "|*": "p",
    "|2": "r",
    "|=": "f",
    "|_": "l",
    "><": "x",
    "`/": "y",
    "'/": "y",
    "_|": "j",
    "-|-": "t",
    "~|~": "t",
    "(_+": "g",
    "0_": "q",
    "/\\/": "n",
    "[)": "d",
    "I2": "r",
    "/V\\": "m",
    "|V|": "m",
    "|(": "k",
    "(_)": "u",
    "\\_/": "u",
    "|_j": "u",
}
"""Letters drawn with several signs; see `strokes`."""

SIGNS = "@$!|+(<[{&#€£¥¢§©®ƒ†¡×"
"""Signs of `LEET`, digits and the asterisk left out."""
HAS_SIGN = re.compile(f"[{re.escape(SIGNS)}]")

_strokes = re.compile("|".join(re.escape(drawn) for drawn in sorted(STROKES, key=len, reverse=True)))
# Every alternative lies behind one class of first signs, which is what the search skips by.
_near_letters = re.compile(
    r"[|\\/()\[\]{}<>_~`I'0](?:(?<=[^I'0])[|\\/()\[\]{}<>_~`]|(?<=[|/])[3<>*2=Vo-]|(?<=I)2|(?<=[\])])-[\[(]|(?<=')/|(?<=0)_)"
)


def has_strokes(text: str) -> bool:
    """Whether ``text`` holds signs that may draw a letter; a cheap test."""
    return _near_letters.search(text) is not None


def strokes(text: str) -> str:
    """Put the letter for every group of signs that draws one, the longest first."""
    if not has_strokes(text):
        return text
    return _strokes.sub(lambda match: STROKES[match[0]], text)
