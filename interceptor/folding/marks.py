"""Drops combining marks that decorate a letter, and keeps those that are letters in their script.

Dropped: accents and strike-through over Latin, Greek and Cyrillic, Hebrew points, Arabic and Syriac vowel signs,
and marks that belong to no script. Kept: vowel signs, viramas and tones of Indic and South-East Asian scripts, and
the kana voicing marks, without which words turn into others.
Nuktas are dropped too: they are often left out in typing.
Gives up: "resume" and "résumé" are one, й is и.
Must run before `case`: case folding turns U+0345 into a letter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_RANGES = (
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x0591, 0x05C7),
    (0x0610, 0x061A),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x0711, 0x0711),
    (0x0730, 0x074A),
    (0x0898, 0x08FF),
    (0x093C, 0x093C),  # nuktas: Devanagari, Bengali, Gurmukhi, Gujarati, Oriya
    (0x09BC, 0x09BC),
    (0x0A3C, 0x0A3C),
    (0x0ABC, 0x0ABC),
    (0x0B3C, 0x0B3C),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xA66F, 0xA672),  # Cyrillic signs that are laid over letters
    (0xA674, 0xA67D),
    (0xA69E, 0xA69F),
    (0xFB1E, 0xFB1E),
    (0xFE20, 0xFE2F),
)

LONG_RUN = 8


def is_decoration(char: str) -> bool:
    """Whether ``char`` is a mark that this fold drops."""
    code = ord(char)
    if code < 0x300 or unicodedata.category(char) not in ("Mn", "Me"):
        return False
    return any(first <= code <= last for first, last in _RANGES)


def fold(char: str) -> str:
    """Drop ``char`` where it is a decorating mark."""
    return "" if is_decoration(char) else char


def places_in_bounded_runs(text: str) -> Iterator[int]:
    """Yield the places of ``text`` that are left when every run of combining characters is cut to eight.

    Canonical ordering sorts a run by insertion, so a megabyte of marks would take hours; no word needs more than
    three (Unicode's Stream-Safe Text Format, UAX #15, allows thirty).
    """
    run = 0
    for index, char in enumerate(text):
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= LONG_RUN:
            yield index


def bounded_runs(text: str) -> str:
    """Cut every run of combining characters in ``text`` to eight; see `places_in_bounded_runs`."""
    return "".join(text[index] for index in places_in_bounded_runs(text))
