"""The check of the messages before programme staff see them: each finding with its place and its remedy.

A machine finds what is missing or forbidden; whether a text is right only people can say (`review` in its file).
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from interceptor import documents
from interceptor.banner.content import View
from interceptor.banner.inspection import MAX_BYTES
from interceptor.banner.readability import NEWSPAPERS, lix, sentences
from interceptor.banner.render import BRIEF, Banner, sample
from interceptor.banner.resources import Role, read_catalogue
from interceptor.banner.texts import FALLBACK, FOLDER, Language, Message, read_languages
from interceptor.banner.texts import MAX_BYTES as MAX_FILE
from interceptor.binding import bind, setting
from interceptor.config import Config
from interceptor.errors import ConfigError, Mistake
from interceptor.vocabulary import Category

RULES = Path(__file__).with_name("wording.yaml")

HEADING, TEXT, BRIEF_TEXT, WORDS = 120, 480, 220, 200
"""Most characters of a heading, of a message's paragraphs together, of the one-line message, and of fixed words."""

TITLE = 30
"""Most characters of the page's title, which has to fit on a tab."""

EASIER = 5
"""How far below a newspaper's LIX a text has to stay: half of the ten that lie between two of Björnsson's classes."""

_CONDITIONAL = frozenset({"words.else_heading", "words.strip_else"})
"""Texts that begin "if you were looking for": not an accusation there, though it holds the words of one."""


@dataclass(frozen=True, slots=True)
class Elements:
    """Parts of words that tell each thing a warning says."""

    crime: tuple[str, ...] = setting()
    harm: tuple[str, ...] = setting()
    consequence: tuple[str, ...] = setting()
    help: tuple[str, ...] = setting()
    anonymous: tuple[str, ...] = setting()


@dataclass(frozen=True, slots=True)
class Rules:
    """What is looked for in one language; `wording.yaml` describes the keys."""

    elements: Elements = setting()
    loss: tuple[str, ...] = setting()
    subject: tuple[str, ...] = setting()
    forbidden: tuple[str, ...] = setting()


@dataclass(frozen=True, slots=True)
class _File:
    languages: dict[str, Rules] = setting()


def read_rules(path: Path = RULES) -> dict[str, Rules]:
    """Read the rules of every language. Raises `ConfigError` where the file is at fault."""
    node = documents.read(path, max_bytes=MAX_FILE, error=ConfigError)
    tree = documents.Mapping(1, {"languages": (1, node)})
    return bind(tree, _File, name=str(path), error=ConfigError).languages


def findings(config: Config, folder: Path = FOLDER, rules: Path = RULES) -> list[Mistake]:
    """Everything that is wrong with the texts in ``folder``, by file and line.

    The pages that ``config`` makes are measured where ``folder`` is the one that it is shown from. Raises
    `ConfigError` where a file or the configuration cannot be read at all.
    """
    languages = read_languages(folder)
    by_language = read_rules(rules)
    found: list[Mistake] = []
    for tag, language in languages.items():
        check = _Check(language, folder / f"{tag}.yaml", by_language.get(tag), languages.get(FALLBACK))
        found += check.findings()
    found += _missing_languages(languages, folder)
    if folder == FOLDER:
        found += _too_large(Banner(config), folder)
    return sorted(found)


def _missing_languages(languages: Iterable[str], folder: Path) -> Iterator[Mistake]:
    """Languages in which the program or its survey is offered, and the banner is not."""
    offered = {
        tag
        for _, resource in read_catalogue({}).shown(Role.PROGRAM, Role.SURVEY)
        for tag in resource.languages
    }
    for tag in sorted(offered - set(languages)):
        yield Mistake(
            str(folder), 0, f"has no texts in '{tag}', in which help is offered", f"Write {tag}.yaml."
        )


def _too_large(banner: Banner, folder: Path) -> Iterator[Mistake]:
    for tag in banner.languages:
        for message in banner.messages:
            size = banner.page_size(sample(View(Category.SEEKING, tag, message=message)))
            if size > MAX_BYTES:
                yield Mistake(
                    str(folder / f"{tag}.yaml"),
                    0,
                    f"makes a page of {size:,} bytes with '{message}', where {MAX_BYTES:,} go out at once",
                    "Shorten the message, the fixed words or the titles of resources.",
                )


class _Check:
    """The check of one language's file."""

    def __init__(
        self, language: Language, path: Path, rules: Rules | None, original: Language | None
    ) -> None:
        self._language, self._file, self._rules = language, str(path), rules
        self._original = original if original is not language else None
        self._lines = _lines(path)

    def findings(self) -> Iterator[Mistake]:
        for text in self._language.borrowed:
            yield self._mistake("", f"lacks '{text}'", "Translate it.")
        if self._rules is None:
            yield self._mistake("", "has no rules in wording.yaml", "Add the language there.")
        for name, message in self._language.messages.items():
            key = f"messages.{name}"
            if key not in self._language.borrowed:
                yield from self._message(key, name, message)
        for field in dataclasses.fields(self._language.words):
            key = f"words.{field.name}"
            if key not in self._language.borrowed:
                text = getattr(self._language.words, field.name)
                yield from self._text(key, text, TITLE if field.name == "page_title" else WORDS)
                if field.name == "page_title" and self._rules and _holds(_plain(text), self._rules.subject):
                    yield self._mistake(
                        key, f"'{key}' tells the subject", "Say nothing of it: titles stay in the history."
                    )
                if self._original and _is_copy(text, getattr(self._original.words, field.name)):
                    yield self._mistake(key, f"'{key}' is not translated", "Translate it.")

    def _message(self, key: str, name: str, message: Message) -> Iterator[Mistake]:
        body = " ".join(message.text)
        yield from self._text(key, message.heading, HEADING)
        yield from self._text(key, body, BRIEF_TEXT if name == BRIEF else TEXT)
        if name == BRIEF and len(message.text) > 1:
            yield self._mistake(key, f"'{key}' has more than one paragraph", "Make it one line.")
        original = self._original.messages.get(name) if self._original else None
        if original and message.text == original.text:
            yield self._mistake(key, f"'{key}' is not translated", "Translate it.")
        parts = [*sentences(message.heading), *(part for text in message.text for part in sentences(text))]
        if self._rules and name != BRIEF:
            yield from self._elements(key, parts, self._rules)
        limit = NEWSPAPERS.get(self._language.tag)
        if limit is not None and (level := lix("\n".join(parts))) > limit - EASIER:
            yield self._mistake(
                key,
                f"'{key}' is hard to read (LIX {level:.0f}; a newspaper {limit})",
                f"Shorten sentences and words to a LIX of {limit - EASIER} or less.",
            )

    def _elements(self, key: str, parts: list[str], rules: Rules) -> Iterator[Mistake]:
        whole = _plain(" ".join(parts))
        for field in dataclasses.fields(rules.elements):
            if not _holds(whole, getattr(rules.elements, field.name)):
                yield self._mistake(
                    key,
                    f"'{key}' does not say: {field.name}",
                    "Say all of crime, harm, consequence, help and that help is anonymous.",
                )
        for part in map(_plain, parts):
            if _holds(part, rules.loss) and not _holds(part, rules.elements.help):
                yield self._mistake(
                    key, f"'{key}' names a loss without help", "Put help into the same sentence."
                )

    def _text(self, key: str, text: str, most: int) -> Iterator[Mistake]:
        if len(text) > most:
            yield self._mistake(key, f"'{key}' has {len(text)} characters", f"Shorten it to {most} or fewer.")
        if re.search(r"[<>&\\]|\{(?!engine\})|(?<!\{engine)\}", text):
            yield self._mistake(
                key, f"'{key}' holds a sign that is not text", "Write plain words, without markup."
            )
        if re.search(r"^\s|\s$|\s\s", text):
            yield self._mistake(key, f"'{key}' holds spare white space", "Take it out.")
        if self._rules and key not in _CONDITIONAL:
            for number, part in enumerate(self._rules.forbidden, 1):
                if _plain(part) in _plain(text):
                    yield self._mistake(
                        key,
                        f"'{key}' says what a warning never says (no. {number} of 'forbidden' in wording.yaml)",
                        "Say it otherwise: docs/banner.md has the rules.",
                    )

    def _mistake(self, key: str, what: str, remedy: str) -> Mistake:
        return Mistake(self._file, self._lines.get(key, 1), what, remedy)


def _is_copy(text: str, original: str) -> bool:
    """Whether a text was left in English; short words may be the same in two languages."""
    return text == original and len(text) > 15


def _holds(text: str, parts: Iterable[str]) -> bool:
    return any(_plain(part) in text for part in parts)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text.casefold())


def _lines(path: Path) -> dict[str, int]:
    """Where each message and each fixed word stands in its file."""
    node = documents.read(path, max_bytes=MAX_FILE, error=ConfigError)
    lines: dict[str, int] = {}
    for part in ("messages", "words"):
        group = node.items.get(part) if isinstance(node, documents.Mapping) else None
        if group and isinstance(group[1], documents.Mapping):
            lines |= {f"{part}.{name}": line for name, (line, _) in group[1].items.items()}
    return lines
