"""Words of the lists that are one typing error away from a word of the query.

One edit: a letter too many, too few, another one, or two neighbours swapped (Damerau 1964). Of two words one edit
apart, the first half or the second half of either is whole, so both halves of every list word are kept as keys and
only words that share one are compared. The one exception, two letters swapped just where the halves meet, is undone
and looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_MOST_CANDIDATES = 8
_END = "\n"
"""Stands at both ends of a word, and in none."""


class TypingErrors:
    """The words of the lists, by their halves."""

    def __init__(self, words: Iterable[str], shortest: int) -> None:
        self._shortest = shortest
        self._words = frozenset(words)
        heads: dict[str, list[str]] = {}
        tails: dict[str, list[str]] = {}
        for word in self._words:
            half = len(word) // 2
            heads.setdefault(word[:half], []).append(word)
            tails.setdefault(word[half:], []).append(word)
        self._heads, self._tails = (
            {half: _END + _END.join(words) + _END for half, words in halves.items()}
            for halves in (heads, tails)
        )
        """The words that share a half, as one text: to search it tells nearly all that share no more than that."""

    def __repr__(self) -> str:
        return "TypingErrors()"

    def candidates(self, word: str) -> list[str]:
        """Return list words one edit from ``word``, the first eight in their order; the word itself is none."""
        length = len(word)
        if length < self._shortest:
            return []
        # The halves that a word of one letter less, as many, or one more would have kept whole.
        half = length // 2
        first = half if length % 2 else half - 1
        near: list[str] = []
        # Beside a half that is whole, the error is away from the outermost two letters or near them.
        of = self._heads.get
        if held := of(word[:first], "") + of(word[: first + 1], ""):
            near += _nearest(word, held, f"{word[-2:]}{_END}", f"{_END}{word[:-3]}")
        of = self._tails.get
        if held := of(word[length - half :], "") + of(word[length - half - 1 :], ""):
            near += _nearest(word, held, f"{_END}{word[:2]}", f"{word[3:]}{_END}")
        if half:
            swapped = f"{word[: half - 1]}{word[half]}{word[half - 1]}{word[half + 1 :]}"
            if swapped in self._words and swapped != word:
                near.append(swapped)
        # In order, so that every process leaves out the same ones.
        return sorted(set(near))[:_MOST_CANDIDATES] if near else near


def _nearest(word: str, held: str, one: str, other: str) -> Sequence[str]:
    """The words of ``held`` that are one edit from ``word`` and hold ``one`` or the ``other``, ends included."""
    if one not in held and other not in held:
        return ()
    length = len(word)
    return [
        candidate
        for candidate in held.split(_END)
        if -2 < len(candidate) - length < 2
        and (one in (whole := f"{_END}{candidate}{_END}") or other in whole)
        and is_one_edit(candidate, word)
    ]


def is_one_edit(left: str, right: str) -> bool:
    """Whether ``left`` and ``right`` are exactly one edit apart; linear in their length."""
    if abs(len(left) - len(right)) > 1 or left == right:
        return False
    if len(left) > len(right):
        left, right = right, left
    start = 0
    while start < len(left) and left[start] == right[start]:
        start += 1
    if len(left) < len(right):
        return left[start:] == right[start + 1 :]
    if left[start + 1 :] == right[start + 1 :]:
        return True
    return (
        left[start + 2 :] == right[start + 2 :] and left[start : start + 2] == right[start : start + 2][::-1]
    )
