"""Lists past their date."""

from __future__ import annotations

from collections.abc import Iterator

from interceptor.curation.lint.checks import Check, Hit, Material, Severity


def find(material: Material) -> Iterator[Hit]:
    """Find lists whose last day has passed."""
    for term_list in material.lists:
        if term_list.expires is not None and term_list.expires < material.today:
            yield Hit(term_list, None, f"expired on {term_list.expires}")


CHECK = Check(
    "expired",
    Severity.WARNING,
    "An expired list goes on protecting, and raises an alert wherever it is used.",
    "Bring it up to date and set a new date under 'expires'.",
    find,
)
