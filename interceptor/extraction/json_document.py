"""Values of a JSON body."""

from __future__ import annotations

import json
import re
from typing import Any

from interceptor.errors import MalformedError
from interceptor.extraction.fields import Findings, Names, octets_as_text

_BETWEEN = re.compile(r"[\s\x1e]*")
"""What may stand between two documents of one body (JSON Lines; RFC 7464)."""
_DECODER = json.JSONDecoder(
    object_pairs_hook=tuple, parse_int=str, parse_float=str, parse_constant=str, strict=False
)
"""Objects become tuples of pairs, so that a repeated key keeps all its values; numbers stay text."""

MAX_DEPTH = 200
"""Deepest nesting that is read. Python's parser recurses in C: how deep it may go depends on who called it, and
where an application has raised the recursion limit it overflows the stack."""
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.?+[^"\\]*+)*+(?:"|\Z)|[\[{]|[\]}]', re.DOTALL)
"""Texts and brackets. Possessive, and a text may lack its end: no octet is looked at twice."""


def looks_like_json(body: bytes) -> bool:
    """Tell whether ``body`` begins as an object or an array does, in UTF-8, -16 or -32."""
    return body[:64].lstrip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe\x1e")[:1] in (b"{", b"[")


def scan(body: bytes, codecs: list[str], names: Names, findings: Findings, most: int) -> bool:
    """Add to ``findings`` every string and number of ``body`` under ``names``, at any depth.

    The body is read as UTF-8, -16 or -32 by its first octets (RFC 4627, section 3) and in each of ``codecs``.
    Several documents, one after the other, are all read. Returns whether a reading is JSON to its end; what
    stands before a fault counts either way. Raises `MalformedError` where it nests deeper than `MAX_DEPTH`,
    and where more than ``most`` documents, or fields beside a query, are in it.
    """
    sound = False
    for codec in (json.detect_encoding(body), *codecs):
        documents, whole = _parse(body.decode(codec, "replace"), most)
        _walk(documents, names, findings, most)
        sound = sound or whole
    return sound


def _parse(text: str, most: int) -> tuple[list[Any], bool]:
    """Return the documents that ``text`` begins with, and whether it holds nothing else."""
    documents: list[Any] = []
    too_deep = _is_deep(text)
    position = _end_of_gap(text, 0)
    try:
        while not too_deep and position < len(text) and len(documents) <= most:
            document, position = _DECODER.raw_decode(text, position)
            documents.append(document)
            position = _end_of_gap(text, position)
    except ValueError:
        return documents, False
    except RecursionError:
        too_deep = True
    if too_deep or len(documents) > most:
        raise MalformedError
    return documents, True


def _is_deep(text: str) -> bool:
    """Tell whether ``text`` opens more than `MAX_DEPTH` brackets within each other."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    depth = 0
    for token in _TOKEN.finditer(text):
        first = text[token.start()]
        if first in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                return True
        elif first != '"':
            depth -= 1
    return False


def _end_of_gap(text: str, position: int) -> int:
    match = _BETWEEN.match(text, position)
    return match.end() if match else position


def _walk(documents: list[Any], names: Names, findings: Findings, most: int) -> None:
    fields = values = 0
    waiting: list[tuple[Any, bool]] = [(documents, False)]
    while waiting:
        node, wanted = waiting.pop()
        if isinstance(node, str):
            if wanted:
                values += 1
                findings.add_text(node)
        elif isinstance(node, list):
            # An unwanted text is dropped here already: a body may hold a hundred thousand.
            waiting += [
                (child, wanted) for child in reversed(node) if child and (wanted or type(child) is not str)
            ]
        elif isinstance(node, tuple):
            fields += len(node)
            waiting.extend((child, wanted or _is_parameter(key, names)) for key, child in reversed(node))
        if values > most:
            raise MalformedError
    # A large document without a query in it is no search and none of our business.
    if values and fields > most:
        raise MalformedError


def _is_parameter(key: str, names: Names) -> bool:
    return names.get(key if key.isascii() else octets_as_text(key.encode("utf-8", "replace"))) is True
