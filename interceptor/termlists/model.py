"""What a term list says, as frozen dataclasses; `docs/term-lists.md` describes it for curators."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from interceptor.binding import Wrong, setting
from interceptor.vocabulary import Category, Review

FORMAT = 1
"""The version of the format that this package writes and reads."""

MAX_WITHIN = 50
"""Widest reach of ``within``, in words; wider than a query is, it would be no condition at all."""

MAX_GROUPS = 8
"""Most groups of one entry's ``all``: the work of placing them grows with two to the power of their number."""

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
# RFC 5646, section 2.1: language, extensions of it, script, region, variants, extensions, private use.
_LANGUAGE = re.compile(
    r"[a-z]{2,3}(-[a-z]{3}){0,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    r"(-[0-9a-wy-z](-[a-z0-9]{2,8})+)*(-x(-[a-z0-9]{1,8})+)?",
    re.IGNORECASE | re.ASCII,
)


def is_identifier(text: str) -> bool:
    """Tell whether ``text`` can name a list, an entry or a group: 1 to 128 letters, digits and ``._-``."""
    return _IDENTIFIER.fullmatch(text) is not None


def _check_identifier(value: str) -> None:
    if not is_identifier(value):
        raise Wrong(
            "is no identifier",
            "Use letters a-z, digits, '.', '_' and '-', a letter or digit first: entry-12.",
        )


def is_language(text: str) -> bool:
    """Tell whether ``text`` has the form of a BCP 47 language tag."""
    return _LANGUAGE.fullmatch(text) is not None


def _check_language(value: str | None) -> None:
    if value is not None and not is_language(value):
        raise Wrong("is no language tag", "Write a BCP 47 tag: en, pt-BR, zh-Hant.")


def _check_within(value: int) -> None:
    if not 1 <= value <= MAX_WITHIN:
        raise Wrong("is out of range", f"Write a number of words from 1 to {MAX_WITHIN}.")


def _check_all(value: tuple[str, ...]) -> None:
    if len(value) > MAX_GROUPS:
        raise Wrong(
            f"names {len(value)} groups, and {MAX_GROUPS} are the most",
            "Join groups that say the same, or keep those that tell the meaning.",
        )


def _check_not_blank(value: tuple[str, ...]) -> None:
    """Check that no item is empty or nothing but white space. Raises `Wrong`."""
    for number, item in enumerate(value, 1):
        if not item.strip():
            raise Wrong(f"has nothing in item {number}", "Write the words, or remove the item.")


class MatchMode(StrEnum):
    """Where a term has to stand to match."""

    WORD = "word"
    """As whole words. In scripts without spaces between words, anywhere."""
    PREFIX = "prefix"
    """At the beginning of a word: for languages that build compounds and endings."""
    SUBSTRING = "substring"
    """Anywhere, inside words too."""
    EXACT = "exact"
    """As the whole query, nothing before it or behind it."""


class Status(StrEnum):
    """How far an entry has come; all but ``retired`` are matched."""

    DRAFT = "draft"
    TESTING = "testing"
    STABLE = "stable"
    RETIRED = "retired"


class Sharing(StrEnum):
    """Who may see the list, in the words of the Traffic Light Protocol 2.0 (FIRST)."""

    CLEAR = "clear"
    GREEN = "green"
    AMBER = "amber"
    AMBER_STRICT = "amber+strict"
    RED = "red"


class Outcome(StrEnum):
    """What an exception turns a match into: another category, or no match at all."""

    HELP_SEEKING = "help-seeking"
    AMBIGUOUS = "ambiguous"
    INFORMATIONAL = "informational"
    PASS = "pass"  # noqa: S105  (a verb, not a password)


@dataclass(frozen=True, slots=True)
class Group:
    """A named set of words and phrases; ``groups`` takes in the words of other groups of the list."""

    SHORTHAND: ClassVar[str] = "words"

    words: tuple[str, ...] = setting((), check=_check_not_blank)
    groups: tuple[str, ...] = setting(())
    note: str = setting("")
    line: int = setting(0, line=True)

    def __repr__(self) -> str:
        return f"Group(words={len(self.words)}, groups={len(self.groups)})"


@dataclass(frozen=True, slots=True)
class Unless:
    """Words anywhere in the query that turn a match into something else; the first that applies counts."""

    then: Outcome = setting()
    words: tuple[str, ...] = setting((), check=_check_not_blank)
    groups: tuple[str, ...] = setting(())
    line: int = setting(0, line=True)

    def __post_init__(self) -> None:
        if not self.words and not self.groups:
            raise Wrong("an exception names neither words nor groups", "Add 'words:' or 'groups:'.")

    def __repr__(self) -> str:
        return f"Unless(then={self.then.value!r}, words={len(self.words)}, groups={len(self.groups)})"


@dataclass(frozen=True, slots=True)
class Samples:
    """Queries that the entry must match (in its own category), and queries it must not replace."""

    match: tuple[str, ...] = setting((), check=_check_not_blank)
    pass_: tuple[str, ...] = setting((), key="pass", check=_check_not_blank)

    def __repr__(self) -> str:
        return f"Samples(match={len(self.match)}, pass_={len(self.pass_)})"


@dataclass(frozen=True, slots=True)
class Lint:
    """What `interceptor lists lint` is not to say of an entry: somebody looked at it and it is meant so."""

    allow: tuple[str, ...] = setting(())
    """Names of checks."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to match.

    ``terms`` alone: any of them. ``all_of`` (the key ``all``): a word of every named group, no more than
    ``within`` words apart in all. Both: a term and a word of every group.
    """

    id: str = setting(check=_check_identifier)
    terms: tuple[str, ...] = setting((), check=_check_not_blank)
    match: MatchMode = setting(MatchMode.WORD)
    all_of: tuple[str, ...] = setting((), key="all", check=_check_all)
    within: int = setting(6, check=_check_within)
    unless: tuple[Unless, ...] = setting(())
    category: Category | None = setting(None)
    language: str | None = setting(None, check=_check_language)
    status: Status = setting(Status.STABLE)
    review: Review | None = setting(None)
    samples: Samples = setting(factory=Samples)
    falsepositives: tuple[str, ...] = setting(())
    related: tuple[str, ...] = setting(())
    modified: date | None = setting(None)
    lint: Lint = setting(Lint())
    note: str = setting("")
    line: int = setting(0, line=True)

    def __post_init__(self) -> None:
        if not self.terms and not self.all_of:
            raise Wrong("an entry names nothing to match", "Add 'terms:' or 'all:'.")

    def __repr__(self) -> str:
        return f"Entry(id={self.id!r})"


@dataclass(frozen=True, slots=True)
class TermList:
    """A list: who made it, what holds for all of it, and its entries."""

    id: str = setting(check=_check_identifier)
    title: str = setting("")
    version: str = setting("0")
    format: int = setting(FORMAT)
    expires: date | None = setting(None)
    publisher: str = setting("")
    license: str = setting("")
    sharing: Sharing = setting(Sharing.RED)
    category: Category = setting(Category.SEEKING)
    language: str | None = setting(None, check=_check_language)
    review: Review = setting(Review.NONE)
    groups: dict[str, Group] = setting(factory=dict)
    entries: tuple[Entry, ...] = setting(())
    note: str = setting("")

    def __repr__(self) -> str:
        return f"TermList(id={self.id!r}, version={self.version!r}, entries={len(self.entries)})"
