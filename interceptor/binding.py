"""Documents bound to frozen dataclasses: the types of the fields are the schema.

A field's type says what its value may be: ``str``, ``int``, ``float``, ``bool``, `datetime.date`,
`datetime.timedelta` (``90s`` ``15m`` ``24h`` ``7d``), `pathlib.Path` (relative to the document's folder), an
enum, ``tuple[T, ...]`` (one value alone is a list of one), ``dict[K, T]``, ``T | None``, another dataclass, or
any class with a ``parse(text)`` class method. A field without a default is required. Metadata: ``key`` (the name
in the document where it differs), ``check`` (a function that raises `Wrong`), ``line`` (filled with the line of
the mapping) and ``doc`` (one line for people). A dataclass with a class variable ``SHORTHAND`` may be written as
that one key's value alone. All mistakes of a document are collected before any is raised.
"""

from __future__ import annotations

import dataclasses
import difflib
import enum
import functools
import re
import types
import typing
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from interceptor.documents import Mapping, Node, Scalar, Sequence, is_null
from interceptor.errors import FaultyFileError, Mistake

T = TypeVar("T")

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class Wrong(ValueError):
    """A value that cannot be used: what is wrong with it and how to mend it, without the value itself."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.what, self.remedy = what, remedy


def setting(
    default: Any = dataclasses.MISSING,
    *,
    factory: Callable[[], Any] | None = None,
    key: str | None = None,
    check: Callable[[Any], None] | None = None,
    line: bool = False,
    doc: str = "",
) -> Any:
    """A dataclass field with the metadata that `bind` reads."""
    metadata = {"key": key, "check": check, "line": line, "doc": doc}
    if factory is not None:
        return dataclasses.field(default_factory=factory, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def bind(
    node: Node,
    into: type[T],
    *,
    name: str,
    error: type[FaultyFileError],
    folder: Path | None = None,
    confidential: bool = False,
) -> T:
    """Build ``into`` from ``node``; ``name`` is what messages call the document.

    Relative paths are taken from ``folder`` where it is given. In a ``confidential`` document an unknown key is
    named only where it is nearly a known one: it may be a term in the wrong place. Raises ``error`` with every
    mistake found.
    """
    binder = _Binder(name, folder, confidential=confidential)
    value = binder.dataclass(node, into)
    if binder.mistakes:
        raise error(*binder.mistakes)
    return typing.cast("T", value)


def parse_duration(text: str) -> timedelta:
    """Read ``90s``, ``15m``, ``24h``, ``7d`` or ``250ms``. Raises `Wrong`."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise Wrong("is not a length of time", "Write a number and a unit: 250ms, 90s, 15m, 24h or 7d.")
    try:
        return timedelta(seconds=float(match[1]) * _UNITS[match[2]])
    except OverflowError:
        raise Wrong("is longer than can be counted", "Write a shorter time.") from None


def format_duration(value: timedelta) -> str:
    """Write ``value`` as `parse_duration` reads it, in the largest unit that keeps it whole."""
    milliseconds = round(value.total_seconds() * 1000)
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)):
        if milliseconds and milliseconds % size == 0:
            return f"{milliseconds // size}{unit}"
    return f"{milliseconds}ms"


def plain(value: Any) -> Any:
    """Turn a bound dataclass back into plain mappings, lists and scalars, under the document's keys."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type) and not hasattr(value, "parse"):
        return {
            key: plain(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if not field.metadata.get("line")
            for key in [field.metadata.get("key") or field.name]
        }
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, timedelta):
        return format_duration(value)
    if isinstance(value, dict):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)


@dataclasses.dataclass(frozen=True, slots=True)
class _Field:
    name: str
    type: Any
    required: bool
    check: Callable[[Any], None] | None


@functools.cache
def _fields(cls: type) -> tuple[dict[str, _Field], str | None]:
    """The fields of a dataclass by their key in the document, and the one that takes the line."""
    hints = typing.get_type_hints(cls)
    by_key: dict[str, _Field] = {}
    line_field = None
    for field in dataclasses.fields(cls):
        if field.metadata.get("line"):
            line_field = field.name
            continue
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        key = field.metadata.get("key") or field.name
        by_key[key] = _Field(field.name, hints[field.name], required, field.metadata.get("check"))
    return by_key, line_field


class _Binder:
    def __init__(self, name: str, folder: Path | None, *, confidential: bool) -> None:
        self.name, self.folder, self.confidential = name, folder, confidential
        self.mistakes: list[Mistake] = []

    def note(self, line: int, what: str, remedy: str) -> None:
        self.mistakes.append(Mistake(self.name, line, what, remedy))

    def dataclass(self, node: Node, cls: type) -> Any:
        if isinstance(node, Scalar) and is_null(node):
            node = Mapping(node.line, {})
        if not isinstance(node, Mapping) and (short := getattr(cls, "SHORTHAND", None)):
            node = Mapping(node.line, {short: (node.line, node)})
        if not isinstance(node, Mapping):
            self.note(node.line, "is not a mapping", "Write keys with values here, one to a line.")
            return None
        by_key, line_field = _fields(cls)
        values: dict[str, Any] = {line_field: node.line} if line_field else {}
        before = len(self.mistakes)
        for key, (line, item) in node.items.items():
            field = by_key.get(key)
            if field is None:
                self.unknown(line, key, by_key)
                continue
            if (value := self.checked(item, field, key)) is not _NOTHING:
                values[field.name] = value
        for key, field in by_key.items():
            if field.required and key not in node.items:
                self.note(node.line, f"lacks the key '{key}'", f"Add '{key}:' here.")
        if len(self.mistakes) > before:
            return None
        try:
            return cls(**values)
        except Wrong as wrong:  # raised by __post_init__: a rule that binds several fields
            self.note(node.line, wrong.what, wrong.remedy)
            return None

    def unknown(self, line: int, key: str, by_key: dict[str, _Field]) -> None:
        close = difflib.get_close_matches(key, by_key, 1)
        remedy = f"Did you mean '{close[0]}'?" if close else f"Known here: {', '.join(sorted(by_key))}."
        named = bool(close) if self.confidential else re.fullmatch(r"[a-z_-]{1,24}", key) is not None
        shown = f"key '{key}'" if named else "key"
        self.note(line, f"has an unknown {shown}", remedy)

    def checked(self, node: Node, field: _Field, key: str) -> Any:
        before = len(self.mistakes)
        try:
            value = self.value(node, field.type)
            if field.check is not None and len(self.mistakes) == before:
                field.check(value)
        except Wrong as wrong:
            self.note(node.line, f"'{key}' {wrong.what}", wrong.remedy)
            return _NOTHING
        return value if len(self.mistakes) == before else _NOTHING

    def value(self, node: Node, hint: Any) -> Any:
        origin = typing.get_origin(hint)
        if origin in (typing.Union, types.UnionType):
            inner = [part for part in typing.get_args(hint) if part is not type(None)]
            if is_null(node):
                return None
            return self.value(node, inner[0])
        if origin is tuple:
            return self.sequence(node, typing.get_args(hint)[0])
        if origin is dict:
            return self.mapping(node, *typing.get_args(hint))
        if dataclasses.is_dataclass(hint) and not hasattr(hint, "parse"):
            return self.dataclass(node, typing.cast("type", hint))
        if not isinstance(node, Scalar) or is_null(node):
            raise Wrong("has no single value", "Write one value behind the colon.")
        return self.scalar(node, hint)

    def sequence(self, node: Node, hint: Any) -> tuple[Any, ...]:
        if is_null(node):
            return ()
        items = node.items if isinstance(node, Sequence) else (node,)
        values = []
        for item in items:
            try:
                values.append(self.value(item, hint))
            except Wrong as wrong:
                self.note(item.line, f"an item {wrong.what}", wrong.remedy)
        return tuple(values)

    def mapping(self, node: Node, key_hint: Any, hint: Any) -> dict[Any, Any]:
        if is_null(node):
            return {}
        if not isinstance(node, Mapping):
            raise Wrong("is not a mapping", "Write names with values, one to a line.")
        values = {}
        for key, (line, item) in node.items.items():
            try:
                bound = self.scalar(Scalar(line, key, True), key_hint)
            except Wrong as wrong:
                self.note(line, f"a key {wrong.what}", wrong.remedy)
                continue
            try:
                values[bound] = self.value(item, hint)
            except Wrong as wrong:
                self.note(item.line, f"'{key}' {wrong.what}", wrong.remedy)
        return values

    def scalar(self, node: Scalar, hint: Any) -> Any:
        text = node.text
        if hint is str or hint is Any:
            return text
        if hint is bool:
            if text.lower() not in _TRUTH:
                raise Wrong("is neither true nor false", "Write true or false.")
            return _TRUTH[text.lower()]
        if hint in (int, float):
            return _number(text, hint)
        if hint is date:
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise Wrong("is not a date", "Write year-month-day: 2026-11-22.") from None
        if hint is timedelta:
            return parse_duration(text)
        if hint is Path:
            try:
                path = Path(text).expanduser()
            except RuntimeError:
                raise Wrong("names a home that is not there", "Write the path out.") from None
            if "\0" in text:
                raise Wrong("is not a path", "Remove the character \\0.")
            return self.folder / path if self.folder is not None else path
        if isinstance(hint, type) and issubclass(hint, enum.Enum):
            try:
                return hint(text)
            except ValueError:
                known = ", ".join(str(member.value) for member in hint)
                raise Wrong("is not a known word", f"Write one of: {known}.") from None
        return hint.parse(text)


def _number(text: str, kind: type[int] | type[float]) -> int | float:
    try:
        return kind(text.replace("_", ""))
    except ValueError:
        raise Wrong(
            "is not a number", "Write digits." if kind is int else "Write a number, as 0.5."
        ) from None


_NOTHING: Any = object()
