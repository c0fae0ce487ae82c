"""Bodies of ordinary searches: what a list is tried on before anybody relies on it.

A body is a folder of text files, each named by the language of its searches (``fi.txt``), or one file. A file holds a
search a line; blank lines and lines that begin with ``#`` count for nothing. The built-in one was written for this
purpose and copied from nowhere: everyday matters, and what stands close to the subject of the lists without being it
(paediatrics, school, law, child protection).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from interceptor.errors import CallError

UNKNOWN = "und"
"""The language of searches in a file that is not named by one (BCP 47: undetermined)."""

_TAG_LENGTH = (2, 3)


@dataclass(frozen=True, slots=True)
class Query:
    """One ordinary search."""

    language: str
    text: str = field(repr=False)


@cache
def benign() -> tuple[Query, ...]:
    """The built-in body of ordinary searches."""
    folder = resources.files(__package__) / "benign"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".txt")), key=lambda file: file.name
    )
    return tuple(query for file in files for query in _queries(file))


def read(path: Path) -> tuple[Query, ...]:
    """The body in ``path``, a folder of ``.txt`` files or one file, in UTF-8.

    Raises `CallError` where it cannot be read or holds no search.
    """
    files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
    try:
        found = tuple(query for file in files for query in _queries(file))
    except OSError as cause:
        raise CallError(f"{path}: cannot be read ({cause.strerror}). Check the path.") from None
    except UnicodeDecodeError:
        raise CallError(f"{path}: is not UTF-8. Save it in the encoding UTF-8.") from None
    if not found:
        raise CallError(f"{path}: holds no search. Write one a line.")
    return found


def _queries(file: Traversable | Path) -> Iterator[Query]:
    stem = file.name.removesuffix(".txt")
    primary = stem.partition("-")[0]
    language = stem if len(primary) in _TAG_LENGTH and primary.isalpha() and primary.islower() else UNKNOWN
    for line in file.read_text(encoding="utf-8-sig").splitlines():
        if (text := line.strip()) and not text.startswith("#"):
            yield Query(language, text)
