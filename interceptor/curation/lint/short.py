"""Terms too short to be safe."""

from __future__ import annotations

from collections.abc import Iterator

from interceptor.curation.lint.checks import Check, Hit, Material, Severity
from interceptor.folding.scripts import unspaced
from interceptor.termlists.model import MatchMode

SHORTEST = {MatchMode.WORD: 4, MatchMode.PREFIX: 5, MatchMode.SUBSTRING: 6}
"""Letters and digits below which a term alone is too short, by where it has to stand."""

SHORTEST_UNSPACED = 3
"""The same in scripts without spaces between words, where a term is found anywhere but says more in a letter."""


def find(material: Material) -> Iterator[Hit]:
    """Find terms that are all a search has to hold and have too few letters."""
    for term in material.terms:
        if not term.stands_alone or term.entry.match not in SHORTEST or not term.folded:
            continue
        letters = len(term.folded.replace(" ", ""))
        least = SHORTEST_UNSPACED if unspaced.search(term.folded) else SHORTEST[term.entry.match]
        if letters < least:
            yield term.hit(
                f"has {letters} letters; {least} are the least for match: {term.entry.match.value}"
            )


CHECK = Check(
    "short",
    Severity.ERROR,
    "Short terms are words, names and abbreviations in other languages and trades.",
    "Ask for a second word near it (all:), or use a longer phrase.",
    find,
)
