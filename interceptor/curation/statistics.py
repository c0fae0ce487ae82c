"""What lists are made of, in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from interceptor.termlists.model import TermList

AGES = ((90, "up to 3 months"), (365, "up to a year"), (730, "up to two years"))
"""Days since an entry last changed, and what that is called."""

OLDER, UNDATED = "older", "no date"


@dataclass(slots=True)
class Statistics:
    """Entries of one list or several, counted in several ways."""

    entries: int = 0
    terms: int = 0
    samples: int = 0
    without_samples: int = 0
    """Entries without a sample under ``match``."""
    by: dict[str, Counter[str]] = field(
        default_factory=lambda: {
            name: Counter() for name in ("category", "language", "status", "review", "match", "age")
        }
    )


def of(lists: tuple[TermList, ...], today: date) -> Statistics:
    """Count the entries of ``lists``; what an entry does not say itself, its list says."""
    found = Statistics()
    for term_list in lists:
        for entry in term_list.entries:
            found.entries += 1
            found.terms += len(entry.terms)
            found.samples += len(entry.samples.match) + len(entry.samples.pass_)
            found.without_samples += not entry.samples.match
            found.by["category"][(entry.category or term_list.category).value] += 1
            found.by["language"][entry.language or term_list.language or "none"] += 1
            found.by["status"][entry.status.value] += 1
            found.by["review"][(entry.review or term_list.review).value] += 1
            found.by["match"][entry.match.value] += 1
            found.by["age"][_age(entry.modified, today)] += 1
    return found


def _age(modified: date | None, today: date) -> str:
    if modified is None:
        return UNDATED
    days = (today - modified).days
    return next((name for most, name in AGES if days <= most), OLDER)
