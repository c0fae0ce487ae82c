"""Classes of rewriting that put other characters in the place of letters, or marks and nothing between them."""

from __future__ import annotations

import importlib.util
import random
import runpy
import unicodedata
from pathlib import Path
from typing import Any

import casefold_fuzz
import homoglyphs_fork
import l33t
import upsidedown
from confusable_homoglyphs import confusables
from fancify_text import functions as fancify
from fancify_text.fontData import modifiers
from text_chaos.transformers import leet_transform, zalgo_transform
from zalgo_text.zalgo import zalgo

from benchmarks.rewriting import (
    ALPHABETS,
    CYRILLIC,
    EVERY,
    LATIN,
    OWN,
    Layer,
    Rewriter,
    RewritingClass,
    from_table,
    one_of,
    partly,
    whole,
)

_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u180b\u180e\u200b\u200c\u200d\u2060\u2061\u2063\ufe00\ufe0f\ufeff"
    "\U000e0061\U000e0101"
)
"""Samples of Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt), variation selectors included."""


def _invisible(text: str, rng: random.Random) -> str:
    return "".join(
        char + rng.choice(_IGNORABLE) * rng.randint(1, 2) if char != " " and rng.random() < 0.4 else char
        for char in text
    )


def _alternating(text: str, rng: random.Random) -> str:
    return "".join(char.upper() if rng.random() < 0.5 else char.lower() for char in text)


def _fancify(*styles: str, capitals: bool = True) -> tuple[Rewriter, ...]:
    """Alphabets of fancify-text; of capitals too, where the small forms stand in another block."""

    def rewrite(text: str, rng: random.Random) -> str:
        written = rng.choice((text, text.upper())) if capitals else text.lower()
        return str(fancify.fancify(written, rng.choice(styles)))

    def mixed(text: str, rng: random.Random) -> str:
        chosen = rng.sample(styles, min(2, len(styles)))
        written = text if capitals else text.lower()
        return "".join(str(fancify.fancify(char, rng.choice(chosen))) for char in written)

    return Rewriter("fancify-text", rewrite), Rewriter("fancify-text, mixed", mixed)


def _struck(text: str, rng: random.Random) -> str:
    mark = rng.choice([modifiers[name] for name in ("strike", "slash", "longSlash", "underline", "screen")])
    return "".join(char if char == " " else char + mark for char in text)


def _marked(text: str, rng: random.Random) -> str:
    return "".join(
        char + rng.choice(list(modifiers.values())) if char != " " and rng.random() < 0.6 else char
        for char in text
    )


def _look_alikes(letters: str) -> dict[str, list[str]]:
    """What confusables.txt (UTS #39) has for each letter, less ASCII and what NFKC would undo."""
    return {
        letter: found
        for letter in letters
        if (
            found := [
                item["c"]
                for item in confusables.confusables_data.get(letter, ())
                if len(item["c"]) == 1
                and not item["c"].isascii()
                and unicodedata.normalize("NFKC", item["c"]) == item["c"]
            ]
        )
    }


def _homoglyphs(letters: str, categories: tuple[str, ...]) -> dict[str, list[str]]:
    by_letter = homoglyphs_fork.Homoglyphs(categories=categories)
    table = {}
    for letter in letters:
        found = [char for char in by_letter.get_combinations(letter) if char != letter]
        found = [char for char in found if unicodedata.normalize("NFKC", char) == char]
        if found:
            table[letter] = found
    return table


_ASCII = "abcdefghijklmnopqrstuvwxyz"
_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ"
_UTS39 = _look_alikes(_ASCII)
_THREE_SCRIPTS = _homoglyphs(_ASCII, ("LATIN", "CYRILLIC", "GREEK"))
_LATIN_IN_CYRILLIC = {
    letter: [char for char in found if char.isascii()]
    for letter, found in _homoglyphs(_RUSSIAN, ("LATIN", "CYRILLIC")).items()
    if any(char.isascii() for char in found)
}

# The usual strokes; after the tables in Craenen's "Leet speak cheat sheet".
_STROKES = {
    "a": ["/\\", "/-\\"],
    "b": ["|3", "13"],
    "c": ["("],
    "d": ["|)", "[)"],
    "h": ["|-|", "#"],
    "k": ["|<", "|("],
    "l": ["|_"],
    "m": ["|\\/|", "/\\/\\", "rn"],
    "n": ["|\\|", "/\\/"],
    "o": ["()"],
    "u": ["|_|"],
    "v": ["\\/"],
    "w": ["\\/\\/", "vv"],
    "x": ["><"],
}
_SYMBOLS = {
    "a": ["@", "4"],
    "e": ["3", "€"],
    "i": ["1", "!", "|"],
    "l": ["1", "|"],
    "o": ["0"],
    "s": ["$", "5"],
}


def _pyleetspeak() -> tuple[Rewriter, ...]:
    """The multi-stroke table of pyleetspeak, where it is installed.

    Its dependencies are pinned to versions that Python 3.11 cannot install: it comes by ``pip install --no-deps
    pyleetspeak``, and the module with the table is run by itself, for the package cannot be imported without them.
    """
    spec = importlib.util.find_spec("pyleetspeak")
    if spec is None or not spec.submodule_search_locations:
        return ()
    tables: dict[str, Any] = runpy.run_path(str(Path(spec.submodule_search_locations[0]) / "modes.py"))
    strokes = {letter: [form for form in forms if len(form) > 1] for letter, forms in tables["intermediate"]}
    return (Rewriter("pyleetspeak", from_table({k: v for k, v in strokes.items() if v}, 0.5)),)


def _reversed(text: str) -> str:
    """Back to front, what stands on a letter staying there."""
    clusters: list[str] = []
    for char in text:
        if clusters and unicodedata.category(char) in ("Mn", "Me", "Cf"):
            clusters[-1] += char
        else:
            clusters.append(char)
    return "".join(reversed(clusters))


def _overridden(text: str, rng: random.Random) -> str:
    """Stored back to front, shown the right way round by a right-to-left override."""
    frame = rng.choice(("\u202e{}\u202c", "\u2067\u202e{}\u202c\u2069", "\u202e{}"))
    return frame.format(_reversed(text))


def _embedded(text: str, rng: random.Random) -> str:
    """Every word between controls that change nothing to see."""
    opening, closing = rng.choice(
        (("\u202d", "\u202c"), ("\u2066", "\u2069"), ("\u2068", "\u2069"), ("\u200e", ""))
    )
    return " ".join(opening + word + closing for word in text.split(" "))


CLASSES = (
    RewritingClass("plain", EVERY, (Rewriter("–", lambda text, rng: text),)),
    RewritingClass(
        "case",
        ALPHABETS,
        (
            Rewriter(OWN, _alternating),
            Rewriter("Python", lambda text, rng: rng.choice((text.upper(), text.title()))),
        ),
        Layer.MARKS,
    ),
    RewritingClass(
        "invisible characters",
        EVERY,
        (
            Rewriter(
                "casefold-fuzz", one_of(lambda text: [v.text for v in casefold_fuzz.invisible_variants(text)])
            ),
            Rewriter(OWN, _invisible),
        ),
        Layer.MARKS,
    ),
    RewritingClass(
        "mathematical alphabets",
        LATIN,
        _fancify(
            *("sansSerif", "bold", "italic", "boldItalic", "boldSerif", "italicSerif", "boldItalicSerif"),
            *("doubleStruck", "monospaced", "fraktur", "boldFraktur", "script"),
        ),
        Layer.LETTERS,
    ),
    RewritingClass("fullwidth letters", LATIN, _fancify("wide"), Layer.LETTERS),
    RewritingClass(
        "circled, squared, parenthesised",
        LATIN,
        _fancify("squared", "boxed", "circled", "heavyCircled", "parenthesized"),
        Layer.LETTERS,
    ),
    RewritingClass(
        "small capitals, superscripts",
        LATIN,
        _fancify("smallCaps", "superscript", capitals=False),
        Layer.LETTERS,
    ),
    RewritingClass("regional indicators", LATIN, _fancify("blue"), Layer.LETTERS),
    RewritingClass(
        "combining marks, strike-through",
        ALPHABETS,
        (
            Rewriter("zalgo-text", whole(zalgo().zalgofy)),
            Rewriter("text-chaos", whole(zalgo_transform)),
            Rewriter("fancify-text", _struck),
            Rewriter("fancify-text, mixed", _marked),
        ),
        Layer.MARKS,
    ),
    RewritingClass(
        "look-alikes across scripts",
        LATIN,
        (
            Rewriter("confusable-homoglyphs", from_table(_UTS39, 1.0)),
            Rewriter("confusable-homoglyphs, some letters", from_table(_UTS39, 0.4)),
            Rewriter("homoglyphs", from_table(_THREE_SCRIPTS, 1.0)),
            Rewriter("homoglyphs, some letters", from_table(_THREE_SCRIPTS, 0.4)),
            Rewriter(
                "casefold-fuzz", one_of(lambda text: [v.text for v in casefold_fuzz.homoglyph_variants(text)])
            ),
        ),
        Layer.LETTERS,
    ),
    RewritingClass(
        "Latin look-alikes in Cyrillic",
        CYRILLIC,
        (Rewriter("homoglyphs", from_table(_LATIN_IN_CYRILLIC, 0.6)),),
    ),
    RewritingClass("decorative look-alikes", LATIN, _fancify("curly", "currency", "cool", "magic", "wiry")),
    RewritingClass(
        "leet, single characters",
        LATIN,
        (
            Rewriter("l33t", whole(l33t.l33t)),
            Rewriter("l33t, some letters", partly(l33t.l33t)),
            Rewriter("text-chaos", whole(leet_transform)),
            Rewriter(
                "casefold-fuzz", one_of(lambda text: [v.text for v in casefold_fuzz.leet_variants(text)])
            ),
            Rewriter(OWN, from_table(_SYMBOLS, 0.6)),
        ),
        Layer.LETTERS,
    ),
    RewritingClass(
        "leet, several strokes",
        LATIN,
        (Rewriter(OWN, from_table(_STROKES, 0.5)), *_pyleetspeak()),
        Layer.LETTERS,
    ),
    RewritingClass(
        "reversed",
        ALPHABETS,
        (Rewriter(OWN, whole(_reversed)),),
        Layer.WHOLE,
        takes_carrier=True,
    ),
    RewritingClass(
        "bidirectional controls",
        ALPHABETS,
        (Rewriter(OWN, _overridden), Rewriter(OWN, _embedded)),
        Layer.WHOLE,
        takes_carrier=True,
    ),
    RewritingClass(
        "upside-down",
        LATIN,
        (
            Rewriter("upsidedown", whole(upsidedown.transform)),
            Rewriter("fancify-text", whole(fancify.upsideDown)),
        ),
        Layer.WHOLE,
        takes_carrier=True,
    ),
)
