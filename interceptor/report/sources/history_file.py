"""Windows out of a history file, which is only read: the service that writes it may be running."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

from interceptor.counting.released import ReleasedWindow
from interceptor.errors import CallError
from interceptor.history import History, schema


def read(path: Path) -> list[ReleasedWindow]:
    """All windows of the history file ``path``, in the order of their release. Raises `CallError`."""
    _check(path)
    return History(path, timedelta.max).windows()


def _check(path: Path) -> None:
    """`History` sets aside what it cannot read, which is not for a reader to do."""
    if not path.is_file():
        raise CallError(f"{path}: there is no such file. Name the file of 'history.file', or use --config.")
    newer = False
    try:
        # Not "ro": such a connection leaves the files of the write-ahead log behind.
        database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=2)
        try:
            newer = schema.version(database) > len(schema.MIGRATIONS)
            database.execute(
                "SELECT id, start_time, end_time, plan, epsilon, cells, stddev, shares FROM windows LIMIT 1"
            )
            sound = database.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
        finally:
            database.close()
    except sqlite3.OperationalError as fault:
        if newer:
            raise _newer(path) from None
        raise CallError(f"{path}: cannot be read ({fault}). Name a history file that you may read.") from None
    except sqlite3.DatabaseError:
        sound = False
    if newer:
        raise _newer(path)
    if not sound:
        raise CallError(
            f"{path}: is damaged, or no history file. The service sets a damaged one aside at its start; "
            "a copy of the file, or an export made before, can still be read."
        )


def _newer(path: Path) -> CallError:
    return CallError(f"{path}: was written by a newer version. Update this program.")
