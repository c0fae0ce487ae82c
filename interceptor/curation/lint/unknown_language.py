"""Languages that are not registered."""

from __future__ import annotations

from collections.abc import Iterator

from interceptor.curation.lint.checks import Check, Hit, Material, Severity


def find(material: Material) -> Iterator[Hit]:
    """Find language tags with a part that the registry of language subtags (RFC 5646) does not know."""
    try:
        from langcodes import tag_is_valid
    except ImportError:
        material.left_undone.append("unknown-language: install search-interceptor[curation]")
        return
    known: dict[str, bool] = {}

    def is_unknown(tag: str | None) -> bool:
        return tag is not None and not known.setdefault(tag, tag_is_valid(tag))

    for term_list in material.lists:
        if is_unknown(term_list.language):
            yield Hit(term_list, None, "names a language that is not registered", term_list.language or "")
    for term_list, entry in material.entries():
        if is_unknown(entry.language):
            yield Hit(term_list, entry, "names a language that is not registered", entry.language or "")


CHECK = Check(
    "unknown-language",
    Severity.ERROR,
    "The warning is shown in the language of what matched, and there is none of that name.",
    "Write a BCP 47 tag: en, pt-BR, zh-Hant; und where there is none.",
    find,
)
