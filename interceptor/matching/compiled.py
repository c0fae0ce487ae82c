"""Lists in compiled form: everything that takes time to make of them, in one file.

A compiled file holds the folded patterns of all lists, their skeletons and what they lead to. It starts several times
faster than the lists themselves. It is bound to the code and data that made it and to Python's Unicode data: with
others, the same terms may fold to other patterns. The terms can be read out of it, so keep it as the lists are kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from operator import itemgetter
from pathlib import Path
from typing import Any

from interceptor.config import Matching
from interceptor.matching import sections
from interceptor.matching.entries import EntryTable
from interceptor.matching.index import PatternIndex
from interceptor.matching.matcher import Tables
from interceptor.matching.pieces import Pieces
from interceptor.matching.rewritable import Rewritable
from interceptor.termlists.model import TermList
from interceptor.termlists.reading import Summary, read_bytes
from interceptor.termlists.sealing import Identity

MAX_BYTES = 1_000_000_000
"""Largest compiled file that is read, in bytes; a million entries take about 120 MB."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a compiled file holds: all that a matcher needs, and what is told of the lists that went in."""

    summaries: tuple[Summary, ...]
    tables: Tables


def compile_lists(lists: Iterable[TermList]) -> bytes:
    """The compiled form of ``lists``; the same lists give the same bytes."""
    lists = tuple(lists)
    tables = Tables.of(lists)
    rewritable, pieces = tables.made(Matching())
    assert rewritable is not None
    return sections.pack(
        {
            "made with": json.dumps(_made_with()).encode(),
            "lists": json.dumps(
                [asdict(Summary.of(each)) for each in lists], default=date.isoformat
            ).encode(),
            **tables.entries.packed(),
            **tables.index.packed(),
            **rewritable.packed(),
            **pieces.packed(),
        }
    )


def read(path: Path, identity: Identity | None = None) -> Compiled:
    """Read the compiled file ``path``; ``identity`` opens it where it is sealed.

    Raises `TermListError` where it cannot be read or opened, is larger than `MAX_BYTES`, no compiled file, of another
    format, cut short, damaged, or made with other folds than those that queries go through here.
    """
    return restore(read_bytes(path, identity=identity, max_bytes=MAX_BYTES), str(path))


def restore(data: bytes, name: str) -> Compiled:
    """Make of the bytes of a compiled file, which messages call ``name``, what it holds. Raises as `read` does."""
    try:
        packed = sections.unpack(data, name)
        _check_made_with(packed["made with"], name)
        summaries = tuple(map(_summary, json.loads(bytes(packed["lists"]))))
        return Compiled(summaries, _tables(packed))
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, struct.error):
        # Not what `compile_lists` writes, though its checksum fits. The cause's arguments may hold a term.
        raise sections.refusal(name, "holds what no compiled list holds") from None


def write(path: Path, data: bytes) -> None:
    """Put ``data`` into the file ``path``, whole or not at all; nobody but its owner may read it.

    Raises `OSError`.
    """
    # A service that starts meanwhile finds the old file or the new one. Files made so have mode 0600.
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def _tables(packed: Mapping[str, memoryview]) -> Tables:
    entries, index = EntryTable.unpacked(packed), PatternIndex.unpacked(packed)
    for entry, slot in index.all_uses():
        rule = entries.rules.get(entry)
        if not (0 <= entry < len(entries) and 0 <= slot < (rule.slots if rule else 1)):
            raise ValueError("a pattern leads to no entry")
    return Tables(entries, index, Rewritable.unpacked(packed, len(index)), Pieces.unpacked(packed))


def _summary(values: dict[str, Any]) -> Summary:
    expires = values.pop("expires")
    return Summary(**values, expires=expires and date.fromisoformat(expires))


def _made_with() -> dict[str, str]:
    """What the patterns of a list depend on beside the list."""
    return {
        "version of the interceptor": _code(),
        "version of Python, with other Unicode data": unicodedata.unidata_version,
    }


def _check_made_with(packed: memoryview, name: str) -> None:
    made_with, here = json.loads(bytes(packed)), _made_with()
    other = [part for part in here if made_with.get(part) != here[part]]
    if other:
        raise sections.refusal(name, f"was compiled by another {' and another '.join(other)}")


@cache
def _code() -> str:
    """The SHA-256 of every file that has a part in what patterns are made of a list, the folds' data among them.

    What is compiled has none: it finds the same patterns, sooner.

    A release that changes none of them keeps compiled files valid; a change without a new version number does not.
    """
    digest = hashlib.sha256()
    for package in ("interceptor.folding", "interceptor.matching", "interceptor.vocabularies"):
        for name, file in sorted(_files(resources.files(package)), key=itemgetter(0)):
            data = file.read_bytes()
            digest.update(f"{package} {name} {len(data)}\n".encode())
            digest.update(data)
    return digest.hexdigest()


def _files(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    for item in folder.iterdir():
        if item.is_file():
            yield prefix + item.name, item
        elif item.name not in ("__pycache__", "native"):
            yield from _files(item, f"{prefix}{item.name}/")
