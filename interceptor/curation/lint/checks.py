"""What a check is, and what it works on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from interceptor.config import Config
from interceptor.curation.samples import live_entries
from interceptor.decision import Interceptor
from interceptor.folding import plain
from interceptor.termlists.model import Entry, MatchMode, TermList
from interceptor.vocabularies import ordinary_words
from interceptor.vocabularies.proper_names import ProperNames, proper_names


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """It will not do what it is for, or hits what nobody wants hit."""
    WARNING = "warning"
    """A person should look at it."""
    NOTE = "note"
    """Good to know."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that a check found. ``what`` holds no term; ``text`` may, for eyes that may see it."""

    term_list: TermList
    entry: Entry | None
    what: str
    text: str = field(default="", repr=False)
    line: int = 0
    """Where it stands, if not at the entry."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term of an entry that is matched."""

    term_list: TermList
    entry: Entry
    number: int
    """From 1 within its entry."""
    text: str = field(repr=False)
    folded: str = field(repr=False)
    """As the plain view has it, without padding."""

    @property
    def stands_alone(self) -> bool:
        """Whether the term is all that a search has to hold."""
        return not self.entry.all_of

    @property
    def pattern(self) -> str:
        """What is looked for in the plain view of a search."""
        return plain.pattern(
            self.text,
            starts_word=self.entry.match is not MatchMode.SUBSTRING,
            ends_word=self.entry.match in (MatchMode.WORD, MatchMode.EXACT),
        )

    @property
    def language(self) -> str | None:
        """The language of its entry."""
        return self.entry.language or self.term_list.language

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return f"term {self.number} of entry '{self.entry.id}' of list '{self.term_list.id}'"

    def hit(self, what: str, more: str = "") -> Hit:
        """A finding about this term; ``more`` is shown with its text."""
        return Hit(
            self.term_list, self.entry, f"term {self.number} {what}", self.text + (more and f" ({more})")
        )


class Material:
    """The lists to check, and what several checks need of them, made when it is asked for."""

    def __init__(self, lists: tuple[TermList, ...], today: date) -> None:
        self.lists, self.today = lists, today
        self.left_undone: list[str] = []
        """What could not be checked, and why."""

    def __repr__(self) -> str:
        return f"Material({len(self.lists)} lists)"

    def entries(self) -> Iterator[tuple[TermList, Entry]]:
        """Every entry that is matched, with its list."""
        for term_list in self.lists:
            for entry in live_entries(term_list):
                yield term_list, entry

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """Every term of every entry that is matched."""
        return tuple(
            Term(term_list, entry, number, text, plain.view(text).strip())
            for term_list, entry in self.entries()
            for number, text in enumerate(entry.terms, 1)
        )

    @cached_property
    def words(self) -> frozenset[str]:
        """Ordinary words of many languages, folded."""
        return ordinary_words()

    @cached_property
    def names(self) -> ProperNames:
        """Names of places and persons, folded."""
        return proper_names()

    @cached_property
    def gate(self) -> Interceptor:
        """The lists as they decide."""
        return Interceptor(Config(), self.lists)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that may be doubtful."""

    id: str
    """By which an entry can allow it: ``lint: {allow: [id]}``."""
    severity: Severity
    reason: str
    """Why it matters, for people."""
    remedy: str
    find: Callable[[Material], Iterator[Hit]]
