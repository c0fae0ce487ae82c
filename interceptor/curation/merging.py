"""Suggested entries taken into a list."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from interceptor import documents
from interceptor.binding import bind, setting
from interceptor.curation.samples import live_entries
from interceptor.documents import Mapping, Node, Scalar, Sequence
from interceptor.errors import Mistake, TermListError
from interceptor.folding import plain
from interceptor.termlists import checks
from interceptor.termlists.model import Entry, Status, TermList
from interceptor.termlists.reading import MAX_BYTES
from interceptor.termlists.writing import entry_data

FORM = """\
# A suggestion for a term list. Fill it in with a text editor, save it, and hand it to the list's curator by the same
# safe way as the list itself. docs/term-lists.md explains every key of an entry.
for: lanterns                # the id of the list that it is meant for
by: ""                       # the team that suggests it; leave out names of persons
note: ""                     # where this was seen, and why it matters
entries:
  - id: lantern-2026-11-a    # a name that gives nothing away and is never used again
    terms:                   # one word or phrase a line
      - amber garden lantern
    language: en
    category: seeking        # seeking, ambiguous, help-seeking or informational
    related: []              # ids of entries that this one belongs to or came from
    falsepositives:          # what else people may mean by it
      - shops that sell lamps
    samples:
      match:                 # a search that it has to match
        - amber garden lantern for sale
      pass:                  # a search that it must not match
        - garden plants
"""
"""What staff fill in."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Entries that somebody suggests for a list."""

    for_list: str = setting(key="for")
    entries: tuple[Entry, ...] = setting()
    by: str = setting("")
    note: str = setting("")


@dataclass(frozen=True, slots=True)
class Remark:
    """Why a suggested entry was not taken, or not as it stands."""

    file: str
    line: int
    entry_id: str
    what: str


@dataclass(slots=True)
class Merge:
    """What becomes of a list when suggestions are taken in."""

    added: list[Entry] = field(default_factory=list)
    replaced: dict[int, Entry] = field(default_factory=dict)
    """By the line of the entry in the list."""
    conflicts: list[Remark] = field(default_factory=list)
    """Entries whose id the list has, with other contents."""
    left_out: list[Remark] = field(default_factory=list)
    """Entries that say nothing new."""


def read(path: Path) -> Suggestion:
    """Read the suggestion ``path``; entries that name no status are drafts. Raises `TermListError`."""
    node = documents.read(path, max_bytes=MAX_BYTES, error=TermListError)
    suggestion = bind(_drafts(node), Suggestion, name=str(path), error=TermListError, confidential=True)
    if not suggestion.entries:
        raise TermListError(
            Mistake(str(path), 0, "suggests no entries", "Add entries, or leave the file out.")
        )
    return suggestion


def merge(
    term_list: TermList, suggestions: list[tuple[str, Suggestion]], today: date, *, replace: bool
) -> Merge:
    """Take ``suggestions``, each with the name of its file, into ``term_list``.

    An entry that the list has already, or whose terms it has, is left out. One with the id of another entry is a
    conflict, unless ``replace``: then it takes that entry's place and keeps what it was related to. Who suggested a new
    entry, and why, becomes its note where it has none. Raises
    `TermListError` where a suggestion is meant for another list or names a group that the list does not have.
    """
    result = Merge()
    mistakes: list[Mistake] = []
    known = {entry.id: entry for entry in term_list.entries}
    terms = {key for entry in live_entries(term_list) for key in _terms(entry, term_list)}
    for name, suggestion in suggestions:
        if suggestion.for_list != term_list.id:
            mistakes.append(
                Mistake(
                    name, 0, "is meant for another list", f"Merge it there, or write 'for: {term_list.id}'."
                )
            )
            continue
        mistakes += checks.mistakes_in(dataclasses.replace(term_list, entries=suggestion.entries), name)
        origin = ": ".join(filter(None, (suggestion.by, suggestion.note)))
        for entry in suggestion.entries:
            old = known.get(entry.id)
            remark = Remark(name, entry.line, entry.id, "")
            if old is not None and _says(old) == _says(entry):
                result.left_out.append(dataclasses.replace(remark, what="is in the list already"))
            elif old is not None and (not replace or old.line in result.replaced or old in result.added):
                result.conflicts.append(dataclasses.replace(remark, what="has the id of another entry"))
            elif old is not None:
                related = tuple(dict.fromkeys((*old.related, *entry.related)))
                result.replaced[old.line] = dataclasses.replace(entry, related=related, modified=today)
            elif not entry.all_of and terms.issuperset(_terms(entry, term_list)):
                result.left_out.append(
                    dataclasses.replace(remark, what="has no term that the list does not have")
                )
            else:
                known[entry.id] = dataclasses.replace(
                    entry, modified=entry.modified or today, note=entry.note or origin
                )
                terms.update(_terms(entry, term_list))
                result.added.append(known[entry.id])
    if mistakes:
        raise TermListError(*mistakes)
    return result


def _terms(entry: Entry, term_list: TermList) -> set[tuple[object, ...]]:
    """What the terms of an entry match, as far as it can be told without trying."""
    if entry.all_of:
        return set()
    said = (entry.match, entry.language or term_list.language, entry.category or term_list.category)
    return {(plain.view(term), *said) for term in entry.terms}


def _says(entry: Entry) -> dict[str, Any]:
    """What an entry says, without when it was written and how far it has come."""
    data = entry_data(entry)
    return {key: value for key, value in data.items() if key not in ("modified", "status")}


def _drafts(node: Node) -> Node:
    """The tree of a suggestion in which every entry has a status."""
    if not isinstance(node, Mapping) or "entries" not in node.items:
        return node
    line, entries = node.items["entries"]
    if not isinstance(entries, Sequence):
        return node
    items = tuple(
        Mapping(item.line, {"status": (item.line, Scalar(item.line, Status.DRAFT.value, True)), **item.items})
        if isinstance(item, Mapping)
        else item
        for item in entries.items
    )
    return Mapping(node.line, {**node.items, "entries": (line, Sequence(entries.line, items))})
