"""Entries as the matcher holds them: columns of small numbers, so that a million of them fit into memory."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping
from dataclasses import dataclass

from interceptor.matching import sections
from interceptor.matching.exceptions import ContextRule
from interceptor.termlists.model import Entry, Outcome, TermList
from interceptor.vocabulary import Category

CATEGORIES = tuple(Category)


@dataclass(frozen=True, slots=True)
class Rule:
    """What an entry asks beyond one of its terms standing in the query."""

    slots: int
    """How many groups have to stand near each other; 1 for terms alone."""
    within: int
    exceptions: tuple[ContextRule, ...]


class EntryTable:
    """The entries of all lists by number."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.rules: dict[int, Rule] = {}
        self._categories = bytearray()
        self._languages = array("H")
        self._lists = array("H")
        self._tags: list[str | None] = []
        self._tag_numbers: dict[str | None, int] = {}
        self._list_ids: list[str] = []

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        return f"EntryTable({len(self)} entries)"

    def add(self, term_list: TermList, entry: Entry, rule: Rule | None) -> int:
        """Take in ``entry`` and return its number."""
        number = len(self.ids)
        self.ids.append(entry.id)
        self._categories.append(CATEGORIES.index(entry.category or term_list.category))
        tag: str | None = entry.language or term_list.language
        if tag == "und":  # undetermined (BCP 47): a term of no one language
            tag = None
        if tag not in self._tag_numbers:
            self._tag_numbers[tag] = len(self._tags)
            self._tags.append(tag)
        self._languages.append(self._tag_numbers[tag])
        if not self._list_ids or self._list_ids[-1] != term_list.id:
            self._list_ids.append(term_list.id)
        self._lists.append(len(self._list_ids) - 1)
        if rule is not None:
            self.rules[number] = rule
        return number

    def packed(self) -> dict[str, bytes]:
        """The whole table as sections of a compiled file."""
        phrases: dict[tuple[str, ...], int] = {}
        rules = [
            (
                number,
                rule.slots,
                rule.within,
                [(each.then, phrases.setdefault(each.phrases, len(phrases))) for each in rule.exceptions],
            )
            for number, rule in self.rules.items()
        ]
        return {
            "entries": sections.from_strings(self.ids),
            "entries.categories": bytes(self._categories),
            "entries.languages": sections.from_array(self._languages),
            "entries.lists": sections.from_array(self._lists),
            "entries.names": json.dumps([self._tags, self._list_ids]).encode(),
            "entries.rules": json.dumps([list(phrases), rules]).encode(),
        }

    @classmethod
    def unpacked(cls, packed: Mapping[str, memoryview]) -> EntryTable:
        """The table that `packed` made sections of. Raises `ValueError` where they do not fit together."""
        table = cls()
        table.ids = list(sections.Strings(packed["entries"]))
        table._categories = bytearray(packed["entries.categories"])
        table._languages = sections.to_array("H", packed["entries.languages"])
        table._lists = sections.to_array("H", packed["entries.lists"])
        table._tags, table._list_ids = json.loads(bytes(packed["entries.names"]))
        phrases, rules = json.loads(bytes(packed["entries.rules"]))
        # Exceptions of the same phrases share one tuple, as `exceptions.Context` counts on.
        shared = [tuple(each) for each in phrases]
        table.rules = {
            number: Rule(
                slots, within, tuple(ContextRule(Outcome(then), shared[place]) for then, place in exceptions)
            )
            for number, slots, within, exceptions in rules
        }
        for column, held in (
            (table._categories, CATEGORIES),
            (table._languages, table._tags),
            (table._lists, table._list_ids),
        ):
            if len(column) != len(table) or max(column, default=-1) >= len(held):
                raise ValueError("a column of the entries does not fit")
        return table

    def category(self, number: int) -> Category:
        """The category of entry ``number`` before any exception."""
        return CATEGORIES[self._categories[number]]

    def language(self, number: int) -> str | None:
        """The BCP 47 tag of entry ``number``, or None."""
        return self._tags[self._languages[number]]

    def list_id(self, number: int) -> str:
        """The id of the list that entry ``number`` belongs to."""
        return self._list_ids[self._lists[number]]
