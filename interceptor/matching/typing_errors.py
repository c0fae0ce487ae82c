"""Words of the lists that are one typing error away from a word of the query.

One edit: a letter too many, too few, another one, or two neighbours swapped (Damerau 1964). Of two words one edit
apart, the first half or the second half of either is whole, so both halves of every list word are kept as keys and
only words that share one are compared. The one exception, two letters swapped just where the halves meet, is undone
and looked up.
"""

from __future__ import annotations

from collections.abc import Iterable

_MOST_CANDIDATES = 8


class TypingErrors:
    """The words of the lists, by their halves."""

    def __init__(self, words: Iterable[str], shortest: int) -> None:
        self._shortest = shortest
        self._words = frozenset(words)
        self._heads: dict[str, list[str]] = {}
        self._tails: dict[str, list[str]] = {}
        for word in self._words:
            half = len(word) // 2
            self._heads.setdefault(word[:half], []).append(word)
            self._tails.setdefault(word[half:], []).append(word)

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
        # Beside a half that is whole, the error is away from the outermost two letters or near them. Asking so tells
        # nearly all that only share a half, without a look at every letter.
        for head in (word[:first], word[: first + 1]):
            if held := self._heads.get(head):
                end, rest = word[-2:], word[:-3]
                near += [
                    candidate
                    for candidate in held
                    if -2 < len(candidate) - length < 2
                    and (candidate[-2:] == end or candidate.startswith(rest))
                    and is_one_edit(candidate, word)
                ]
        for tail in (word[length - half :], word[length - half - 1 :]):
            if held := self._tails.get(tail):
                beginning, rest = word[:2], word[3:]
                near += [
                    candidate
                    for candidate in held
                    if -2 < len(candidate) - length < 2
                    and (candidate[:2] == beginning or candidate.endswith(rest))
                    and is_one_edit(candidate, word)
                ]
        middle = length // 2
        if middle:
            swapped = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
            if swapped in self._words and swapped != word:
                near.append(swapped)
        # In order, so that every process leaves out the same ones.
        return sorted(set(near))[:_MOST_CANDIDATES] if near else near


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
