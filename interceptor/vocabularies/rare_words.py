"""Rare words and names, too many to hold as text: whether one stands among them, at 10 bits a word.

They are asked only about what has been taken for a mistyped or stretched single word already, so no ordinary query
waits for them. A Bloom filter (B. H. Bloom, Communications of the ACM 13, 1970): a word that was put in is always
known, one that was not is taken for a word about once in 120 times, which spares it. README.md tells the sources.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
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
            size = len(bits) * 8
            place, step = _start(word, size)
            for _ in range(_PLACES):
                bits[place >> 3] |= 1 << (place & 7)
                place = (place + step) % size
        return cls(bytes(bits))

    def __contains__(self, word: object) -> bool:
        if not isinstance(word, str):
            return False
        bits = self._bits
        size = len(bits) * 8
        place, step = _start(word, size)
        for _ in range(_PLACES):
            if not bits[place >> 3] >> (place & 7) & 1:
                return False
            place = (place + step) % size
        return True

    def __bytes__(self) -> bytes:
        return self._bits


def _start(word: str, size: int) -> tuple[int, int]:
    """The first bit of ``word`` among ``size``, and how far on the next ones are (Kirsch and Mitzenmacher 2006)."""
    digest = hashlib.blake2b(
        word.encode("utf-8", "surrogatepass"), digest_size=16, usedforsecurity=False
    ).digest()
    return int.from_bytes(digest[:8], "little") % size, (int.from_bytes(digest[8:], "little") | 1) % size


@cache
def rare_words() -> RareWords:
    """The rare words and names of 39 languages, folded as in the plain view; about 5 MB of memory."""
    return RareWords(resources.files(__package__).joinpath("rare_words.bloom").read_bytes())
