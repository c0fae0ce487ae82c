"""Groups that nothing asks for."""

from __future__ import annotations

from collections.abc import Iterator

from interceptor.curation.lint.checks import Check, Hit, Material, Severity


def find(material: Material) -> Iterator[Hit]:
    """Find groups that no entry, exception or other group names."""
    for term_list in material.lists:
        used = {name for entry in term_list.entries for name in entry.all_of}
        used |= {name for entry in term_list.entries for unless in entry.unless for name in unless.groups}
        used |= {name for group in term_list.groups.values() for name in group.groups}
        for name, group in term_list.groups.items():
            if name not in used:
                yield Hit(term_list, None, f"group '{name}' is not used", line=group.line)


CHECK = Check(
    "unused-group",
    Severity.WARNING,
    "Its words match nothing, though somebody may believe that they do.",
    "Name it under 'all:' or 'unless:' of an entry, or remove it.",
    find,
)
