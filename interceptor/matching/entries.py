"""Entries as the matcher holds them: columns of small numbers, so that a million of them fit into memory."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from interceptor.matching.exceptions import ContextRule
from interceptor.termlists.model import Entry, TermList
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

    def category(self, number: int) -> Category:
        """The category of entry ``number`` before any exception."""
        return CATEGORIES[self._categories[number]]

    def language(self, number: int) -> str | None:
        """The BCP 47 tag of entry ``number``, or None."""
        return self._tags[self._languages[number]]

    def list_id(self, number: int) -> str:
        """The id of the list that entry ``number`` belongs to."""
        return self._list_ids[self._lists[number]]
