"""What the banner says: one data file a language, in `messages/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from interceptor import documents
from interceptor.binding import Wrong, bind, setting
from interceptor.documents import Node
from interceptor.errors import ConfigError, Mistake
from interceptor.vocabulary import Review

FOLDER = Path(__file__).parent / "messages"
MAX_BYTES = 200_000
"""Largest file of texts that is read, in bytes."""


class Direction(StrEnum):
    """Which way a script runs, as HTML's ``dir`` says it."""

    LTR = "ltr"
    RTL = "rtl"


def _check_not_empty(value: tuple[str, ...]) -> None:
    if not value or not all(part.strip() for part in value):
        raise Wrong("is empty", "Write at least one paragraph.")


def _check_place_holder(value: str) -> None:
    if value.count("{engine}") != 1 or value.count("{") != 1:
        raise Wrong("must hold {engine} once", "Put {engine} where the engine's name stands.")


@dataclass(frozen=True, slots=True)
class Message:
    """One warning: its heading and its paragraphs."""

    heading: str = setting()
    text: tuple[str, ...] = setting(check=_check_not_empty)
    review: Review = setting()
    dated: date = setting(key="date")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the page and the strip that are the same for every message."""

    page_title: str = setting()
    strip_label: str = setting()
    languages_label: str = setting()
    way_out: str = setting()
    back: str = setting()
    back_named: str = setting(check=_check_place_holder)
    not_shown: str = setting()
    help_heading: str = setting()
    program_note: str = setting()
    available_in: str = setting()
    or_on_tor: str = setting()
    or_on_web: str = setting()
    doors_heading: str = setting()
    doors_note: str = setting()
    door_help: str = setting()
    door_no_need: str = setting()
    crisis_heading: str = setting()
    crisis_text: str = setting()
    crisis_short: str = setting()
    other_heading: str = setting()
    phone: str = setting()
    else_heading: str = setting()
    else_text: str = setting()
    report_heading: str = setting()
    young_heading: str = setting()
    search_heading: str = setting()
    search_label: str = setting()
    search_button: str = setting()
    counted_note: str = setting()
    uncounted_note: str = setting()
    page_note: str = setting()
    strip_else: str = setting()
    strip_more: str = setting()
    trap: str = setting()


@dataclass(frozen=True, slots=True)
class _File:
    tag: str = setting()
    name: str = setting()
    dir: Direction = setting()
    scripts: tuple[str, ...] = setting()
    messages: dict[str, Message] = setting()
    words: Words = setting()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a borrowed text comes from."""

    tag: str
    dir: Direction


@dataclass(frozen=True, slots=True)
class Language:
    """Everything the banner says in one language.

    ``tag`` is BCP 47, ``name`` the language's own name for itself, ``scripts`` the ISO 15924 codes that it is
    written in, ``messages`` the warnings by their id. ``borrowed`` tells which texts the file lacks
    (``messages.<id>``, ``words.<name>``) and which language stands in.
    """

    tag: str
    name: str
    dir: Direction
    scripts: tuple[str, ...]
    messages: dict[str, Message]
    words: Words
    borrowed: Mapping[str, Origin]


FALLBACK = "en"
"""The language that stands in where a text is missing and no nearer one has it."""


def read_languages(folder: Path = FOLDER) -> dict[str, Language]:
    """Read every language in ``folder``, by tag in alphabetical order.

    A text that a file lacks is borrowed by RFC 4647, section 3.4: from the language with a shorter tag
    (``pt`` for ``pt-BR``), at last from English. Raises `ConfigError` where a file is at fault or is not named
    after its tag.
    """
    trees = {
        path.stem: documents.read(path, max_bytes=MAX_BYTES, error=ConfigError)
        for path in sorted(folder.glob("*.yaml"))
    }
    names = {tag: str(folder / f"{tag}.yaml") for tag in trees}
    filled = {tag: _filled(tag, trees) for tag in trees}
    files = {tag: bind(tree, _File, name=names[tag], error=ConfigError) for tag, (tree, _) in filled.items()}
    if misnamed := [
        Mistake(names[tag], 1, "is not named after its language", f"Name it {file.tag}.yaml.")
        for tag, file in files.items()
        if file.tag != tag
    ]:
        raise ConfigError(*misnamed)
    return {
        tag: Language(
            tag,
            file.name,
            file.dir,
            file.scripts,
            file.messages,
            file.words,
            {text: Origin(source, files[source].dir) for text, source in filled[tag][1].items()},
        )
        for tag, file in files.items()
    }


def _filled(tag: str, trees: Mapping[str, Node]) -> tuple[Node, dict[str, str]]:
    """The document of ``tag`` with the texts that it lacks, and where each of those comes from."""
    tree = trees[tag]
    borrowed: dict[str, str] = {}
    if not isinstance(tree, documents.Mapping):
        return tree, borrowed
    items = dict(tree.items)
    for source in _nearest(tag, trees):
        for part in ("messages", "words"):
            own, other = _part(items, part), _part(_items(trees[source]), part)
            if own is None or other is None:
                continue
            lacking = {name: item for name, item in other.items.items() if name not in own.items}
            borrowed |= {f"{part}.{name}": source for name in lacking}
            items[part] = (items[part][0], documents.Mapping(own.line, own.items | lacking))
    return documents.Mapping(tree.line, items), borrowed


def _nearest(tag: str, known: Iterable[str]) -> list[str]:
    parts = tag.split("-")
    shorter = ["-".join(parts[:length]) for length in range(len(parts) - 1, 0, -1)]
    return [other for other in (*shorter, FALLBACK) if other in known and other != tag]


def _items(node: Node) -> dict[str, tuple[int, Node]]:
    return node.items if isinstance(node, documents.Mapping) else {}


def _part(items: dict[str, tuple[int, Node]], name: str) -> documents.Mapping | None:
    node = items[name][1] if name in items else None
    return node if isinstance(node, documents.Mapping) else None
