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


class Context:
    """What the words of one folded text, or of the query that it is a reading of, make of the matches in it.

    Entries of a list share the phrases of their exceptions, so each set of phrases is looked for once: a query made
    of a thousand terms is not searched a thousand times.
    """

    def __init__(self, text: str, query: str = "") -> None:
        """``query``: the query as it stands, where ``text`` is another reading of it that may spoil its words."""
        self._text = f"{text}{query}"
        self._stands: dict[int, bool] = {}
        """By the identity of a rule's phrases, which outlive the text."""

    def __repr__(self) -> str:
        return "Context()"

    def outcome(self, exceptions: tuple[ContextRule, ...]) -> Outcome | None:
        """Tell what the first exception that applies turns a match into; None where none does."""
        for exception in exceptions:
            stands = self._stands.get(id(exception.phrases))
            if stands is None:
                stands = any(phrase in self._text for phrase in exception.phrases)
                self._stands[id(exception.phrases)] = stands
            if stands:
                return exception.then
        return None
