"""Whether a query gives cause to look for rewritten terms: what nearly every search pays for, and most pay no more.

Cause is a word that no language's ordinary words hold, in a script that terms are in; two neighbouring words that are
one word of the lists; letters that stand apart, or punctuation between letters; characters of a pasted font.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from operator import add

from interceptor.folding import leet, plain
from interceptor.folding.lookalikes import LOOKALIKES, PASTED
from interceptor.folding.scripts import unspaced
from interceptor.vocabularies import ordinary_words

_POINT = r"!-&(-/:-@\[-`{-~\u00a1-\u00bf\u2010-\u2018\u201a-\u205e\u3000-\u303f"
"""Punctuation but the apostrophe, which stands inside ordinary words of many languages."""
_APOSTROPHE = r"'\u2019"
# It begins with the sign, not with the letter before it: that is what the search can skip by.
_inner_point = re.compile(
    rf"[{_POINT}{_APOSTROPHE}](?:(?<=[^\W_][{_POINT}])[{_POINT}]*[^\W_]"
    rf"|(?<=[^\W\d_]{{3}}[{_APOSTROPHE}])[^\W\d_]{{3}})"
)
_FEWEST_PASTED = 3

END = "?!. \u2026\u061f\u06d4\u0964\uff1f\u3002"
"""What may stand behind the last word, in any script."""
BEGINNING = "\u00bf"
"""What may stand before the first one."""

_LATIN_BLOCKS = {
    *range(6),
    *(code >> 7 for code in (0x1D00, 0x1D80, 0x1E00, 0x1E80, 0xA700, 0xA780, 0xAB00)),
}
"""Blocks of 128 code points that hold Latin letters; upside-down and phonetic ones among them."""


class Causes:
    """Tells queries that give cause from those that do not, for the words of one set of lists."""

    def __init__(self, words: frozenset[str]) -> None:
        """``words``: those of patterns that are loosened, folded."""
        self._ordinary, self._words = ordinary_words(), words
        blocks = {ord(char) >> 7 for word in words for char in word}
        self._blocks = frozenset(blocks | _LATIN_BLOCKS if 0 in blocks else blocks)
        self._is_latin = 0 in self._blocks
        ranges = "".join(f"{chr(block << 7)}-{chr((block << 7) + 127)}" for block in sorted(self._blocks))
        self._our_script = re.compile(f" [{ranges}]" if ranges else "(?!)")
        halves = list(self._quiet_halves())
        self._firsts, self._seconds = (frozenset(half[part] for half in halves) for part in (0, 1))
        self.signs_of_split = frozenset(max(pair, key=len) for pair in halves)
        """Words of which one stands wherever two ordinary ones are one of the lists' words, split."""

    def __repr__(self) -> str:
        return "Causes()"

    def strange(self, query: str, words: Sequence[str], folded: str) -> list[str] | None:
        """The words of ``query`` that may be rewritten, often none of them; None where it gives no cause at all.

        ``folded`` is the plain view of ``query``, ``words`` its words.
        """
        ordinary = self._ordinary
        if ordinary.issuperset(words):
            if self.are_split(words):
                return []
            if is_plainly_spaced(query, words, folded):
                return None
        else:
            found = [word for word in words if word not in ordinary and self._may_be_ours(word)]
            if found or self.are_split(words):
                return found
        if (self._our_script.search(folded) and self._has_gaps(query, words)) or _is_pasted(query):
            return []
        if self._is_latin and (leet.has_strokes(query) or _has_hidden_strokes(query)):
            return []
        return None

    def _may_be_ours(self, word: str) -> bool:
        """Whether a word that is not known could be a rewriting of a pattern at all."""
        if word.isascii():
            return self._is_latin and len(word) > 2 and not word.isdecimal()
        if ord(word[0]) >> 7 in self._blocks or ord(word[-1]) >> 7 in self._blocks:
            return not unspaced.match(word)
        return (
            len(word) > 2
            and ord(word[0]) in LOOKALIKES
            and all(char.isascii() or ord(char) in LOOKALIKES for char in word)
        )

    def _quiet_halves(self) -> Iterator[tuple[str, str]]:
        """The ways to split listed words into two of which neither is strange by itself."""
        ordinary = self._ordinary
        for word in self._words:
            if self._is_latin and word.isascii() and word.isalpha():
                # As below, but for lists with many words.
                for place in range(1, len(word)):
                    first = word[:place]
                    if place < 3 or first in ordinary:
                        second = word[place:]
                        if len(second) < 3 or second in ordinary:
                            yield first, second
                continue
            for place in range(1, len(word)):
                if self._is_quiet(word[:place]) and self._is_quiet(word[place:]):
                    yield word[:place], word[place:]

    def _is_quiet(self, word: str) -> bool:
        return word in self._ordinary or not self._may_be_ours(word)

    def are_split(self, words: Sequence[str]) -> bool:
        """Whether two neighbours among ordinary ``words`` are one of the lists' words, split."""
        if self._seconds.isdisjoint(words) or self._firsts.isdisjoint(words):
            return False
        return not self._words.isdisjoint(map(add, words, words[1:]))

    def _has_gaps(self, query: str, words: Sequence[str]) -> bool:
        """Whether letters stand apart, or something other than a space stands between letters."""
        if query.count(" ") != len(words) - 1 and _inner_point.search(query):
            return True
        short = [len(word) <= 2 and ord(word[0]) >> 7 in self._blocks for word in words]
        count = sum(short)
        if count < 2:
            return False
        return count * 2 > len(short) or any(map(all, zip(short, short[1:], short[2:], strict=False)))


def is_plainly_spaced(query: str, words: Sequence[str], folded: str) -> bool:
    """Whether nothing but single spaces stands between words; a cheap test that most queries pass."""
    query = query.rstrip(END).lstrip(BEGINNING)
    if len(query) != len(folded) - 2 or query.count(" ") != len(words) - 1:
        return False
    # Beyond ASCII a space too many may make up for one that is not there, between letters of two scripts.
    return query.isascii() or list(map(len, query.split(" "))) == list(map(len, words))


def _has_hidden_strokes(query: str) -> bool:
    """Whether ``query`` holds strokes of letters with invisible characters between them."""
    if query.isascii() or not ("|" in query or "/" in query):
        return False
    return leet.has_strokes(plain.visible(query))


def _is_pasted(query: str) -> bool:
    """Whether ``query`` looks like a font of other scripts' characters."""
    if query.isascii() or not PASTED.search(query):
        return False
    return len(PASTED.findall(query)) >= _FEWEST_PASTED
