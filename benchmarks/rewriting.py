"""Ways in which people rewrite a term, by class, in the words of other people's packages where there are any.

A rewriter takes a text and a source of chance and returns the text rewritten, or the text itself where it has
nothing to rewrite in it. `ALL` holds every class in the order of the tables.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum

Rewrite = Callable[[str, random.Random], str]

OWN = "own"
"""Stands in the tables where no package for it was found."""


class Layer(IntEnum):
    """What a class of rewriting works on; of two stacked, the lower goes first."""

    WORDS = 0
    LETTERS = 1
    MARKS = 2
    WHOLE = 3


@dataclass(frozen=True, slots=True)
class Rewriter:
    """One way to rewrite, of one author."""

    by: str
    rewrite: Rewrite


@dataclass(frozen=True, slots=True)
class RewritingClass:
    """Rewritings of one kind."""

    name: str
    languages: tuple[str, ...]
    rewriters: tuple[Rewriter, ...]
    layer: Layer | None = None
    """None where it is not stacked with others."""
    takes_carrier: bool = False
    """Whether, in a longer query, people rewrite the whole of it as often as the term alone."""
    letters: int = 0
    """Fewest letters of the terms that it is tried on."""
    spaces: bool = False
    """Whether it is tried on phrases only."""


LATIN = ("en", "de", "fr", "es", "it", "pt", "pl", "fi", "sv", "tr")
CYRILLIC = ("ru", "uk")
ALPHABETS = (*LATIN, *CYRILLIC, "el")
ARABIC = ("ar", "fa")
EVERY = (*ALPHABETS, *ARABIC, "hi", "ja", "zh", "ko")


@contextmanager
def seeded(rng: random.Random) -> Iterator[None]:
    """Let packages that draw from Python's global source of chance draw the same every time."""
    state = random.getstate()
    random.seed(rng.getrandbits(64))
    try:
        yield
    finally:
        random.setstate(state)


def whole(function: Callable[[str], str]) -> Rewrite:
    """The rewriter that applies ``function`` to all of the text."""

    def rewrite(text: str, rng: random.Random) -> str:
        with seeded(rng):
            return function(text)

    return rewrite


def partly(function: Callable[[str], str], share: float = 0.5) -> Rewrite:
    """The rewriter that applies ``function`` to each letter by itself, to ``share`` of them by chance."""

    def rewrite(text: str, rng: random.Random) -> str:
        with seeded(rng):
            return "".join(function(char) if rng.random() < share else char for char in text)

    return rewrite


def one_of(variants: Callable[[str], list[str]]) -> Rewrite:
    """The rewriter that takes one of the ``variants`` of a text."""

    def rewrite(text: str, rng: random.Random) -> str:
        found = variants(text)
        return rng.choice(found) if found else text

    return rewrite


def from_table(table: dict[str, list[str]], share: float) -> Rewrite:
    """The rewriter that replaces ``share`` of the letters that ``table`` holds by one of their forms."""

    def rewrite(text: str, rng: random.Random) -> str:
        return "".join(
            rng.choice(table[char]) if char in table and rng.random() < share else char for char in text
        )

    return rewrite
