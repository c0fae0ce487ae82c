"""Words that may stand too far from each other."""

from __future__ import annotations

from collections.abc import Iterator

from interceptor.curation.lint.checks import Check, Hit, Material, Severity

WIDEST = 10
"""Words between that leave some nearness; most searches have fewer than ten words in all."""


def find(material: Material) -> Iterator[Hit]:
    """Find entries whose groups may stand further from each other than most searches are long."""
    for term_list, entry in material.entries():
        slots = len(entry.all_of) + bool(entry.terms)
        if slots > 1 and entry.within > WIDEST:
            yield Hit(term_list, entry, f"lets {entry.within} words stand between; {WIDEST} are wide")


CHECK = Check(
    "wide",
    Severity.WARNING,
    "Words that far apart seldom belong together; long searches and pasted texts are hit.",
    f"Set within: to {WIDEST} or less.",
    find,
)
