"""Entries that do not match their own samples."""

from __future__ import annotations

from collections.abc import Iterator

from interceptor.curation import samples
from interceptor.curation.lint.checks import Check, Hit, Material, Severity


def find(material: Material) -> Iterator[Hit]:
    """Find samples under ``match`` that their entry does not match in its own category."""
    if not any(entry.samples.match for _, entry in material.entries()):
        return
    places = {(each.id, entry.id): (each, entry) for each, entry in material.entries()}
    literal = samples.without_rewritings(material.lists)
    for failure in samples.failures(literal, kinds=(samples.Kind.MATCH,)):
        term_list, entry = places[failure.list_id, failure.entry_id]
        # Some show a rewriting, which asks for much more work: the whole gate is made for these alone.
        if not samples.matches(material.gate, term_list, entry, failure.text):
            yield Hit(term_list, entry, f"does not match its sample {failure.number}", failure.text)


CHECK = Check(
    "own-samples",
    Severity.ERROR,
    "It does something other than its author thinks.",
    "Mend the terms or the sample; interceptor lists explain tells what matches.",
    find,
)
