"""Stable entries without samples."""

from __future__ import annotations

from collections.abc import Iterator

from interceptor.curation.lint.checks import Check, Hit, Material, Severity
from interceptor.termlists.model import Status


def find(material: Material) -> Iterator[Hit]:
    """Find entries that are called stable and show by no sample what they are for."""
    for term_list, entry in material.entries():
        if entry.status is Status.STABLE and not entry.samples.match:
            yield Hit(term_list, entry, "is stable and has no sample under 'match'")


CHECK = Check(
    "no-samples",
    Severity.WARNING,
    "Nothing would tell if it stopped matching what it is for.",
    "Add a sample, or set status: testing.",
    find,
)
