"""Terms that stand inside ordinary words."""

from __future__ import annotations

from collections.abc import Iterator

from interceptor.curation.lint.checks import Check, Hit, Material, Severity
from interceptor.matching.index import PatternIndex
from interceptor.termlists.model import MatchMode

_SHOWN = 5


def find(material: Material) -> Iterator[Hit]:
    """Find terms of the modes ``substring`` and ``prefix`` that longer ordinary words hold or begin with."""
    terms = [
        term
        for term in material.terms
        if term.stands_alone and term.folded and term.entry.match in (MatchMode.SUBSTRING, MatchMode.PREFIX)
    ]
    if not terms:
        return
    index = PatternIndex()
    for number, term in enumerate(terms):
        index.add(term.pattern, (number, 0))
    index.finish()
    inside: dict[int, set[str]] = {}
    for word in material.words:
        if hits := index.hits(f" {word} "):
            for number, *_ in index.uses(hits):
                if terms[number].folded != word:
                    inside.setdefault(number, set()).add(word)
    for number, words in sorted(inside.items()):
        yield terms[number].hit(
            f"stands inside {len(words)} ordinary word{'s' * (len(words) > 1)}",
            ", ".join(sorted(words)[:_SHOWN]),
        )


CHECK = Check(
    "inside-words",
    Severity.WARNING,
    "Searches with these words would be acted on.",
    "Use match: word and write the forms out, or make the term longer.",
    find,
)
