"""YAML documents in which every value knows its line.

Everything that people write for this package (configuration, term lists, messages, resources) is read here.
PyYAML's C parser supplies events, from which a small tree is built: no tag is ever obeyed, aliases are refused
(an alias bomb is nothing but aliases), nesting is bounded (the C composer recurses and would overflow the stack)
and a key that stands twice is a mistake. Values stay text until a reader asks for a type, so a term ``no`` or
``1984`` is not turned into a truth value or a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from interceptor.errors import FaultyFileError, Mistake

MAX_DEPTH = 24
"""Deepest nesting that is read; the deepest format of this package needs six."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """Text as it stands in the document; ``quoted`` tells ``"5"`` from ``5`` and ``""`` from nothing."""

    line: int
    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of values."""

    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values, in the order written; a key keeps the line it stands on."""

    line: int
    items: dict[str, tuple[int, Node]]


Node = Scalar | Sequence | Mapping


def is_null(node: Node) -> bool:
    """Tell whether ``node`` is YAML's nothing: empty, ``~`` or ``null``, unquoted."""
    return isinstance(node, Scalar) and not node.quoted and node.text in ("", "~", "null", "Null", "NULL")


def read(
    path: Path, *, max_bytes: int, error: type[FaultyFileError] = FaultyFileError, name: str | None = None
) -> Node:
    """Read the one document of the file ``path``.

    Raises ``error`` where the file cannot be opened, is larger than ``max_bytes``, or is at fault as
    `parse` says.
    """
    name = name or str(path)
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as cause:
        raise error(
            Mistake(name, 0, f"cannot be read ({cause.strerror})", "Check the path and its permissions.")
        ) from None
    return parse(data, name, max_bytes=max_bytes, error=error)


def parse(data: bytes, name: str, *, max_bytes: int, error: type[FaultyFileError] = FaultyFileError) -> Node:
    """Parse ``data`` (UTF-8) as one YAML document; ``name`` is what messages call it.

    An empty document is an empty mapping. Raises ``error`` with the line where the text is too large, is not
    UTF-8 or not YAML, uses aliases or tags, nests too deeply, repeats a key or holds a second document.
    """
    if len(data) > max_bytes:
        raise error(
            Mistake(
                name, 0, f"is larger than {max_bytes:,} bytes", "Split it, or raise the configured bound."
            )
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        line = data.count(b"\n", 0, cause.start) + 1
        raise error(Mistake(name, line, "is not UTF-8", "Save the file in the encoding UTF-8.")) from None
    builder = _Builder(name, error)
    try:
        return builder.build(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as cause:
        mark = cause.problem_mark or cause.context_mark
        line = mark.line + 1 if mark is not None else 0
        # The problem alone: PyYAML's context quotes the text, and the text may be a sealed term.
        raise error(
            Mistake(
                name,
                line,
                f"is not YAML ({cause.problem})",
                "Check indentation, quotes and colons at this line.",
            )
        ) from None
    except yaml.reader.ReaderError as cause:
        line = text.count("\n", 0, cause.position) + 1
        raise error(
            Mistake(name, line, "holds a character that YAML forbids", "Remove control characters.")
        ) from None


class _Builder:
    """Builds the tree from parser events without recursion, so depth is ours to bound."""

    def __init__(self, name: str, error: type[FaultyFileError]) -> None:
        self.name, self.error = name, error

    def fail(self, line: int, what: str, remedy: str) -> FaultyFileError:
        return self.error(Mistake(self.name, line, what, remedy))

    def build(self, events: Iterator[yaml.Event]) -> Node:
        open_nodes: list[_Open] = []
        root: Node | None = None
        for event in events:
            mark = event.start_mark
            line = mark.line + 1 if mark is not None else 0
            node: Node
            if isinstance(event, yaml.ScalarEvent):
                self.refuse_extras(event, line)
                node = Scalar(line, event.value, event.style not in (None, ""))
            elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
                self.refuse_extras(event, line)
                if len(open_nodes) >= MAX_DEPTH:
                    raise self.fail(
                        line,
                        f"nests deeper than {MAX_DEPTH} levels",
                        "Flatten it; no format here is this deep.",
                    )
                open_nodes.append(_Open(line, isinstance(event, yaml.MappingStartEvent)))
                continue
            elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
                node = open_nodes.pop().close()
            elif isinstance(event, yaml.AliasEvent):
                raise self.fail(line, "uses an alias (*name)", "Write the value out; aliases are not read.")
            elif isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise self.fail(line, "holds a second document", "Put each document into a file of its own.")
            else:
                continue
            if open_nodes:
                open_nodes[-1].add(node, self)
            else:
                root = node
        if root is None or (isinstance(root, Scalar) and is_null(root)):
            return Mapping(1, {})
        return root

    def refuse_extras(
        self, event: yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent, line: int
    ) -> None:
        if event.anchor is not None:
            raise self.fail(line, "uses an anchor (&name)", "Write the value out; anchors are not read.")
        if event.tag is not None:
            raise self.fail(
                line, "uses a tag (!name)", "Remove the tag; values have the type their key says."
            )


class _Open:
    """A sequence or mapping whose end has not come yet."""

    __slots__ = ("is_mapping", "items", "key", "line", "pairs")

    def __init__(self, line: int, is_mapping: bool) -> None:
        self.line, self.is_mapping = line, is_mapping
        self.items: list[Node] = []
        self.pairs: dict[str, tuple[int, Node]] = {}
        self.key: Scalar | None = None

    def add(self, node: Node, builder: _Builder) -> None:
        if not self.is_mapping:
            self.items.append(node)
        elif self.key is None:
            if not isinstance(node, Scalar):
                raise builder.fail(node.line, "uses a list or mapping as a key", "Use plain text as a key.")
            if node.text in self.pairs:
                raise builder.fail(
                    node.line,
                    f"repeats a key that stands in line {self.pairs[node.text][0]}",
                    "Keep one of the two.",
                )
            self.key = node
        else:
            self.pairs[self.key.text] = (self.key.line, node)
            self.key = None

    def close(self) -> Node:
        return Mapping(self.line, self.pairs) if self.is_mapping else Sequence(self.line, tuple(self.items))
