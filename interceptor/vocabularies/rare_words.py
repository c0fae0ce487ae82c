"""Rare words and names, too many to hold as text: whether one stands among them, at 10 bits a word.

They are asked only about what has been taken for a mistyped or stretched single word already, so no ordinary query
waits for them. A Bloom filter (B. H. Bloom, Communications of the ACM 13, 1970): a word that was put in is always
known, one that was not is taken for a word about once in 120 times, which spares it. README.md tells the sources.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources

BITS = 10
"""Bits a word; with `_PLACES` places, 0.8 % of other words are taken for one."""

_PLACES = 7


class RareWords:
    """A set of words of which only membership can be asked. Immutable."""

    def __init__(self, bits: bytes) -> None:
        self._bits = bits

    def __repr__(self) -> str:
        return f"RareWords({len(self._bits)} bytes)"

    @classmethod
    def of(cls, words: Iterable[str], count: int) -> RareWords:
        """Put in ``words``, of which there are ``count``."""
        bits = bytearray((count * BITS + 7) // 8)
        for word in words:
            for place in _places(word, len(bits) * 8):
                bits[place >> 3] |= 1 << (place & 7)
        return cls(bytes(bits))

    def __contains__(self, word: object) -> bool:
        bits = self._bits
        return isinstance(word, str) and all(
            bits[place >> 3] >> (place & 7) & 1 for place in _places(word, len(bits) * 8)
        )

    def __bytes__(self) -> bytes:
        return self._bits


def _places(word: str, size: int) -> Iterator[int]:
    """The bits of ``word`` among ``size``: two halves of one hash, combined (Kirsch and Mitzenmacher 2006)."""
    digest = hashlib.blake2b(
        word.encode("utf-8", "surrogatepass"), digest_size=16, usedforsecurity=False
    ).digest()
    first, step = int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little") | 1
    return ((first + number * step) % size for number in range(_PLACES))


@cache
def rare_words() -> RareWords:
    """The rare words and names of 39 languages, folded as in the plain view; about 5 MB of memory."""
    return RareWords(resources.files(__package__).joinpath("rare_words.bloom").read_bytes())
