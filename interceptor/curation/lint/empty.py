"""Terms that fold to nothing."""

from __future__ import annotations

from collections.abc import Iterator

from interceptor.curation.lint.checks import Check, Hit, Material, Severity
from interceptor.folding import plain


def find(material: Material) -> Iterator[Hit]:
    """Find terms, and words of groups and exceptions, without a letter or digit."""
    for term in material.terms:
        if not term.folded:
            yield term.hit("has no letter or digit")
    for term_list in material.lists:
        for name, group in term_list.groups.items():
            for number, word in enumerate(group.words, 1):
                if not plain.view(word):
                    what = f"word {number} of group '{name}' has no letter or digit"
                    yield Hit(term_list, None, what, word, group.line)
    for term_list, entry in material.entries():
        for unless in entry.unless:
            for number, word in enumerate(unless.words, 1):
                if not plain.view(word):
                    what = f"word {number} of an exception has no letter or digit"
                    yield Hit(term_list, entry, what, word, unless.line)


CHECK = Check(
    "empty",
    Severity.ERROR,
    "Signs, spaces and pictures are put aside before searches are compared; nothing is left to match.",
    "Write the words, or remove the item.",
    find,
)
