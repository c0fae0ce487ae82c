"""What lists without a document around them have in common: the text of the file, and ids made up for it.

A ``.txt`` or ``.csv`` file is turned into the tree that a YAML list would have been read into, so that one
binder and one set of checks serve all three.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from interceptor.documents import Mapping, Node, Scalar, Sequence
from interceptor.errors import Mistake, TermListError

Row = tuple[int, dict[str, Node]]
"""One entry: the line it stands on, and its keys."""


def decode(data: bytes, name: str) -> str:
    """The text of a file in UTF-8, with or without a byte order mark, its line ends all ``\\n``.

    Raises `TermListError` where it is not UTF-8 or holds control characters other than tab and line ends.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        line = data.count(b"\n", 0, cause.start) + 1
        raise TermListError(
            Mistake(name, line, "is not UTF-8", "Save the file in the encoding UTF-8.")
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for match in re.finditer(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text):
        line = text.count("\n", 0, match.start()) + 1
        raise TermListError(
            Mistake(name, line, "holds a control character", "Save the file as plain text in UTF-8.")
        )
    return text


def entry_id(terms: Iterable[str]) -> str:
    """An id that stays with the same terms from one version of a list to the next, and does not show them.

    The first 48 bits of BLAKE2b over the terms, each in NFC with white space collapsed. It is a label, not a
    secret: whoever holds a candidate term can compute its id.
    """
    joined = "\n".join(" ".join(unicodedata.normalize("NFC", term).split()) for term in terms)
    return "t-" + hashlib.blake2b(joined.encode("utf-8"), digest_size=6).hexdigest()


def list_id(path: Path) -> str:
    """The id of a list that names none: the file's name without its ending, other characters made ``-``."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem).strip("-._")[:128] or "unnamed"


def list_node(path: Path, rows: Iterable[Row]) -> Mapping:
    """The tree of a list from its rows."""
    entries: list[Node] = [
        Mapping(line, {key: (line, node) for key, node in keys.items()}) for line, keys in rows
    ]
    return Mapping(
        1,
        {
            "id": (1, Scalar(1, list_id(path), True)),
            "entries": (1, Sequence(1, tuple(entries))),
        },
    )
