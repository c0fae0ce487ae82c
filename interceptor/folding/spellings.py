"""Further spellings of a term, as people write it on a keyboard that lacks its letters.

They are patterns beside the term, not folds: to fold ``ae`` into ``a`` in every text would corrupt it. What the plain
view makes one anyway (``ü`` and ``u``, ``đ`` and ``d``, ``ß`` and ``ss``) is left out. Each rule spells the whole term,
so a term has at most three further spellings.

German and Nordic letters: ``ä ö ü`` as ``ae oe ue``, ``å ø þ`` as ``aa oe th`` (ICAO Doc 9303, part 3, section 6).
Serbian, Bosnian, Croatian and Montenegrin: Cyrillic as Latin and back, and Latin ``đ`` as ``dj``; the two alphabets
correspond letter by letter (Pravopis srpskoga jezika). Russian: BGN/PCGN 1947 without diacritics and quotation marks,
and GOST 7.79-2000, system B. Ukrainian: the national system (Cabinet of Ministers resolution 55 of 2010), and the
scholarly one.
Gives up: transliterations of Latin terms into Russian or Ukrainian, other systems than these, and terms too short to
be unmistakable in another alphabet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from interceptor.folding import plain

SHORTEST = 6
"""Letters that a transliterated term has at least: a short one may be a word of another language."""

_GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue"}
_NORDIC = {"ä": "ae", "ö": "oe", "å": "aa", "ø": "oe", "þ": "th"}
_ANY = {"å": "aa", "ø": "oe", "þ": "th"}
"""Letters that one spelling has in whatever language uses them."""

_SPELLED_OUT: dict[str, Mapping[str, str]] = {
    **dict.fromkeys(("de", "gsw", "lb"), _GERMAN),
    **dict.fromkeys(("da", "fi", "fo", "is", "nb", "nn", "no", "sv"), _NORDIC),
}


def _table(pairs: str) -> dict[str, str]:
    """A table from letters with their spellings, white space between all."""
    words = pairs.split()
    return dict(zip(words[::2], words[1::2], strict=True))


_SERBIAN = _table(
    """
    а a  б b  в v  г g  д d  ђ đ  е e  ж ž  з z  и i  ј j  к k  л l  љ lj  м m  н n  њ nj  о o  п p  р r
    с s  т t  ћ ć  у u  ф f  х h  ц c  ч č  џ dž  ш š
    """
)
_SERBIAN_LATIN = {latin: cyrillic for cyrillic, latin in _SERBIAN.items()}

_RUSSIAN = _table(
    """
    а a  б b  в v  г g  д d  е e  ё e  ж zh  з z  и i  й y  к k  л l  м m  н n  о o  п p  р r  с s  т t
    у u  ф f  х kh  ц ts  ч ch  ш sh  щ shch  ы y  э e  ю yu  я ya
    """
) | {"ъ": "", "ь": ""}

_UKRAINIAN = _table(
    """
    а a  б b  в v  г h  ґ g  д d  е e  є ie  ж zh  з z  и y  і i  ї i  й i  к k  л l  м m  н n  о o  п p
    р r  с s  т t  у u  ф f  х kh  ц ts  ч ch  ш sh  щ shch  ю iu  я ia
    """
) | {"ь": "", "'": "", "’": "", "ʼ": "", "зг": "zgh"}
_UKRAINIAN_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}

_RUSSIAN_GOST = _RUSSIAN | _table("ё yo  й j  х x  ц c  щ shh  ы y'  э e'") | {"ъ": "", "ь": "'"}
_UKRAINIAN_SCHOLARLY = (
    _UKRAINIAN
    | _table("є je  ж ž  ї ji  й j  х x  ц c  ч č  ш š  щ šč  ю ju  я ja")
    | {"ь": "'", "'": "'", "’": "'", "ʼ": "'", "зг": "zh"}
)

_cyrillic = re.compile("[\u0400-\u04ff]")
_first = re.compile(r"(?<!\w)(?<!\w['’])\w")

_SIGNS = (("ђћљњџј", "sr"), ("їєґ", "uk"), ("ыэё", "ru"))
"""Letters that tell which of three languages a Cyrillic term is in."""


def spellings(term: str, language: str | None) -> tuple[str, ...]:
    """Return the further spellings of ``term``, lower-case, none of which the plain view makes one with it.

    ``language`` is a BCP 47 tag; without one, or with one that no rule knows, only letters that tell their language
    are respelled.
    """
    text = unicodedata.normalize("NFC", term).lower()
    tongue = (language or "").lower().partition("-")[0]
    if tongue not in _RULES:
        tongue = _told(text) if _cyrillic.search(text) else ""
    found = dict.fromkeys(rule(text) for rule in _RULES.get(tongue, (_spelled(_ANY),)))
    known = {plain.view(term), ""}
    kept: list[str] = []
    for spelling in found:
        if (view := plain.view(spelling)) not in known:
            known.add(view)
            kept.append(spelling)
    return tuple(kept)


def _told(text: str) -> str:
    """The language that letters of a Cyrillic ``text`` tell, or the empty string."""
    return next((tongue for letters, tongue in _SIGNS if any(letter in text for letter in letters)), "")


def _spelled(table: Mapping[str, str]) -> Callable[[str], str]:
    letters = str.maketrans(dict(table))
    return lambda text: text.translate(letters)


def _transliterated(table: Mapping[str, str], first: Mapping[str, str] | None = None) -> Callable[[str], str]:
    """A rule that puts ``table``'s letters, the longest first, for a text that is long enough and has no others.

    ``first`` has the letters that are put otherwise where a word begins.
    """
    parts = re.compile("|".join(map(re.escape, sorted(table, key=len, reverse=True))))
    alphabet = set("".join(table))

    def rule(text: str) -> str:
        letters = [char for char in text if char.isalpha()]
        if len(letters) < SHORTEST or not alphabet.issuperset(letters):
            return text
        if first:
            text = _first.sub(lambda letter: first.get(letter[0], letter[0]), text)
        return parts.sub(lambda part: table[part[0]], text)

    return rule


_serbian_latin = _transliterated(_SERBIAN)


def _serbian_dj(text: str) -> str:
    return _serbian_latin(text).replace("đ", "dj")


_RULES: dict[str, tuple[Callable[[str], str], ...]] = {
    **{tongue: (_spelled(table),) for tongue, table in _SPELLED_OUT.items()},
    **dict.fromkeys(
        ("bs", "cnr", "hr", "sh", "sr"), (_serbian_latin, _serbian_dj, _transliterated(_SERBIAN_LATIN))
    ),
    "ru": (_transliterated(_RUSSIAN), _transliterated(_RUSSIAN_GOST)),
    "uk": (_transliterated(_UKRAINIAN, _UKRAINIAN_FIRST), _transliterated(_UKRAINIAN_SCHOLARLY)),
}
