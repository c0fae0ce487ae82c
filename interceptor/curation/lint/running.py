"""All checks, run over lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from interceptor.curation.lint import (
    duplicate,
    empty,
    expired,
    inside_words,
    name,
    no_samples,
    ordinary_word,
    own_samples,
    shadowed,
    short,
    unknown_allowance,
    unknown_language,
    unused_group,
    wide,
)
from interceptor.curation.lint.checks import Check, Material, Severity


def _names() -> frozenset[str]:
    return frozenset(check.id for check in CHECKS)


CHECKS: tuple[Check, ...] = (
    empty.CHECK,
    short.CHECK,
    ordinary_word.CHECK,
    own_samples.CHECK,
    unknown_language.CHECK,
    inside_words.CHECK,
    name.CHECK,
    duplicate.CHECK,
    no_samples.CHECK,
    wide.CHECK,
    unused_group.CHECK,
    expired.CHECK,
    unknown_allowance.check(_names),
    shadowed.CHECK,
)
"""The gravest first."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says of a list or an entry, without a term but in ``text``."""

    check: str
    severity: Severity
    list_id: str
    entry_id: str | None
    line: int
    what: str
    text: str = field(repr=False)


def run(material: Material, checks: Iterable[Check] = CHECKS) -> Iterator[tuple[Check, tuple[Finding, ...]]]:
    """Run ``checks`` one after the other; yield each with what it found and no entry allows."""
    for check in checks:
        yield (
            check,
            tuple(
                Finding(
                    check.id,
                    check.severity,
                    hit.term_list.id,
                    hit.entry.id if hit.entry else None,
                    hit.line or (hit.entry.line if hit.entry else 0),
                    hit.what,
                    hit.text,
                )
                for hit in check.find(material)
                if hit.entry is None or check.id not in hit.entry.lint.allow
            ),
        )
