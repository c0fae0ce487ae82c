"""A list brought up to date from a newer table of the same entries, keeping what only the list knows."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from interceptor.termlists.model import Entry, Status, TermList

_KEYS = {"terms": "terms", "sample": "samples"}
"""Fields of an entry that columns of another name fill."""


@dataclass(frozen=True, slots=True)
class Update:
    """The list as it is now, and how many entries of it came, changed and went."""

    term_list: TermList
    added: int
    changed: int
    missing: int
    """Entries of the old list that are not in the table."""


def update(
    old: TermList, entries: Iterable[Entry], given: Collection[str], today: date, *, retire: bool
) -> Update:
    """Bring ``old`` up to date with ``entries``; the same id is the same entry.

    Of an entry that is there already, ``entries`` decide the terms and what ``given`` names (fields as columns have
    them), where they say anything; samples, exceptions, history and the rest stay. ``retire``: entries that are
    missing are retired; otherwise they stay as they are. ``modified`` becomes ``today`` where anything changed.
    """
    fields = {_KEYS.get(name, name) for name in given} | {"terms"}
    newer = {entry.id: entry for entry in entries}
    kept: list[Entry] = []
    changed = missing = 0
    for entry in old.entries:
        new = newer.pop(entry.id, None)
        if new is not None:
            now = _changed(entry, new, fields)
        else:
            missing += 1
            now = dataclasses.replace(entry, status=Status.RETIRED) if retire else entry
        if now != entry:
            changed += 1
            now = dataclasses.replace(now, modified=today)
        kept.append(now)
    added = [
        entry if entry.modified else dataclasses.replace(entry, modified=today) for entry in newer.values()
    ]
    return Update(dataclasses.replace(old, entries=(*kept, *added)), len(added), changed, missing)


def _changed(old: Entry, new: Entry, fields: Collection[str]) -> Entry:
    usual = Entry(old.id, ("-",))
    said = {
        name: value
        for name in fields
        if name not in ("id", "term", "modified") and (value := getattr(new, name)) != getattr(usual, name)
    }
    return dataclasses.replace(old, **said)
