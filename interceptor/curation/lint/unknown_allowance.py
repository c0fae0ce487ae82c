"""Allowances for checks that there are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from interceptor.curation.lint.checks import Check, Hit, Material, Severity


def check(known: Callable[[], frozenset[str]]) -> Check:
    """The check, for the names that ``known`` gives."""

    def find(material: Material) -> Iterator[Hit]:
        names = known()
        for term_list in material.lists:
            for entry in term_list.entries:
                for number, name in enumerate(entry.lint.allow, 1):
                    if name not in names:
                        yield Hit(term_list, entry, f"item {number} of lint: allow: is no check", name)

    return Check(
        "unknown-allowance",
        Severity.WARNING,
        "It allows nothing.",
        "Write the name of a check; interceptor lists lint --checks shows them.",
        find,
    )
