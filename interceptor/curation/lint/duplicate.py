"""Terms that stand twice."""

from __future__ import annotations

from collections.abc import Iterator

from interceptor.curation.lint.checks import Check, Hit, Material, Severity, Term


def find(material: Material) -> Iterator[Hit]:
    """Find terms that fold as one of an earlier entry does, in the same language or where one of the two names none.

    Spellings of one term within an entry do no harm.
    """
    first: dict[str, list[Term]] = {}
    for term in material.terms:
        if not term.folded:
            continue
        earlier = first.setdefault(term.folded, [])
        twin = next((other for other in earlier if _are_one(other, term)), None)
        if twin is None:
            earlier.append(term)
        elif twin.entry is not term.entry:
            yield term.hit(f"is the same as {twin.place}{_difference(twin, term)}")


def _are_one(one: Term, other: Term) -> bool:
    if one.entry.all_of != other.entry.all_of or one.entry.match is not other.entry.match:
        return False
    return one.language == other.language or None in (one.language, other.language)


def _difference(one: Term, other: Term) -> str:
    if (one.entry.category or one.term_list.category) != (other.entry.category or other.term_list.category):
        return ", in another category"
    return ", with other exceptions" if one.entry.unless != other.entry.unless else ""


CHECK = Check(
    "duplicate",
    Severity.WARNING,
    "Two entries with one term: exceptions and notes of one do not hold for the other, and the stronger counts.",
    "Keep one of the two.",
    find,
)
