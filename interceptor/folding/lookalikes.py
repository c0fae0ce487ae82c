"""Which Latin letter or digit a character of another script is drawn like, and which letter one is upside down.

`LOOKALIKES` holds characters that the plain view does not fold to that letter: Unicode's confusables (UTS #39), and
for a small letter that has none of its own the one of its capital. Capitals stand in it too: ``Η`` (Greek eta) is
drawn like h, ``η`` like n, which is lost once case is folded. ASCII characters do not: they are `leet`'s.
Source: data/lookalikes.txt, which tells its version; made by tools/make_lookalikes.py.

`UPSIDE_DOWN` holds letters turned by half a turn, as the usual converters write them; a text so written also runs
backwards. Plain letters stand in it where they turn into each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources


def _load() -> dict[int, str]:
    text = resources.files(__package__).joinpath("data/lookalikes.txt").read_text(encoding="utf-8")
    rows = (line.split(" ", 2) for line in text.splitlines() if not line.startswith("#"))
    return {int(code, 16): letter for code, letter, _ in rows}


_DECORATIVE = {
    **dict.fromkeys("卂ᗩ₳", "a"),
    **dict.fromkeys("乃ცႦ₿ⴆ", "b"),
    **dict.fromkeys("匚ᑕ", "c"),
    **dict.fromkeys("ᗪԃ", "d"),
    **dict.fromkeys("乇ɛ", "e"),
    **dict.fromkeys("千₣", "f"),
    **dict.fromkeys("Ꮆ₲", "g"),
    **dict.fromkeys("卄ɧԋꜧ", "h"),
    **dict.fromkeys("丨", "i"),
    **dict.fromkeys("Ҝ", "k"),
    **dict.fromkeys("ㄥʅ", "l"),
    **dict.fromkeys("爪₥", "m"),
    **dict.fromkeys("几ᑎŋ₦", "n"),
    **dict.fromkeys("ㄖ", "o"),
    **dict.fromkeys("卩ϸþƿ₱℘", "p"),
    **dict.fromkeys("ᑫզϙ", "q"),
    **dict.fromkeys("尺ཞɾ", "r"),
    **dict.fromkeys("丂ᔕ₴", "s"),
    **dict.fromkeys("ㄒ", "t"),
    **dict.fromkeys("ㄩ", "u"),
    **dict.fromkeys("山ᗯῳш₩ω", "w"),
    "ɯ": "m",
    **dict.fromkeys("乂", "x"),
    **dict.fromkeys("ㄚყ", "y"),
    **dict.fromkeys("乙ᘔ", "z"),
}
"""Letters of fonts that people paste, where UTS #39 has no opinion: characters with a Latin outline."""

LOOKALIKES: Mapping[int, str] = {**{ord(char): letter for char, letter in _DECORATIVE.items()}, **_load()}
"""Code point to one of a-z and 0-9."""

SECOND: Mapping[int, str] = {
    **dict.fromkeys(map(ord, "ʄẝғꞘꞙ"), "f"),
    **dict.fromkeys(map(ord, "ﾌフ"), "j"),
    ord("۵"): "o",
    ord("ǫ"): "q",
    **dict.fromkeys(map(ord, "ɬƚȽ"), "t"),
    ord("۷"): "v",
    **dict.fromkeys(map(ord, "ᶌ"), "y"),
    **dict.fromkeys(map(ord, "₴"), "z"),
}
"""Code point to a letter, where UTS #39 or a font that people paste has another one than the plain view or
`LOOKALIKES`: the letter of a second reading."""

UNLIKE = [
    capital
    for code in LOOKALIKES
    if (capital := chr(code)) != (lower := capital.lower())
    and len(lower) == 1
    and LOOKALIKES.get(ord(lower), lower) != LOOKALIKES[code]
]
"""Capitals that look like another Latin letter than the small letter does."""
_unlike = re.compile(f"[{''.join(UNLIKE)}]")


def small(text: str) -> str:
    """Put the small letter for capitals that look like another Latin letter than it does, as Greek ``Η`` and ``η``."""
    return text if text.isascii() else _unlike.sub(lambda match: match[0].lower(), text)


HAS_SECOND = re.compile(f"[{''.join(map(chr, SECOND))}]")

PASTED = re.compile(f"[{''.join(char for char in _DECORATIVE if char >= 'Ѡ')}₮₫₭]")
"""Finds characters of which three in one query look like a pasted font."""

_TURNED = {
    **dict.fromkeys("ɐ∀Ɐꓯ", "a"),
    **dict.fromkeys("qᗺ𐐒", "b"),
    **dict.fromkeys("ɔƆↃϽͻ", "c"),
    **dict.fromkeys("pᗡꓷ", "d"),
    **dict.fromkeys("ǝƎꓱ", "e"),
    **dict.fromkeys("ɟⅎℲꓞᖵ", "f"),
    **dict.fromkeys("ƃƂɓ⅁פ", "g"),
    "ɥ": "h",
    **dict.fromkeys("ᴉı!", "i"),
    **dict.fromkeys("ɾſᒋ", "j"),
    **dict.fromkeys("ʞ⋊ꓘ", "k"),
    **dict.fromkeys("ןʃ˥⅂ꓶꞁꞀ", "l"),
    **dict.fromkeys("ɯW", "m"),
    **dict.fromkeys("uᴎ", "n"),
    **dict.fromkeys("dԀԁ", "p"),
    **dict.fromkeys("bΌꝹ", "q"),
    **dict.fromkeys("ɹᴚꓤ", "r"),
    **dict.fromkeys("ʇ⊥┴ꓕ", "t"),
    **dict.fromkeys("n∩ꓵ", "u"),
    **dict.fromkeys("ʌΛᴧɅ", "v"),
    **dict.fromkeys("ʍM", "w"),
    **dict.fromkeys("ʎ⅄", "y"),
    **dict.fromkeys("Ɩ⇂", "1"),
    **dict.fromkeys("ᄅᘔ", "2"),
    "Ɛ": "3",
    **dict.fromkeys("ㄣᔭ", "4"),
    "ϛ": "5",
    "9": "6",
    "ㄥ": "7",
    "6": "9",
}

UPSIDE_DOWN: Mapping[int, str] = {ord(char): letter for char, letter in _TURNED.items()}
"""Code point, as written (before case is folded), to one of a-z and 1-9."""
