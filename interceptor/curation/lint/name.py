"""Terms that are names of persons or places."""

from __future__ import annotations

from collections.abc import Iterator

from interceptor.curation.lint.checks import Check, Hit, Material, Severity


def find(material: Material) -> Iterator[Hit]:
    """Find terms that are all a search has to hold and a place, a given name, or a given name and a surname."""
    for term in material.terms:
        if term.stands_alone and material.names.is_name(term.folded):
            yield term.hit("is the name of a person or a place")


CHECK = Check(
    "name",
    Severity.WARNING,
    "People who search for a person or a town of that name would be warned.",
    "Ask for a second word near it (all:), or allow it if nobody else is meant.",
    find,
)
