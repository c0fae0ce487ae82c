"""Composes Hangul letters typed one by one (``ㅎㅏㄴ``) into syllables (``한``), as an input method does.

`compatibility` makes every letter an initial or a vowel; here one behind a vowel and before no other vowel becomes
a final, two vowels or two finals become the compound they draw, and normal form C composes the rest.
Only runs of loose letters are read: a letter behind a whole syllable stays (``하ㅋㅋ``), since laughter and sighs are
written so behind words.
Gives up: nothing that is a word. Source: the Unicode Standard, section 3.12, and the order of the Korean standard
keyboard KS X 5002, on which an initial and a final are one key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_VOWELS = {
    "\u1169\u1161": "\u116a",  # ㅗㅏ ㅘ
    "\u1169\u1162": "\u116b",  # ㅗㅐ ㅙ
    "\u1169\u1175": "\u116c",  # ㅗㅣ ㅚ
    "\u116e\u1165": "\u116f",  # ㅜㅓ ㅝ
    "\u116e\u1166": "\u1170",  # ㅜㅔ ㅞ
    "\u116e\u1175": "\u1171",  # ㅜㅣ ㅟ
    "\u1173\u1175": "\u1174",  # ㅡㅣ ㅢ
}
"""Two vowels to the one that they draw together."""

_FINALS = {
    "\u1100": "\u11a8",  # ㄱ
    "\u1101": "\u11a9",  # ㄲ
    "\u1102": "\u11ab",  # ㄴ
    "\u1103": "\u11ae",  # ㄷ
    "\u1105": "\u11af",  # ㄹ
    "\u1106": "\u11b7",  # ㅁ
    "\u1107": "\u11b8",  # ㅂ
    "\u1109": "\u11ba",  # ㅅ
    "\u110a": "\u11bb",  # ㅆ
    "\u110b": "\u11bc",  # ㅇ
    "\u110c": "\u11bd",  # ㅈ
    "\u110e": "\u11be",  # ㅊ
    "\u110f": "\u11bf",  # ㅋ
    "\u1110": "\u11c0",  # ㅌ
    "\u1111": "\u11c1",  # ㅍ
    "\u1112": "\u11c2",  # ㅎ
    "\u1100\u1109": "\u11aa",  # ㄱㅅ ㄳ
    "\u1102\u110c": "\u11ac",  # ㄴㅈ ㄵ
    "\u1102\u1112": "\u11ad",  # ㄴㅎ ㄶ
    "\u1105\u1100": "\u11b0",  # ㄹㄱ ㄺ
    "\u1105\u1106": "\u11b1",  # ㄹㅁ ㄻ
    "\u1105\u1107": "\u11b2",  # ㄹㅂ ㄼ
    "\u1105\u1109": "\u11b3",  # ㄹㅅ ㄽ
    "\u1105\u1110": "\u11b4",  # ㄹㅌ ㄾ
    "\u1105\u1111": "\u11b5",  # ㄹㅍ ㄿ
    "\u1105\u1112": "\u11b6",  # ㄹㅎ ㅀ
    "\u1107\u1109": "\u11b9",  # ㅂㅅ ㅄ
    "\u111a": "\u11b6",  # ㅀ as one letter, whose compatibility form is an initial
    "\u1121": "\u11b9",  # ㅄ as one letter
}
"""One initial or two to the final of the same sound; ㄸ, ㅃ and ㅉ end no syllable."""

_syllable = re.compile(
    "(?P<initial>[\u1100-\u1112])"
    f"(?P<vowel>{'|'.join(_VOWELS)}|[\u1161-\u1175])"
    f"(?P<final>(?:{'|'.join(sorted(_FINALS, key=len, reverse=True))})(?![\u1161-\u1175]))?"
)


def composed(text: str) -> str:
    """Put syllables (as initial, vowel and final, for normal form C) for the loose letters of ``text``."""
    return _syllable.sub(_letters, text)


def _letters(syllable: re.Match[str]) -> str:
    vowel, final = syllable["vowel"], syllable["final"]
    return syllable["initial"] + _VOWELS.get(vowel, vowel) + (_FINALS[final] if final else "")


def pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield what `composed` makes of ``text`` piece by piece, with the place of each; a syllable is a piece."""
    done = 0
    for syllable in _syllable.finditer(text):
        yield from ((text[i], i, i + 1) for i in range(done, syllable.start()))
        done = syllable.end()
        yield _letters(syllable), syllable.start(), done
    yield from ((text[i], i, i + 1) for i in range(done, len(text)))
