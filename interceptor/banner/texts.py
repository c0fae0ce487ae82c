"""What the banner says: one data file a language, in `messages/`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from interceptor import documents
from interceptor.binding import Wrong, bind, setting
from interceptor.errors import ConfigError, Mistake

FOLDER = Path(__file__).parent / "messages"
MAX_BYTES = 200_000
"""Largest file of texts that is read, in bytes."""


class Review(StrEnum):
    """Who has checked a text."""

    NONE = "none"
    NATIVE = "native"
    PROGRAMME = "programme"


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


@dataclass(frozen=True, slots=True)
class Language:
    """Everything the banner says in one language.

    ``tag`` is BCP 47, ``name`` the language's own name for itself, ``scripts`` the ISO 15924 codes that it is
    written in, ``messages`` the warnings by their id.
    """

    tag: str = setting()
    name: str = setting()
    dir: Direction = setting()
    scripts: tuple[str, ...] = setting()
    messages: dict[str, Message] = setting()
    words: Words = setting()


def read_languages(folder: Path = FOLDER) -> dict[str, Language]:
    """Read every language in ``folder``, by tag in alphabetical order.

    Raises `ConfigError` where a file is at fault, is not named after its tag, or lacks a message that another
    language has.
    """
    languages: dict[str, Language] = {}
    for path in sorted(folder.glob("*.yaml")):
        node = documents.read(path, max_bytes=MAX_BYTES, error=ConfigError)
        language = bind(node, Language, name=str(path), error=ConfigError)
        if language.tag != path.stem:
            raise ConfigError(
                Mistake(str(path), 1, "is not named after its language", f"Name it {language.tag}.yaml.")
            )
        languages[language.tag] = language
    known = {message for language in languages.values() for message in language.messages}
    if lacking := [
        Mistake(str(folder / f"{tag}.yaml"), 0, f"lacks the message '{message}'", "Translate it.")
        for tag, language in languages.items()
        for message in sorted(known - language.messages.keys())
    ]:
        raise ConfigError(*lacking)
    return languages
