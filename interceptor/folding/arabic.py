"""Puts one letter for the variants in which Arabic, Persian and Urdu keyboards write it, and drops the tatweel.

Alef wasla is alef; alef maqsura and Persian yeh are yeh; keheh and swash kaf are kaf; teh marbuta, Urdu heh goal,
heh doachashmee and the letter ae are heh. Hamza above and below goes with the marks, presentation forms with
`compatibility`, digits with `digits`.
Gives up: "كتابة" (writing) and "كتابه" (his book) are one, as are "على" and "علي".
Left alone: Urdu yeh barree, Pashto e, and the Persian letters پ چ ژ گ, which Arabic keyboards lack.
Source: the normalizers for Arabic and Persian of Apache Lucene, with the Urdu forms of heh.
"""

from __future__ import annotations

_VARIANTS = {
    "\u0640": "",  # tatweel, which stretches a word
    "\u0674": "",  # high hamza, a letter of its own in decompositions
    "\u0671": "\u0627",  # alef wasla
    "\u0649": "\u064a",  # alef maqsura
    "\u06cc": "\u064a",  # Persian yeh
    "\u06a9": "\u0643",  # keheh
    "\u06aa": "\u0643",  # swash kaf
    "\u0629": "\u0647",  # teh marbuta
    "\u06be": "\u0647",  # heh doachashmee
    "\u06c1": "\u0647",  # heh goal
    "\u06c3": "\u0647",  # teh marbuta goal
    "\u06d5": "\u0647",  # ae
}


def fold(char: str) -> str:
    """Put the plain Arabic letter for ``char``."""
    return _VARIANTS.get(char, char)
