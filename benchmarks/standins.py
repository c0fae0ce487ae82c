"""Stand-in lists: neutral words that behave like the terms of a real list, any number of them, always the same."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

from interceptor.termlists.model import Entry, TermList

_FIRST = [
    "amber",
    "azure",
    "bronze",
    "coral",
    "crimson",
    "ebony",
    "emerald",
    "golden",
    "indigo",
    "ivory",
    "jade",
    "lilac",
    "maroon",
    "ochre",
    "olive",
    "pearl",
    "purple",
    "russet",
    "saffron",
    "scarlet",
    "silver",
    "teal",
    "umber",
    "violet",
    "walnut",
    "willow",
    "wooden",
    "woollen",
    "velvet",
    "copper",
    "marble",
    "granite",
    "cotton",
    "linen",
    "bamboo",
    "cedar",
    "maple",
    "birch",
    "hazel",
    "rowan",
]
_SECOND = [
    "garden",
    "meadow",
    "orchard",
    "harbour",
    "island",
    "valley",
    "mountain",
    "river",
    "forest",
    "village",
    "castle",
    "bridge",
    "market",
    "tower",
    "cottage",
    "terrace",
    "kitchen",
    "attic",
    "cellar",
    "stable",
    "workshop",
    "library",
    "museum",
    "theatre",
    "station",
    "lighthouse",
    "windmill",
    "greenhouse",
    "courtyard",
    "fountain",
    "pavilion",
    "lantern",
]
_THIRD = [
    "lantern",
    "teapot",
    "ladder",
    "basket",
    "kettle",
    "pillow",
    "curtain",
    "candle",
    "mirror",
    "blanket",
    "carpet",
    "bucket",
    "broom",
    "drawer",
    "cupboard",
    "hammer",
    "needle",
    "thimble",
    "ribbon",
    "button",
    "saddle",
    "anchor",
    "compass",
    "rudder",
    "paddle",
    "whistle",
    "trumpet",
    "fiddle",
    "drum",
    "flute",
    "easel",
    "palette",
    "chisel",
    "trowel",
    "shovel",
    "barrow",
    "sundial",
    "trellis",
    "bench",
    "swing",
]


def terms(count: int, *, seed: int = 1) -> list[str]:
    """``count`` different terms, shuffled: a quarter single words (compounds nobody uses), the others phrases."""
    wanted_singles = count // 4
    singles = itertools.islice(_singles(), wanted_singles)
    phrases = itertools.islice(_phrases(), count - wanted_singles)
    found = [*singles, *phrases]
    assert len(found) == count, "the vocabulary is too small for that many"
    random.Random(seed).shuffle(found)
    return found


def _singles() -> Iterator[str]:
    words = dict.fromkeys((*_FIRST, *_SECOND, *_THIRD))
    for first, second in itertools.permutations(words, 2):
        yield first + second
    for first, second, third in itertools.permutations(words, 3):
        yield first + second + third


def _phrases() -> Iterator[str]:
    yield from map(" ".join, itertools.product(_FIRST, _SECOND, _THIRD))
    yield from map(" ".join, itertools.product(_FIRST, _SECOND, _THIRD, _SECOND, _THIRD))


def term_list(count: int) -> TermList:
    """A list of ``count`` entries of one term each."""
    return TermList(
        id=f"standin-{count}",
        entries=tuple(Entry(id=f"s{number}", terms=(term,)) for number, term in enumerate(terms(count))),
    )
