"""What is known of the patterns that may stand rewritten in a query: made of them once, and kept in a compiled list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from interceptor.config import Matching
from interceptor.folding.scripts import unspaced
from interceptor.folding.skeleton import skeleton
from interceptor.matching import sections
from interceptor.matching.index import PatternIndex
from interceptor.matching.skeletons import SkeletonIndex

SHORTEST_LISTED = 4
"""Letters of the shortest word of a pattern that is looked for mistyped, split or backwards by itself."""

Rewritten = tuple[int, str, str]
"""A pattern that may be rewritten: its number, itself and its skeleton."""


def rewritten(index: PatternIndex, bounds: Matching) -> Iterator[Rewritten]:
    """The patterns of ``index`` that may be rewritten under ``bounds``."""
    for number, pattern in index.patterns():
        letters = pattern.replace(" ", "")
        if len(letters) < bounds.shortest_spaced_out or letters.isdecimal():
            continue
        if not letters.isascii() and unspaced.search(letters):
            continue
        yield number, pattern, skeleton(pattern, signs=False)


@dataclass(frozen=True, slots=True)
class Rewritable:
    """The skeletons of patterns, and their words."""

    skeletons: SkeletonIndex
    words: frozenset[str]
    """Words of patterns that are looked for mistyped, split or backwards by themselves."""
    keys: frozenset[str]
    """The skeletons of these."""

    def __repr__(self) -> str:
        return f"Rewritable({len(self.words)} words)"

    @classmethod
    def of(cls, patterns: Iterable[Rewritten], bounds: Matching) -> Rewritable:
        """Gather what `rewritten` yields under ``bounds``."""
        skeletons = SkeletonIndex()
        words: set[str] = set()
        for number, pattern, key in patterns:
            skeletons.add(key, number)
            if len(pattern.replace(" ", "")) >= bounds.shortest_turned:
                words.update(word for word in pattern.split() if len(word) >= SHORTEST_LISTED)
        skeletons.finish()
        return cls(skeletons, frozenset(words), frozenset(skeleton(word, signs=False) for word in words))

    def packed(self) -> dict[str, bytes]:
        """The whole as sections of a compiled file."""
        return {
            **self.skeletons.packed(),
            "rewritable.words": sections.from_strings(sorted(self.words)),
            "rewritable.keys": sections.from_strings(sorted(self.keys)),
        }

    @classmethod
    def unpacked(cls, packed: Mapping[str, memoryview], patterns: int) -> Rewritable:
        """What `packed` made sections of, for so many ``patterns``. Raises `ValueError` where they do not fit."""
        words, keys = (
            frozenset(sections.Strings(packed[f"rewritable.{part}"])) for part in ("words", "keys")
        )
        return cls(SkeletonIndex.unpacked(packed, patterns), words, keys)
