"""The history of released windows: a SQLite file, or memory alone.

Nothing that befalls the file is fatal. One that is damaged, or of a newer version, is set aside under another name
and a new one is begun. A window that cannot be written (the disk is full, the folder is gone) stays in memory and is
written with the next one. Each of these is said in the log.

The file is open only while it is read or written: once a window. Nothing of SQLite is alive when workers are forked,
which it could not bear (https://www.sqlite.org/howtocorrupt.html, 2.6), and between two windows the whole history is
in one file that can be copied.
"""

from __future__ import annotations

import contextlib
import json
import logging
import math
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from interceptor.counting.released import ReleasedWindow
from interceptor.history import schema

_log = logging.getLogger(__name__)

_PATIENCE = 2.0
"""Seconds to wait for another process that has the file locked."""

_YOUNGEST = 7
"""How long windows are kept is measured from the end of the window this many before the newest: a clock that is wrong
for less than that many windows makes nothing old."""

_Row = tuple[float, float, str, float | None, str, str, str]
_PASSING = tuple(f"SQLITE_{name}" for name in ("BUSY", "LOCKED", "FULL", "IOERR", "CANT", "READONLY", "PERM"))
"""How the names of errors begin that say nothing of what the file holds."""

_INSERT = "INSERT INTO windows VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)"
_BETWEEN = "SELECT * FROM windows WHERE end_time > ? AND end_time <= ? ORDER BY id"
_LAST = "SELECT * FROM windows ORDER BY id DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Total:
    """All windows' values of one cell: their sum, and the greatest that this sum has been after any window."""

    sum: int
    peak: int

    def plus(self, value: int) -> Total:
        """The total after one more window."""
        return Total(self.sum + value, max(self.peak, self.sum + value))


_NOTHING = Total(0, 0)


class History:
    """Released windows in the order of their release. One process writes; `open` makes it."""

    def __init__(self, path: Path | None, keep: timedelta) -> None:
        self._path, self._keep = path, keep
        self._waiting: list[
            ReleasedWindow
        ] = []  # released, not yet in the file; without a file all there are
        self._totals: dict[tuple[str, ...], Total] = {}
        self._count = 0
        self._last: ReleasedWindow | None = None

    @classmethod
    def open(cls, path: Path | None, keep: timedelta) -> History:
        """Open the file ``path``, or make it; without a path the history lives in memory.

        ``keep`` is how long windows are kept; totals stay. Never raises for the file's sake: what is wrong with it
        is said in the log.
        """
        history = cls(path, keep)
        if path is not None:
            history._prepare(path)
        return history

    def __repr__(self) -> str:
        return f"History({self._count} windows)"

    @property
    def count(self) -> int:
        """How many windows have ever been released."""
        return self._count

    def sums(self) -> Mapping[tuple[str, ...], Total]:
        """By cell, ``(family, *labels)``, what all windows ever released come to."""
        return dict(self._totals)

    def append(self, window: ReleasedWindow) -> None:
        """Add a window that has just been released; from here on it is in `windows` and `sums`."""
        self._waiting.append(window)
        self._count += 1
        _add(self._totals, window)
        if self._path is None:
            self._prune_memory()
            return
        try:
            self._write(self._path)
        except (sqlite3.Error, OSError, ValueError, TypeError) as fault:
            _log.error(
                "%s: the history cannot be written (%s); %d windows wait in memory and are tried again",
                self._path,
                _said(fault),
                len(self._waiting),
            )

    def windows(self, since: float | None = None, until: float | None = None) -> list[ReleasedWindow]:
        """The windows that are kept, in the order of their release.

        ``since`` and ``until`` (seconds since 1970) keep those that end after the one and not after the other.
        """
        first = -math.inf if since is None else since
        last = math.inf if until is None else until
        found = [*self._read(first, last), *self._waiting]
        return [window for window in found if first < window.end <= last]

    def latest(self) -> ReleasedWindow | None:
        """The window that was released last; None where none is kept."""
        if self._waiting:
            return self._waiting[-1]
        return self._last

    # ---- the file

    def _prepare(self, path: Path) -> None:
        """Make the file usable, or set it aside, and read the totals."""
        try:
            with contextlib.suppress(FileExistsError):
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o640))
            try:
                self._check(path)
            except _UnusableError as reason:
                self._set_aside(path, reason)
                self._check(path)
        except (sqlite3.Error, OSError, _UnusableError) as fault:
            _log.error(
                "%s: the history cannot be used (%s); windows are kept in memory until it can",
                path,
                _said(fault),
            )

    def _check(self, path: Path) -> None:
        """Check and migrate the file and read its totals. Raises `_UnusableError` where it is to be set aside."""
        try:
            with _connected(path) as database:
                if schema.version(database) > len(schema.MIGRATIONS):
                    raise _UnusableError("newer", "it was written by a newer version")
                if database.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                    raise _UnusableError("damaged", "it is damaged")
                schema.migrate(database)
                database.execute("PRAGMA journal_mode = WAL").fetchone()
                totals, count = _totals(database)
                rows = database.execute(_LAST).fetchall()
                newest = _window(rows[0]) if rows else None
        except sqlite3.OperationalError as fault:
            # A full disk, a lock, a right that is missing: nothing is wrong with what the file holds.
            if fault.sqlite_errorname.startswith(_PASSING):
                raise
            raise _UnusableError("damaged", "its tables are not those of a history") from None
        except (sqlite3.DatabaseError, ValueError, TypeError):
            raise _UnusableError("damaged", "it is damaged") from None
        self._totals, self._count, self._last = totals, count, newest

    def _set_aside(self, path: Path, reason: _UnusableError) -> None:
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        aside = path.with_name(f"{path.name}.{reason.kind}-{stamp}-{os.getpid()}")
        for ending in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
        _log.error("%s: the history cannot be read: %s; it is set aside as %s", path, reason, aside.name)

    def _write(self, path: Path) -> None:
        """Write all windows that wait, with their totals, in one transaction. Raises `sqlite3.Error`."""
        with _connected(path) as database:
            schema.migrate(database)  # the file may have been taken away since the start
            with database:
                database.execute("BEGIN IMMEDIATE")
                # On top of what stands there: the file may not have been readable at the start.
                totals, count = _totals(database)
                for window in self._waiting:
                    _add(totals, window)
                count += len(self._waiting)
                database.executemany(_INSERT, [_row(window) for window in self._waiting])
                database.executemany(
                    "INSERT OR REPLACE INTO totals VALUES (?, ?, ?)",
                    [(json.dumps(cell), total.sum, total.peak) for cell, total in totals.items()],
                )
                database.execute("INSERT OR REPLACE INTO counts VALUES ('windows', ?)", (count,))
                _prune(database, self._keep.total_seconds())
        self._totals, self._count, self._last = totals, count, self._waiting[-1]
        self._waiting.clear()

    def _read(self, first: float, last: float) -> list[ReleasedWindow]:
        if self._path is None or not self._path.exists():
            return []
        try:
            with _connected(self._path) as database:
                rows = database.execute(
                    _BETWEEN,
                    (max(first, -1e300), min(last, 1e300)),
                ).fetchall()
            return [_window(row) for row in rows]
        except (sqlite3.Error, OSError, ValueError, TypeError) as fault:
            _log.error("%s: the history cannot be read (%s)", self._path, _said(fault))
            return []

    def _prune_memory(self) -> None:
        oldest = self._waiting[-min(_YOUNGEST + 1, len(self._waiting))].end - self._keep.total_seconds()
        self._waiting = [window for window in self._waiting if window.end > oldest]


class _UnusableError(Exception):
    """A file to be set aside: ``kind`` goes into its new name."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    # Not "rwc": a file that is gone is made by `open` alone, with its own rights, or by a write that follows.
    database = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    try:
        database.execute("PRAGMA synchronous = FULL")
        yield database
    finally:
        database.close()


def _totals(database: sqlite3.Connection) -> tuple[dict[tuple[str, ...], Total], int]:
    """What the file says all windows come to, and how many there were."""
    rows = database.execute("SELECT cell, sum, peak FROM totals").fetchall()
    totals = {tuple(map(str, json.loads(cell))): Total(int(total), int(peak)) for cell, total, peak in rows}
    (count,) = database.execute("SELECT COALESCE(MAX(value), 0) FROM counts").fetchone()
    return totals, int(count)


def _add(totals: dict[tuple[str, ...], Total], window: ReleasedWindow) -> None:
    for cell, value in window.values.items():
        totals[cell] = totals.get(cell, _NOTHING).plus(value)


def _row(window: ReleasedWindow) -> _Row:
    return (
        window.start,
        window.end,
        window.plan,
        window.epsilon if math.isfinite(window.epsilon) else None,
        json.dumps([[value, *cell] for cell, value in window.values.items()], separators=(",", ":")),
        json.dumps(dict(window.stddev), separators=(",", ":")),
        json.dumps(dict(window.shares), separators=(",", ":")),
    )


def _window(row: tuple[Any, ...]) -> ReleasedWindow:
    _, start, end, plan, epsilon, cells, stddev, shares = row
    return ReleasedWindow(
        start,
        end,
        plan,
        math.inf if epsilon is None else epsilon,
        {tuple(map(str, cell)): int(value) for value, *cell in json.loads(cells)},
        _numbers(stddev),
        _numbers(shares),
    )


def _numbers(text: str) -> dict[str, float]:
    return {str(name): float(value) for name, value in json.loads(text).items()}


def _prune(database: sqlite3.Connection, keep: float) -> None:
    """Drop windows older than ``keep`` seconds."""
    database.execute(
        "DELETE FROM windows WHERE end_time <= (SELECT end_time FROM"
        " (SELECT id, end_time FROM windows ORDER BY id DESC LIMIT ?) ORDER BY id LIMIT 1) - ?",
        (_YOUNGEST + 1, keep),
    )


def _said(fault: Exception) -> str:
    """What is wrong, in words of the system or of SQLite."""
    return (isinstance(fault, OSError) and fault.strerror) or str(fault)
