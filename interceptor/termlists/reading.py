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
from interceptor.documents import Node
from interceptor.errors import Mistake, TermListError
from interceptor.termlists import checks, table, text
from interceptor.termlists.model import Status, TermList
from interceptor.termlists.sealing import SEALED, Identity, is_sealed, plain_name

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


def read_lists(
    paths: Iterable[Path], *, identity: Identity | None = None, max_bytes: int = MAX_BYTES
) -> tuple[TermList, ...]:
    """Read every list in ``paths``: files, and folders with all their folders, in the order of their names.

    In a folder, files of other kinds and hidden ones are passed over; a file that two paths lead to is read
    once. ``identity`` opens sealed lists. Raises `TermListError` with the mistakes of all files: a path that
    cannot be read or is of no known kind, a folder without lists, a file larger than ``max_bytes``, a sealed list
    that cannot be opened, a list at fault, two lists of one id.
    """
    lists: list[tuple[str, TermList]] = []
    mistakes: list[Mistake] = []
    seen: set[Path] = set()
    for path in paths:
        try:
            files = files_in(path)
        except TermListError as error:
            mistakes.extend(error.mistakes)
            continue
        for file in files:
            if (real := file.resolve()) in seen:
                continue
            seen.add(real)
            try:
                lists.append((str(file), read_list(file, identity=identity, max_bytes=max_bytes)))
            except TermListError as error:
                mistakes.extend(error.mistakes)
    mistakes.extend(checks.repeated_lists(lists))
    if mistakes:
        raise TermListError(*mistakes)
    return tuple(term_list for _, term_list in lists)


def read_list(path: Path, *, identity: Identity | None = None, max_bytes: int = MAX_BYTES) -> TermList:
    """Read the one list in the file ``path``. Raises `TermListError` with every mistake found in it."""
    name = str(path)
    parse = _parser(path)
    node = parse(read_bytes(path, identity=identity, max_bytes=max_bytes), plain_name(path), name)
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


def files_in(path: Path) -> list[Path]:
    """The files that `read_lists` reads for ``path``. Raises `TermListError` for a folder without lists."""
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
            if not name.startswith(".") and _kind(file) in _PARSERS and file.is_file():
                yield file


def read_bytes(path: Path, *, identity: Identity | None, max_bytes: int) -> bytes:
    """What the file ``path`` holds, opened in memory where it is sealed.

    Raises `TermListError` where it cannot be read or opened, or holds more than ``max_bytes``.
    """
    sealed = is_sealed(path)
    # age adds a head, and 16 bytes to every 64 KiB.
    bound = max_bytes + max_bytes // 1024 + 65_536 if sealed else max_bytes
    try:
        with path.open("rb") as file:
            data = file.read(bound + 1)
    except OSError as cause:
        raise TermListError(
            Mistake(str(path), 0, f"cannot be read ({cause.strerror})", "Check the path and its permissions.")
        ) from None
    if sealed and len(data) <= bound:
        if identity is None:
            what = "is sealed, and nothing is named that opens it"
            remedy = "Name the identity: 'lists_identity:' in the configuration, or --identity."
            raise TermListError(Mistake(str(path), 0, what, remedy))
        data = identity.open(data, str(path))
    if len(data) > max_bytes:
        what = f"is larger than {max_bytes:,} bytes"
        raise TermListError(Mistake(str(path), 0, what, "Split it, or raise the configured bound."))
    return data


def is_compiled(path: Path) -> bool:
    """Tell by the name ``path`` whether it is a file of compiled lists, sealed or not."""
    return _kind(path) == COMPILED


def _read_yaml(data: bytes, path: Path, name: str) -> Node:
    return documents.parse(data, name, max_bytes=len(data), error=TermListError)


_PARSERS: dict[str, Callable[[bytes, Path, str], Node]] = {
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
    ".txt": text.parse,
    ".csv": table.parse,
}


def _known() -> str:
    return f"{', '.join(_PARSERS)}, or in one of these and {SEALED}"


def _kind(path: Path) -> str:
    return plain_name(path).suffix.lower()


def _parser(path: Path) -> Callable[[bytes, Path, str], Node]:
    if is_compiled(path):
        raise TermListError(
            Mistake(
                str(path),
                0,
                "is a compiled file, from which lists cannot be read back",
                "Name the lists that it was compiled from.",
            )
        )
    try:
        return _PARSERS[_kind(path)]
    except KeyError:
        raise TermListError(
            Mistake(
                str(path), 0, "is of no kind that is read as a list", f"Name a file that ends in {_known()}."
            )
        ) from None
