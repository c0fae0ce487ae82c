"""Entries gathered from several files: each term once, as it is folded, and an id for each."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from interceptor.binding import bind
from interceptor.curation.importing.columns import Layout
from interceptor.curation.importing.sheets import Row, Sheet
from interceptor.documents import Mapping, Node, Scalar, Sequence
from interceptor.errors import Mistake, TermListError
from interceptor.folding import plain
from interceptor.termlists.bare import entry_id
from interceptor.termlists.model import Entry, Group, Status, TermList, is_identifier

_LOWER = ("category", "match", "status", "review")


@dataclass(frozen=True, slots=True)
class Remark:
    """What became of something in a file; ``text`` is what it says there, for eyes that may see it."""

    file: str
    line: int
    what: str
    dropped: bool
    text: str = field(default="", repr=False)


class Collection:
    """The entries so far. A term that folds as an earlier one, and says the same of itself, is not taken again."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.groups: dict[str, Group] = {}
        self.remarks: list[Remark] = []
        self._ids: dict[str, int] = {}
        self._terms: dict[tuple[object, ...], tuple[str, int]] = {}

    def __repr__(self) -> str:
        return f"Collection({len(self.entries)} entries)"

    @property
    def dropped(self) -> int:
        """How many rows and terms were left out."""
        return sum(remark.dropped for remark in self.remarks)

    def add_sheet(self, sheet: Sheet, layout: Layout, *, status: Status) -> Iterator[int]:
        """Take in the rows of ``sheet``; entries that do not say get ``status``. Yields after each row."""
        name = str(sheet.path)
        for number, row in enumerate(sheet.rows[1:] if layout.header else sheet.rows, 1):
            data = _cells(row, layout)
            terms = tuple(dict.fromkeys(data.pop("terms")))
            shown = "; ".join(terms)
            if not terms:
                self._remark(name, row.line, "has no term", dropped=True)
            elif (entry := self._bound(name, row.line, data, terms, status)) is not None:
                self.add(name, row.line, entry, shown)
            yield number

    def add_list(self, term_list: TermList, name: str) -> None:
        """Take in a list in our own format; what holds for the whole list is written to each entry."""
        for label, group in term_list.groups.items():
            if self.groups.setdefault(label, group) != group and _words(self.groups[label]) != _words(group):
                raise TermListError(
                    Mistake(
                        name,
                        group.line,
                        f"has a group '{label}' that says something else in an earlier list",
                        "Rename one of the two.",
                    )
                )
        for entry in term_list.entries:
            self.add(
                name,
                entry.line,
                dataclasses.replace(
                    entry,
                    category=entry.category or term_list.category,
                    language=entry.language or term_list.language,
                    review=entry.review or term_list.review,
                ),
                "; ".join(entry.terms),
            )

    def add(self, name: str, line: int, entry: Entry, shown: str = "") -> None:
        """Take in ``entry``, without the terms that are there already."""
        terms = entry.terms if entry.all_of or entry.unless else self._new_terms(name, line, entry)
        if not terms and not entry.all_of:
            return
        label = entry.id
        if label in self._ids:
            label = entry_id((*terms, *entry.all_of, *map(str, _differs(entry))))
            if label in self._ids:
                what = f"repeats the entry of line {self._ids[label]}"
                self._remark(name, line, what, dropped=True, text=shown)
                return
            if not entry.id.startswith("t-"):
                self._remark(
                    name, line, f"repeats the id of line {self._ids[entry.id]} and was given another"
                )
        self._ids[label] = line
        self.entries.append(dataclasses.replace(entry, id=label, terms=terms))

    def _new_terms(self, name: str, line: int, entry: Entry) -> tuple[str, ...]:
        kept: list[str] = []
        seen: set[str] = set()
        for term in entry.terms:
            folded = plain.view(term)
            if not folded:
                self._remark(name, line, "has a term without a letter or digit", dropped=True, text=term)
                continue
            key = (folded, *_differs(entry))
            other, first = self._terms.setdefault(key, (name, line))
            if (other, first) == (name, line) and folded not in seen:
                seen.add(folded)
                kept.append(term)
            else:
                place = f"line {first}" if other == name else f"{other}:{first}"
                self._remark(name, line, f"repeats a term of {place}", dropped=True, text=term)
        return tuple(kept)

    def _bound(
        self, name: str, line: int, data: dict[str, Any], terms: tuple[str, ...], status: Status
    ) -> Entry | None:
        """The entry of one row; None, with a remark, where a cell says what no entry can."""
        label = data.get("id")
        if not label or not is_identifier(label):
            if label:
                self._remark(name, line, "has an id that is no identifier, and was given another", text=label)
            data["id"] = entry_id(terms)
        data.setdefault("status", status.value)
        sample = data.pop("sample", None)
        items: dict[str, tuple[int, Node]] = {key: (line, _node(line, value)) for key, value in data.items()}
        items["terms"] = (line, _node(line, terms))
        if sample:
            items["samples"] = (line, Mapping(line, {"match": (line, _node(line, sample))}))
        try:
            return bind(Mapping(line, items), Entry, name=name, error=TermListError, confidential=True)
        except TermListError as error:
            what = "; ".join(mistake.what for mistake in error.mistakes)
            self._remark(name, line, what, dropped=True, text="; ".join(terms))
            return None

    def _remark(self, name: str, line: int, what: str, *, dropped: bool = False, text: str = "") -> None:
        self.remarks.append(Remark(name, line, what, dropped, text))


def _differs(entry: Entry) -> tuple[object, ...]:
    """What two entries of one term may differ in so that both are wanted."""
    return entry.match, entry.language, entry.category, entry.status is Status.RETIRED


def _cells(row: Row, layout: Layout) -> dict[str, Any]:
    data: dict[str, Any] = {"terms": []}
    for place, key in layout.fields.items():
        cell = row.cells[place] if place < len(row.cells) else ""
        if not cell:
            continue
        if key == "term":
            data["terms"].append(" ".join(cell.split()))
        elif key in ("terms", "sample", "related", "falsepositives"):
            parts = [" ".join(part.split()) for part in cell.replace("\n", "|").split("|")]
            data.setdefault(key, []).extend(part for part in parts if part)
        elif key in _LOWER:
            data[key] = cell.lower()
        elif key == "language":
            data[key] = cell.replace("_", "-")
        elif key == "modified":
            data[key] = _day(cell)
        else:
            data[key] = cell
    return data


def _day(cell: str) -> str:
    """A day as ISO 8601 has it, of what programs write before a time of day."""
    try:
        return date.fromisoformat(cell[:10]).isoformat()
    except ValueError:
        return cell


def _node(line: int, value: Any) -> Node:
    if isinstance(value, str):
        return Scalar(line, value, True)
    return Sequence(line, tuple(Scalar(line, item, True) for item in value))


def _words(group: Group) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return group.words, group.groups
