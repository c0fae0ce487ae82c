"""What words elsewhere in a query make of a match; see ``unless`` in docs/term-lists.md."""

from __future__ import annotations

from dataclasses import dataclass

from interceptor.folding import plain
from interceptor.termlists.model import Outcome


@dataclass(frozen=True, slots=True)
class ContextRule:
    """If one of ``phrases`` (folded, padded) stands in the query, the match becomes ``then``."""

    then: Outcome
    phrases: tuple[str, ...]

    def __repr__(self) -> str:
        return f"ContextRule(then={self.then!r}, phrases={len(self.phrases)})"


def fold_phrases(words: tuple[str, ...]) -> tuple[str, ...]:
    """Fold the words of an exception; those that fold to nothing are left out, doubles too."""
    folded = (plain.pattern(word, starts_word=True, ends_word=True) for word in words)
    return tuple(dict.fromkeys(phrase for phrase in folded if phrase))


def outcome(text: str, exceptions: tuple[ContextRule, ...]) -> Outcome | None:
    """Tell what the first exception that applies to the folded ``text`` turns the match into."""
    for exception in exceptions:
        if any(phrase in text for phrase in exception.phrases):
            return exception.then
    return None
