"""Entries put into the text of a list without touching the rest of it: comments and layout are people's work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import yaml

from interceptor.errors import CallError
from interceptor.termlists.model import Entry
from interceptor.termlists.writing import entries_to_yaml


@dataclass(frozen=True, slots=True)
class _Item:
    """Where an entry stands: its first line and the one behind its last, from 0."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the entries of a list stand in its text, and how far they are indented."""

    indent: int
    items: tuple[_Item, ...]


def splice(text: str, replaced: dict[int, Entry], added: Iterable[Entry], name: str) -> str:
    """Put entries into the YAML ``text`` of a list, which messages call ``name``; return the new text.

    ``replaced`` holds new wordings by the line of the entry (from 1, as `Entry.line` says); ``added`` come behind
    the last entry. Raises `CallError` where the entries are not written one below the other.
    """
    layout = _layout(text, name)
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    end = layout.items[-1].end
    while not lines[end - 1].strip():  # a text behind '|' ends below the blank lines that follow it
        end -= 1
    lines[end:end] = _written(list(added), layout.indent)
    for item in reversed(layout.items):
        if (entry := replaced.get(item.start + 1)) is not None:
            lines[item.start : item.end] = _written([entry], layout.indent)
    return "".join(lines)


def _written(entries: list[Entry], indent: int) -> list[str]:
    if not entries:
        return []
    margin = " " * indent
    return [
        margin + line if line.strip() else line for line in entries_to_yaml(entries).splitlines(keepends=True)
    ]


def _layout(text: str, name: str) -> _Layout:
    """Find the items of the sequence under the key ``entries``."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    entries = next((value for key, value in pairs if key.value == "entries"), None)
    if not isinstance(entries, yaml.SequenceNode) or entries.flow_style or not entries.value:
        raise _refusal(name)
    items = tuple(_Item(node.start_mark.line, _end(node)) for node in entries.value)
    return _Layout(entries.start_mark.column, items)


def _end(node: yaml.Node) -> int:
    """The line behind the last one that ``node`` has a part in."""
    # A block collection ends where the next thing begins; what is in it ends where its text does.
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(node, yaml.MappingNode) else last
    mark = node.end_mark
    return int(mark.line + (mark.column > 0))


def _refusal(name: str) -> CallError:
    return CallError(
        f"{name}: its entries are not written one below the other, each behind '- '. Write them so, or take the list "
        "through: interceptor lists import LIST.yaml --out NEW.yaml"
    )
