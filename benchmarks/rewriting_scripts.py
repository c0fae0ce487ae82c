"""Classes of rewriting that belong to one language or script: other spellings of the same words."""

from __future__ import annotations

import random
import unicodedata

import arabic_reshaper
import casefold_fuzz
import cyrtranslit
import jaconv
import jamo
import zhconv
from pyarabic import araby
from unidecode import unidecode

from benchmarks.rewriting import ARABIC, LATIN, OWN, Rewriter, RewritingClass, whole

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_PERSIAN_KEYS = str.maketrans({"ی": "ي", "ک": "ك"})
_ARABIC_KEYS = str.maketrans({"ي": "ی", "ك": "ک"})
_HARAKAT = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"


def _without_marks(text: str) -> str:
    """Take away every combining mark; the breve of й stays, which is a letter of its own."""
    return "".join(
        char if char in "йЙїЇ" else unicodedata.normalize("NFD", char)[:1]
        for char in unicodedata.normalize("NFC", text)
    )


def _without_nukta(text: str) -> str:
    """Leave out the dot below, as Hindi writers often do."""
    return unicodedata.normalize("NFD", text).replace("\u093c", "")


def _tatweel(text: str, rng: random.Random) -> str:
    """Stretch words by one to three tatweel between letters."""
    return "".join(
        char + "ـ" * rng.randint(1, 3)
        if char != " " and text[i + 1 : i + 2].strip() and rng.random() < 0.4
        else char
        for i, char in enumerate(text)
    )


def _vocalised(text: str, rng: random.Random) -> str:
    """Put vowel marks on some letters."""
    return "".join(
        char + rng.choice(_HARAKAT) if char.isalpha() and rng.random() < 0.5 else char for char in text
    )


def _arabic_spelling(text: str, rng: random.Random) -> str:
    """Alef without hamza, teh marbuta as heh."""
    return str(araby.normalize_teh(araby.normalize_alef(text)))


def _joined_persian(text: str) -> str:
    """Words without the half-space inside them."""
    return text.replace("\u200c", "")


def _kana_swapped(text: str, rng: random.Random) -> str:
    """Katakana as hiragana or the other way round."""
    return str(rng.choice((jaconv.hira2kata, jaconv.kata2hira))(text))


def _dotless(text: str, rng: random.Random) -> str:
    """Upper case as Turkish has it, or each i without its dot."""
    turkish = text.replace("i", "İ").replace("ı", "I").upper()
    return rng.choice((turkish, text.replace("i", "ı"), text.replace("ı", "i")))


def _casefold_dotless(text: str, rng: random.Random) -> str:
    found = [variant.text for variant in casefold_fuzz.casefold_variants(text) if "U+013" in variant.note]
    return rng.choice(found) if found else text


def _transliterated(code: str) -> tuple[Rewriter, ...]:
    return (Rewriter("cyrtranslit", whole(lambda text: str(cyrtranslit.to_latin(text, code)))),)


CLASSES = (
    RewritingClass(
        "missing diacritics, Latin",
        tuple(code for code in LATIN if code not in ("en", "de")),
        (Rewriter("unidecode", whole(unidecode)),),
    ),
    RewritingClass(
        "umlauts, ß spelled out", ("de",), (Rewriter(OWN, whole(lambda t: t.translate(_UMLAUTS))),)
    ),
    RewritingClass("umlauts, ß as base letters", ("de",), (Rewriter("unidecode", whole(unidecode)),)),
    RewritingClass(
        "dotted and dotless i",
        ("en", "tr"),
        (Rewriter("casefold-fuzz", _casefold_dotless), Rewriter(OWN, _dotless)),
    ),
    RewritingClass(
        "missing marks, Greek and Cyrillic", ("el", "ru", "uk"), (Rewriter(OWN, whole(_without_marks)),)
    ),
    RewritingClass(
        "final sigma, Greek capitals",
        ("el",),
        (
            Rewriter(OWN, lambda text, rng: text.replace("ς", "σ")),
            Rewriter("Python", lambda text, rng: text.upper()),
        ),
    ),
    RewritingClass("Russian in Latin letters", ("ru",), _transliterated("ru")),
    RewritingClass("Ukrainian in Latin letters", ("uk",), _transliterated("ua")),
    RewritingClass(
        "Arabic presentation forms", ARABIC, (Rewriter("arabic-reshaper", whole(arabic_reshaper.reshape)),)
    ),
    RewritingClass("tatweel", ARABIC, (Rewriter(OWN, _tatweel),)),
    RewritingClass("Arabic vowel marks", ARABIC, (Rewriter(OWN, _vocalised),)),
    RewritingClass("alef and teh marbuta", ("ar",), (Rewriter("pyarabic", _arabic_spelling),)),
    RewritingClass(
        "Persian and Arabic yeh, kaf",
        ARABIC,
        (
            Rewriter(OWN, lambda text, rng: text.translate(_PERSIAN_KEYS)),
            Rewriter(OWN, lambda text, rng: text.translate(_ARABIC_KEYS)),
        ),
    ),
    RewritingClass("Persian half-space left out", ("fa",), (Rewriter(OWN, whole(_joined_persian)),)),
    RewritingClass("nukta left out", ("hi",), (Rewriter(OWN, whole(_without_nukta)),)),
    RewritingClass(
        "candrabindu as anusvara",
        ("hi",),
        (Rewriter(OWN, lambda text, rng: text.replace("\u0901", "\u0902")),),
    ),
    RewritingClass(
        "Hangul as letters",
        ("ko",),
        (
            Rewriter("jamo, conjoining", whole(jamo.h2j)),
            Rewriter("jamo, compatibility", whole(lambda text: str(jamo.j2hcj(jamo.h2j(text))))),
        ),
    ),
    RewritingClass(
        "half-width katakana", ("ja",), (Rewriter("jaconv", whole(lambda t: str(jaconv.z2h(t, kana=True)))),)
    ),
    RewritingClass("hiragana and katakana swapped", ("ja",), (Rewriter("jaconv", _kana_swapped),)),
    RewritingClass(
        "traditional characters",
        ("zh",),
        (Rewriter("zhconv", whole(lambda t: str(zhconv.convert(t, "zh-hant")))),),
    ),
    RewritingClass("ideographs spaced out", ("ja", "zh"), (Rewriter(OWN, lambda text, rng: " ".join(text)),)),
)
