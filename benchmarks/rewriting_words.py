"""Classes of rewriting that keep the letters and change what stands between them, and errors of typing."""

from __future__ import annotations

import random
from typing import Any

import casefold_fuzz
from typo import StrErrer

from benchmarks.rewriting import ALPHABETS, LATIN, OWN, Layer, Rewrite, Rewriter, RewritingClass, seeded

_MARKS = ".,-_*'+~/|:;!\""


def _typo(*names: str) -> Rewrite:
    """One of the errors of the package typo; its letters beside a key are those of an English keyboard."""

    def rewrite(text: str, rng: random.Random) -> str:
        errer: Any = StrErrer(text, seed=rng.getrandbits(32))
        with seeded(rng):
            return str(getattr(errer, rng.choice(names))().result)

    return rewrite


def _spacing(*separators: str) -> Rewrite:
    """The spacings of casefold-fuzz that use one of ``separators``: between any two letters of a word."""

    def rewrite(text: str, rng: random.Random) -> str:
        found = [
            variant.text
            for variant in casefold_fuzz.spacing_variants(text)
            if any(variant.note.startswith(f"'{name}'") for name in separators)
        ]
        return rng.choice(found) if found else text

    return rewrite


def _punctuated(text: str, rng: random.Random) -> str:
    """One to three punctuation marks inside words."""
    places = [i for i in range(1, len(text)) if text[i - 1] != " " != text[i]]
    for place in sorted(rng.sample(places, min(len(places), rng.randint(1, 3))), reverse=True):
        text = text[:place] + rng.choice(_MARKS) + text[place:]
    return text


def _joined(text: str, rng: random.Random) -> str:
    """Words joined by a mark instead of a space."""
    return text.replace(" ", rng.choice("-_.+/"))


def _spaced(text: str, rng: random.Random) -> str:
    """A space between letters, two or three between words."""
    return (" " * rng.randint(2, 3)).join(" ".join(word) for word in text.split(" "))


def _stretched(text: str, rng: random.Random) -> str:
    """Some letters written two to five times."""
    return "".join(char * rng.randint(2, 5) if char != " " and rng.random() < 0.3 else char for char in text)


def _split(text: str, rng: random.Random) -> str:
    """A space inside one word, two letters from its ends."""
    places = [i for i in range(2, len(text) - 1) if " " not in text[i - 2 : i + 2]]
    if not places:
        return text
    place = rng.choice(places)
    return text[:place] + " " + text[place:]


def _edit(text: str, rng: random.Random) -> str:
    """One letter changed, added, left out, or exchanged with its neighbour; letters of the text's own script."""
    places = [i for i, char in enumerate(text) if char != " "]
    place, letter = rng.choice(places), rng.choice([char for char in text if char != " "])
    kind = rng.randrange(4)
    if kind == 0:
        return text[:place] + letter + text[place + 1 :]
    if kind == 1:
        return text[:place] + letter + text[place:]
    if kind == 2:
        return text[:place] + text[place + 1 :]
    pairs = [i for i in places if i + 1 in places and text[i] != text[i + 1]]
    place = rng.choice(pairs)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


CLASSES = (
    RewritingClass(
        "punctuation inside words",
        ALPHABETS,
        (
            Rewriter("casefold-fuzz", _spacing("full stop", "hyphen-minus", "low line")),
            Rewriter(OWN, _punctuated),
            Rewriter(OWN, _joined),
        ),
        Layer.WORDS,
    ),
    RewritingClass(
        "letters spaced out",
        ALPHABETS,
        (
            Rewriter("casefold-fuzz", _spacing("ASCII space", "U+00A0 NO-BREAK SPACE")),
            Rewriter(OWN, _spaced),
        ),
        Layer.WORDS,
    ),
    RewritingClass(
        "repeated letters",
        ALPHABETS,
        (Rewriter("typo", _typo("repeated_char")), Rewriter(OWN, _stretched)),
        Layer.WORDS,
    ),
    RewritingClass(
        "words split",
        ALPHABETS,
        (Rewriter("typo", _typo("random_space")), Rewriter(OWN, _split)),
        Layer.WORDS,
    ),
    RewritingClass(
        "words merged",
        ALPHABETS,
        (
            Rewriter("typo", _typo("skipped_space")),
            Rewriter(OWN, lambda text, rng: text.replace(" ", "")),
        ),
        Layer.WORDS,
        spaces=True,
    ),
    RewritingClass("typing error", ALPHABETS, (Rewriter(OWN, _edit),), letters=9),
    RewritingClass(
        "typing error, English keyboard",
        LATIN,
        (Rewriter("typo", _typo("char_swap", "missing_char", "extra_char", "nearby_char")),),
        letters=9,
    ),
)
