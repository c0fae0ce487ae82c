"""Term lists from files and folders, and what a person should know about them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

from interceptor import documents
from interceptor.binding import bind
from interceptor.documents import Mapping, Node
from interceptor.errors import Mistake, TermListError
from interceptor.termlists import checks, table, text
from interceptor.termlists.model import Status, TermList

MAX_BYTES = 64_000_000
"""Largest file that is read as a list, in bytes."""

COMPILED = ".compiled"
"""How the name of a compiled file ends; see `interceptor.matching.compiled`."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What is told of a list in messages and metrics."""

    id: str
    version: str
    expires: date | None
    entries: int
    live: int
    """Entries that are matched: all but the retired ones."""

    @classmethod
    def of(cls, term_list: TermList) -> Summary:
        """The summary of ``term_list``."""
        live = sum(entry.status is not Status.RETIRED for entry in term_list.entries)
        return cls(term_list.id, term_list.version, term_list.expires, len(term_list.entries), live)


def read_lists(paths: Iterable[Path], *, max_bytes: int = MAX_BYTES) -> tuple[TermList, ...]:
    """Read every list in ``paths``: files, and folders with all their folders, in the order of their names.

    In a folder, files of other kinds and hidden ones are passed over; a file that two paths lead to is read
    once. Raises `TermListError` with the mistakes of all files: a path that cannot be read or is of no known
    kind, a folder without lists, a file larger than ``max_bytes``, a list at fault, two lists of one id.
    """
    lists: list[tuple[str, TermList]] = []
    mistakes: list[Mistake] = []
    seen: set[Path] = set()
    for path in paths:
        try:
            files = _files(path)
        except TermListError as error:
            mistakes.extend(error.mistakes)
            continue
        for file in files:
            if (real := file.resolve()) in seen:
                continue
            seen.add(real)
            try:
                lists.append((str(file), read_list(file, max_bytes=max_bytes)))
            except TermListError as error:
                mistakes.extend(error.mistakes)
    mistakes.extend(checks.repeated_lists(lists))
    if mistakes:
        raise TermListError(*mistakes)
    return tuple(term_list for _, term_list in lists)


def read_list(path: Path, *, max_bytes: int = MAX_BYTES) -> TermList:
    """Read the one list in the file ``path``. Raises `TermListError` with every mistake found in it."""
    name = str(path)
    node = _parser(path)(path, max_bytes)
    _raise(checks.mistakes_in_format(node, name))
    term_list = bind(node, TermList, name=name, error=TermListError, confidential=True)
    _raise(checks.mistakes_in(term_list, name))
    return term_list


def shipped_lists() -> tuple[Path, ...]:
    """The folder of the lists that come with this package, installed or in a checkout."""
    folder = Path(str(resources.files("interceptor"))) / "keyword_lists"
    if not folder.is_dir():
        folder = Path(__file__).parents[2] / "keyword_lists"
    return (folder,)


def notices(lists: Iterable[TermList | Summary], today: date) -> tuple[str, ...]:
    """What a person should know about lists that work: one sentence each, without a term.

    A list past its ``expires`` is no mistake: it keeps protecting until a newer one is there.
    """
    said = []
    for item in lists:
        summary = item if isinstance(item, Summary) else Summary.of(item)
        if summary.expires is not None and summary.expires < today:
            said.append(
                f"The list '{summary.id}' expired on {summary.expires}. It is still used; "
                "ask its publisher for a newer version."
            )
        if not summary.live:
            said.append(f"The list '{summary.id}' matches nothing: all of its entries are retired.")
    return tuple(said)


def _raise(mistakes: Iterable[Mistake]) -> None:
    if found := tuple(mistakes):
        raise TermListError(*found)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(_walk(path))
    if not found:
        raise TermListError(
            Mistake(str(path), 0, "is a folder without lists", f"Put files into it that end in {_known()}.")
        )
    return found


def _walk(folder: Path) -> Iterator[Path]:
    def refuse(cause: OSError) -> None:
        raise TermListError(
            Mistake(str(cause.filename), 0, f"cannot be read ({cause.strerror})", "Check its permissions.")
        ) from None

    # Links to folders are not followed, so no loop of links is walked.
    for root, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            file = Path(root, name)
            if not name.startswith(".") and file.suffix.lower() in _PARSERS and file.is_file():
                yield file


def _bytes(path: Path, max_bytes: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as cause:
        raise TermListError(
            Mistake(str(path), 0, f"cannot be read ({cause.strerror})", "Check the path and its permissions.")
        ) from None
    if len(data) > max_bytes:
        raise TermListError(
            Mistake(
                str(path),
                0,
                f"is larger than {max_bytes:,} bytes",
                "Split it, or raise the configured bound.",
            )
        )
    return data


def _read_yaml(path: Path, max_bytes: int) -> Node:
    return documents.read(path, max_bytes=max_bytes, error=TermListError)


def _read_text(path: Path, max_bytes: int) -> Mapping:
    return text.parse(_bytes(path, max_bytes), path, str(path))


def _read_table(path: Path, max_bytes: int) -> Mapping:
    return table.parse(_bytes(path, max_bytes), path, str(path))


_PARSERS: dict[str, Callable[[Path, int], Node]] = {
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
    ".txt": _read_text,
    ".csv": _read_table,
}


def _known() -> str:
    return ", ".join(_PARSERS)


def _parser(path: Path) -> Callable[[Path, int], Node]:
    if path.suffix.lower() == COMPILED:
        raise TermListError(
            Mistake(
                str(path),
                0,
                "is a compiled file, from which lists cannot be read back",
                "Name the lists that it was compiled from.",
            )
        )
    try:
        return _PARSERS[path.suffix.lower()]
    except KeyError:
        raise TermListError(
            Mistake(
                str(path), 0, "is of no kind that is read as a list", f"Name a file that ends in {_known()}."
            )
        ) from None
