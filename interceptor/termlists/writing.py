"""Lists written as YAML, in the format that they are read from."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any

import yaml

from interceptor.termlists.model import Entry, Group, Lint, Samples, TermList, Unless

_WIDTH = 120
_USUAL = Entry("usual", ("-",))
"""What an entry is that says nothing of itself."""


class _Flow(list[str]):
    """Words that stand on one line, in brackets, as long as they fit."""


class _Date(str):
    """A date, which stands without quotes."""


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """Never write anchors and aliases: the reader refuses them."""
        return True


_Dumper.add_representer(
    _Flow, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
)


def to_yaml(term_list: TermList) -> str:
    """``term_list`` as a YAML document; keys that say what they would without standing there are left out.

    Reading it gives an equal list, lines apart. Comments are no part of a list, so they are lost.
    """
    head: dict[str, Any] = {"format": term_list.format, "id": term_list.id}
    for key in ("title", "version", "expires", "publisher", "license"):
        _put(head, key, getattr(term_list, key))
    head |= {"sharing": term_list.sharing.value, "category": term_list.category.value}
    _put(head, "language", term_list.language)
    head["review"] = term_list.review.value
    _put(head, "note", term_list.note)
    if term_list.groups:
        head["groups"] = {name: _group(group) for name, group in term_list.groups.items()}
    # A piece at a time: a node of PyYAML takes some 500 bytes, and a list may have a million entries.
    pieces = [_dump(head), "entries:\n"]
    entries = term_list.entries
    pieces += [
        _dump([entry_data(entry) for entry in entries[at : at + 1000]]) for at in range(0, len(entries), 1000)
    ]
    return "".join(pieces)


def entries_to_yaml(entries: list[Entry]) -> str:
    """``entries`` as the items of a YAML list that begins at the margin."""
    return _dump([entry_data(entry) for entry in entries])


def entry_data(entry: Entry) -> dict[str, Any]:
    """``entry`` as plain mappings, lists and texts, without the keys that say what they would anyway."""
    data: dict[str, Any] = {"id": entry.id}
    _put(data, "terms", entry.terms)
    _put(data, "match", entry.match, _USUAL.match)
    _put(data, "all", entry.all_of)
    _put(data, "within", entry.within, _USUAL.within)
    if entry.unless:
        data["unless"] = [_unless(unless) for unless in entry.unless]
    _put(data, "category", entry.category)
    _put(data, "language", entry.language)
    _put(data, "status", entry.status, _USUAL.status)
    _put(data, "review", entry.review)
    _put(data, "samples", _samples(entry.samples))
    _put(data, "falsepositives", entry.falsepositives)
    _put(data, "related", entry.related)
    _put(data, "modified", entry.modified)
    _put(data, "lint", _lint(entry.lint))
    _put(data, "note", entry.note)
    return data


def _put(data: dict[str, Any], key: str, value: Any, usual: Any = None) -> None:
    if value in (None, "", (), {}) or value == usual:
        return
    if isinstance(value, tuple):
        value = _Flow(value)
    elif isinstance(value, Enum):
        value = value.value
    elif isinstance(value, date):
        value = _Date(value.isoformat())
    data[key] = value


_Dumper.add_representer(
    _Date, lambda dumper, data: dumper.represent_scalar("tag:yaml.org,2002:timestamp", str(data))
)


def _group(group: Group) -> Any:
    if not group.groups and not group.note:
        return _Flow(group.words)
    data: dict[str, Any] = {}
    _put(data, "words", group.words)
    _put(data, "groups", group.groups)
    _put(data, "note", group.note)
    return data


def _unless(unless: Unless) -> dict[str, Any]:
    data: dict[str, Any] = {"then": unless.then.value}
    _put(data, "words", unless.words)
    _put(data, "groups", unless.groups)
    return data


def _samples(samples: Samples) -> dict[str, Any]:
    data: dict[str, Any] = {}
    _put(data, "match", samples.match)
    _put(data, "pass", samples.pass_)
    return data


def _lint(lint: Lint) -> dict[str, Any]:
    data: dict[str, Any] = {}
    _put(data, "allow", lint.allow)
    return data


def _dump(data: Any) -> str:
    return str(
        yaml.dump(
            data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH, default_flow_style=False
        )
    )
