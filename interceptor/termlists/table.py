"""Lists as tables: comma-, semicolon- or tab-separated values under a header."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterator
from pathlib import Path

from interceptor.documents import Mapping, Node, Scalar, Sequence
from interceptor.errors import Mistake, TermListError
from interceptor.termlists.bare import Row, decode, entry_id, list_node

COLUMNS = ("term", "terms", "id", "category", "language", "match", "status", "note")
"""Names that a column may have: ``term`` for one, ``terms`` for several with ``|`` between them."""

_DELIMITERS = ",;\t"


def parse(data: bytes, path: Path, name: str) -> Mapping:
    """Read ``data`` (UTF-8), a header and an entry a row; empty rows and columns without a name are left out.

    Returns the tree of the list. Raises `TermListError` where the header lacks a column of terms or has one
    that is not known, where a row does not fit the header, or as `bare.decode` says.
    """
    rows = _Rows(decode(data, name), name)
    columns = rows.columns()
    entries: dict[str, Row] = {}
    mistakes: list[Mistake] = []
    for line, cells in rows:
        if len(cells) > len(columns) and any(cells[len(columns) :]):
            mistakes.append(
                Mistake(
                    name, line, "has more cells than the header", "Put quotes around text with delimiters."
                )
            )
            continue
        keys = {key: cell for key, cell in zip(columns, cells, strict=False) if key and cell}
        terms = [keys.pop("term", ""), *keys.pop("terms", "").split("|")]
        terms = [term.strip() for term in terms if term.strip()]
        if not terms:
            mistakes.append(
                Mistake(name, line, "has no term", "Fill the column of terms, or remove the row.")
            )
            continue
        label = keys.setdefault("id", entry_id(terms))
        entry: dict[str, Node] = {key: Scalar(line, cell, True) for key, cell in keys.items()}
        entry["terms"] = Sequence(line, tuple(Scalar(line, term, True) for term in terms))
        if label not in entries:
            entries[label] = (line, entry)
        elif _texts(entries[label][1]) != _texts(entry):
            mistakes.append(
                Mistake(
                    name,
                    line,
                    f"repeats the entry of line {entries[label][0]} with other cells",
                    "Keep one of them.",
                )
            )
    if mistakes:
        raise TermListError(*mistakes)
    return list_node(path, entries.values())


class _Rows:
    """The rows that hold anything, each with the line it begins on."""

    def __init__(self, text: str, name: str) -> None:
        self.name, self.line = name, 0
        first = next((line for line in text.split("\n") if line.strip()), "")
        delimiter = max(_DELIMITERS, key=first.count)
        self.reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        while True:
            self.line = self.reader.line_num + 1
            try:
                cells = [cell.strip() for cell in next(self.reader)]
            except StopIteration:
                return
            except csv.Error:
                raise TermListError(
                    Mistake(
                        self.name,
                        self.line,
                        "is not a table (a quote is not closed, or a cell is too long)",
                        "Close the quotes; write a quote inside quotes twice.",
                    )
                ) from None
            if any(cells):
                yield self.line, cells

    def columns(self) -> list[str]:
        """Read the header."""
        line, cells = next(iter(self), (1, []))
        columns = [cell.lower() for cell in cells]
        if "term" not in columns and "terms" not in columns:
            # The cells are not shown: without a header they are terms.
            raise TermListError(
                Mistake(
                    self.name, line, "has no column of terms", "Begin with a header: term,category,language."
                )
            )
        mistakes = []
        for number, column in enumerate(columns, 1):
            if column and column not in COLUMNS:
                close = difflib.get_close_matches(column, COLUMNS, 1)
                remedy = (
                    f"Did you mean '{close[0]}'?" if close else f"Known here: {', '.join(sorted(COLUMNS))}."
                )
                mistakes.append(Mistake(self.name, line, f"has an unknown name in column {number}", remedy))
            elif column and column in columns[: number - 1]:
                mistakes.append(
                    Mistake(self.name, line, f"has the column '{column}' twice", "Keep one of the two.")
                )
        if mistakes:
            raise TermListError(*mistakes)
        return columns


def _texts(entry: dict[str, Node]) -> dict[str, object]:
    """What a row says, without where it stands."""
    return {
        key: [item.text for item in node.items if isinstance(item, Scalar)]
        if isinstance(node, Sequence)
        else node.text
        for key, node in entry.items()
        if isinstance(node, Scalar | Sequence)
    }
