"""Lists in plain text: one term a line."""

from __future__ import annotations

import re
from pathlib import Path

from interceptor.documents import Mapping, Scalar, Sequence
from interceptor.termlists.bare import Row, decode, entry_id, list_node

# As in YAML: '#' begins a comment at the start of a line or behind white space, not inside a word.
_COMMENT = re.compile(r"(?:^|\s)#.*")


def parse(data: bytes, path: Path, name: str) -> Mapping:
    """Read ``data`` (UTF-8): a term a line, blank lines and comments left out, a term that stands twice once.

    Returns the tree of the list. Raises `TermListError` as `bare.decode` says.
    """
    rows: dict[str, Row] = {}
    for number, line in enumerate(decode(data, name).split("\n"), 1):
        if term := _COMMENT.sub("", line).strip():
            key = entry_id([term])
            terms = Sequence(number, (Scalar(number, term, True),))
            rows.setdefault(key, (number, {"id": Scalar(number, key, True), "terms": terms}))
    return list_node(path, rows.values())
