"""Terms that are ordinary words."""

from __future__ import annotations

from collections.abc import Iterator

from interceptor.curation.lint.checks import Check, Hit, Material, Severity
from interceptor.termlists.model import MatchMode


def find(material: Material) -> Iterator[Hit]:
    """Find terms that are all a search has to hold and one word that people use every day."""
    for term in material.terms:
        if term.stands_alone and term.entry.match is not MatchMode.EXACT and term.folded in material.words:
            yield term.hit("is an ordinary word, alone")


CHECK = Check(
    "ordinary-word",
    Severity.ERROR,
    "Every search that holds this word, in any language, would be acted on.",
    "Ask for a second word near it (all:), or allow it if every use of the word is meant.",
    find,
)
