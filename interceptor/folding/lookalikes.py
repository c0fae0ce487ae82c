"""Which Latin letter or digit a character of another script is drawn like, and which letter one is upside down.

`LOOKALIKES` holds characters that the plain view does not fold to that letter: Unicode's confusables (UTS #39), and
for a small letter that has none of its own the one of its capital. Capitals stand in it too: ``Η`` (Greek eta) is
drawn like h, ``η`` like n, which is lost once case is folded. ASCII characters do not: they are `leet`'s.
Source: data/lookalikes.txt, which tells its version; made by tools/make_lookalikes.py.

`UPSIDE_DOWN` holds letters turned by half a turn, as the usual converters write them; a text so written also runs
backwards. Plain letters stand in it where they turn into each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources


def _load() -> dict[int, str]:
    text = resources.files(__package__).joinpath("data/lookalikes.txt").read_text(encoding="utf-8")
    rows = (line.split(" ", 2) for line in text.splitlines() if not line.startswith("#"))
    return {int(code, 16): letter for code, letter, _ in rows}


LOOKALIKES: Mapping[int, str] = _load()
"""Code point to one of a-z and 0-9."""

_TURNED = {
    **dict.fromkeys("ɐ∀Ɐꓯ", "a"),
    **dict.fromkeys("qᗺ𐐒", "b"),
    **dict.fromkeys("ɔƆↃ", "c"),
    **dict.fromkeys("pᗡꓷ", "d"),
    **dict.fromkeys("ǝƎꓱ", "e"),
    **dict.fromkeys("ɟⅎℲꓞ", "f"),
    **dict.fromkeys("ƃƂɓ⅁פ", "g"),
    "ɥ": "h",
    **dict.fromkeys("ᴉı", "i"),
    **dict.fromkeys("ɾſ", "j"),
    **dict.fromkeys("ʞ⋊ꓘ", "k"),
    **dict.fromkeys("ןʃ˥⅂ꓶ", "l"),
    **dict.fromkeys("ɯW", "m"),
    **dict.fromkeys("uᴎ", "n"),
    **dict.fromkeys("dԀԁ", "p"),
    **dict.fromkeys("bΌ", "q"),
    **dict.fromkeys("ɹᴚꓤ", "r"),
    **dict.fromkeys("ʇ⊥┴ꓕ", "t"),
    **dict.fromkeys("n∩ꓵ", "u"),
    **dict.fromkeys("ʌΛᴧ", "v"),
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
