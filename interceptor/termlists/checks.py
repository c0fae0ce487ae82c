"""What has to hold in a list beyond the types of its values.

No message prints a term: the name of an unknown group may be a term in the wrong place, so its number is told
instead.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from interceptor.documents import Mapping, Node, Scalar
from interceptor.errors import Mistake
from interceptor.termlists.groups import cycle_in
from interceptor.termlists.model import FORMAT, TermList, is_identifier

MAX_ENTRIES = 2_000_000
"""Most entries that one list may have."""


def mistakes_in_format(node: Node, name: str) -> Iterator[Mistake]:
    """Judge the key ``format`` before anything else is: a list of another format may differ in every key."""
    if not isinstance(node, Mapping) or "format" not in node.items:
        return
    _, value = node.items["format"]
    if isinstance(value, Scalar) and value.text.isascii() and value.text.isdigit():
        number = int(value.text[:9])
        if number > FORMAT:
            yield Mistake(
                name,
                value.line,
                f"is written in a newer format than {FORMAT}, the newest that is read here",
                f"Update the interceptor, or ask the publisher for format {FORMAT}.",
            )
        elif number < FORMAT:
            yield Mistake(
                name, value.line, "is written in a format that is not read here", f"Write 'format: {FORMAT}'."
            )


def mistakes_in(term_list: TermList, name: str) -> Iterator[Mistake]:
    """Every mistake in a list that is well-typed; ``name`` is what messages call its file."""
    if not term_list.entries:
        yield Mistake(
            name,
            0,
            "holds no entries",
            "Add entries; a list without any would protect nobody, and say nothing of it.",
        )
    if len(term_list.entries) > MAX_ENTRIES:
        yield Mistake(name, 0, f"holds more than {MAX_ENTRIES:,} entries", "Split it into several lists.")
    yield from _repeated_entries(term_list, name)
    yield from _groups(term_list, name)
    for entry in term_list.entries:
        yield from _unknown(entry.all_of, "all", entry.line, term_list, name)
        for unless in entry.unless:
            yield from _unknown(unless.groups, "groups", unless.line, term_list, name)


def repeated_lists(lists: Iterable[tuple[str, TermList]]) -> Iterator[Mistake]:
    """Mistakes for lists of one id in several files, given with what messages call their files."""
    first: dict[str, str] = {}
    for name, term_list in lists:
        other = first.setdefault(term_list.id, name)
        if other != name:
            yield Mistake(
                name,
                0,
                f"has the id '{term_list.id}', as {other} has",
                "Give each list an id of its own, or load one.",
            )


def _repeated_entries(term_list: TermList, name: str) -> Iterator[Mistake]:
    first: dict[str, int] = {}
    for entry in term_list.entries:
        if entry.id in first:
            yield Mistake(
                name,
                entry.line,
                f"repeats the id '{entry.id}' of the entry in line {first[entry.id]}",
                "Give each entry an id of its own, and never reuse one.",
            )
        first.setdefault(entry.id, entry.line)


def _groups(term_list: TermList, name: str) -> Iterator[Mistake]:
    for label, group in term_list.groups.items():
        if not is_identifier(label):
            yield Mistake(
                name,
                group.line,
                "a group's name is no identifier",
                "Use letters a-z, digits, '.', '_' and '-': group-2.",
            )
        if not group.words and not group.groups:
            yield Mistake(
                name, group.line, "a group is empty", "Add 'words:' or 'groups:', or remove the group."
            )
        yield from _unknown(group.groups, "groups", group.line, term_list, name)
    if cycle := cycle_in(term_list.groups):
        yield Mistake(
            name,
            term_list.groups[cycle[0]].line,
            f"the group '{cycle[0]}' holds itself ({' > '.join((*cycle, cycle[0]))})",
            "Remove one of these references.",
        )


def _unknown(
    names: tuple[str, ...], key: str, line: int, term_list: TermList, name: str
) -> Iterator[Mistake]:
    for number, label in enumerate(names, 1):
        if label not in term_list.groups:
            close = difflib.get_close_matches(label[:128], term_list.groups, 1)
            if close:
                remedy = f"Did you mean '{close[0]}'?"
            elif term_list.groups:
                remedy = f"Groups of this list: {', '.join(sorted(term_list.groups))}."
            else:
                remedy = "Add a key 'groups:' with the group to the list."
            yield Mistake(name, line, f"item {number} of '{key}' is no group of this list", remedy)
