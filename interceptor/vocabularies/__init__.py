"""Ordinary words of 39 languages: a word that stands here is no typing error of a listed one.

The words are wordfreq's most frequent ones as the plain view has them; README.md tells licence and attribution.
"""

from __future__ import annotations

import zlib
from functools import cache
from importlib import resources


@cache
def ordinary_words() -> frozenset[str]:
    """About 440,000 words, folded as in the plain view; of one and two letters only the most frequent.

    The first call takes about 0.2 s and 57 MB, which later calls and forked processes share.
    """
    data = resources.files(__package__).joinpath("words.txt.zlib").read_bytes()
    return frozenset(zlib.decompress(data).decode().split("\n"))
