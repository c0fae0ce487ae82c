"""Puts the plain letter for letters in disguise that Unicode does not decompose.

Small capitals, letters on a black circle or square, letters in brackets (``⒜`` is ``a``, which `compatibility`
would make ``(a)``), letters with a stroke, hook, tail or descender (``ł ø đ ħ ғ ґ``), letters of one typeface
(insular, blackletter, script), letters without their dot (``ı ȷ``) and Latin ligatures (``æ œ``). Modifier letters
that are drawn as apostrophes become one, so that they part words as an apostrophe does; raised exclamation marks, which
are letters by their category too, become the marks that they are.
Gives up: a stroke's difference (Danish ``børn`` is ``born``; Turkish ``ı`` is ``i``).
Left alone: ``þ`` (spelled ``th``, drawn like ``p``) and letters that stand for others upside down (``ɟ ƃ ɾ``).
Must run before `compatibility`. Source: the names and decompositions of the Unicode Character Database.
"""

from __future__ import annotations

import re
import unicodedata

_PAIRS = """
    æae œoe ɶoe ᴁae ᵫue ƕhv ȣou ȸdb ȹqp ʣdz ʦts ʪls ʫlz ꜩtz ꜳaa ꜵao ꜷau ꜹav ꜽay ꝏoo ꟹoe 🆎ab ðd ĸk
"""
_LIGATURES = {pair[0]: pair[1:] for pair in _PAIRS.split()}
"""Letters that are two, and two whose names hide what they are; ``Ð`` is ``D`` in passports too (ICAO 9303)."""

_RAISED = {"\ua71d": "!", "\ua71e": "\u00a1", "\ua71f": "\u00a1"}

_UPSIDE_DOWN = frozenset("ɟɾƃƂ")

_ENCLOSED = re.compile(r"(?:CROSSED )?NEGATIVE (?:CIRCLED|SQUARED) LATIN CAPITAL LETTER ([A-Z])")
_STYLED = re.compile(
    r"LATIN (?:SMALL LETTER|LETTER SMALL CAPITAL|LETTER)"
    r"(?: (?:DOTLESS|SCRIPT|BLACKLETTER|BARRED|INSULAR|CLOSED INSULAR|BROKEN|LENIS|STIRRUP|STRETCHED|VISIGOTHIC"
    r"|MIDDLE-WELSH|MIDDLE SCOTS|OLD POLISH|ANGLICANA|SIGMOID))?"
    r" ([A-Z])(?: BAR| ROTUNDA| WITHOUT HANDLE)?"
)
_WITH = re.compile(r"((?:LATIN|CYRILLIC) .+?) WITH .+")
_BRACKETED = re.compile(r"<compat> (?:0028 (.+) 0029|(003\d(?: 003\d)*) 00(?:2C|2E))|<compat> 3014 (.+) 3015")
"""Decompositions with a bracket before and after, or with a full stop or comma behind a number."""


def is_apostrophe(char: str) -> bool:
    """Whether ``char`` is a spacing modifier letter that readers take for an apostrophe, accent or stress mark."""
    return "\u02b9" <= char <= "\u02d1" or char in "\u02ec\u02ee\ua78b\ua78c"


def fold(char: str) -> str:
    """Put the plain letter or letters, of either case, for ``char`` (one character)."""
    if char < "\x80":
        return char
    if letters := _LIGATURES.get(char.lower()):
        return letters
    if is_apostrophe(char):
        return "'"
    if mark := _RAISED.get(char):
        return mark
    if parts := unicodedata.decomposition(char):
        bracketed = _BRACKETED.fullmatch(parts)
        return _characters(bracketed[bracketed.lastindex or 0]) if bracketed else char
    name = unicodedata.name(char, "")
    if named := _ENCLOSED.fullmatch(name) or _STYLED.fullmatch(name):
        return named[1].lower()
    if char not in _UPSIDE_DOWN and (whole := _WITH.fullmatch(name)):
        return _named(whole[1]) or char
    return char


def _characters(codes: str) -> str:
    """The characters of code points written as hexadecimal numbers with spaces between."""
    return "".join(chr(int(code, 16)) for code in codes.split())


def _named(name: str) -> str:
    """The character of that name, or the empty string."""
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return ""
