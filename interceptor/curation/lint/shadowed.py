"""Terms that never decide anything, since another entry matches all that they match."""

from __future__ import annotations

from collections.abc import Iterator

from interceptor.curation.lint.checks import Check, Hit, Material, Severity, Term
from interceptor.matching.index import PatternIndex
from interceptor.termlists.model import MatchMode
from interceptor.vocabulary import Category


def find(material: Material) -> Iterator[Hit]:
    """Find terms that hold another entry's term which has no conditions and is read at least as strongly."""
    shadows = [term for term in material.terms if _is_unconditional(term)]
    index = PatternIndex()
    for number, term in enumerate(shadows):
        index.add(term.pattern, (number, 0))
    index.finish()
    for term in material.terms:
        pattern = term.pattern
        if not pattern or not term.stands_alone:
            continue
        for number, _, start, end in index.uses(index.hits(pattern)):
            shadow = shadows[number]
            if shadow.entry is not term.entry and end - start < len(pattern) and _is_as_strong(shadow, term):
                yield term.hit(f"is matched by {shadow.place} already")
                break


def _is_unconditional(term: Term) -> bool:
    entry = term.entry
    return bool(term.folded) and term.stands_alone and not entry.unless and entry.match is not MatchMode.EXACT


def _is_as_strong(shadow: Term, term: Term) -> bool:
    stronger, weaker = (each.entry.category or each.term_list.category for each in (shadow, term))
    return stronger in (weaker, Category.SEEKING)


CHECK = Check(
    "shadowed",
    Severity.NOTE,
    "A shorter term of another entry matches every search that this one matches; its exceptions change nothing.",
    "Remove one of the two, or give the shorter one conditions.",
    find,
)
