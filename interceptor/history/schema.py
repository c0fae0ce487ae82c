"""The tables of the history file, by version; SQLite's ``user_version`` says which one a file has."""

from __future__ import annotations

import sqlite3

MIGRATIONS = (
    (
        """CREATE TABLE windows (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            start_time REAL NOT NULL,
            end_time REAL NOT NULL,
            plan TEXT NOT NULL,
            epsilon REAL,
            cells TEXT NOT NULL,
            stddev TEXT NOT NULL,
            shares TEXT NOT NULL
        )""",
        "CREATE INDEX windows_by_end ON windows (end_time)",
        """CREATE TABLE totals (
            cell TEXT PRIMARY KEY,
            sum INTEGER NOT NULL,
            peak INTEGER NOT NULL
        ) WITHOUT ROWID""",
        "CREATE TABLE counts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    ),
)
"""The statements that lead to each version from the one before; the last one is what `migrate` makes.

``epsilon`` is NULL where counts are exact. ``cells`` is a JSON list of ``[value, family, label…]``, ``stddev`` and
``shares`` are JSON objects. ``totals`` outlives windows that are kept no longer: by cell (a JSON list), the sum of all
values and the greatest that this sum has been. ``counts`` holds how many windows were ever released.
"""


def version(database: sqlite3.Connection) -> int:
    """The version of the file's tables; 0 where it has none."""
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def migrate(database: sqlite3.Connection) -> None:
    """Bring the file's tables to the newest version, each step whole or not at all. Raises `sqlite3.Error`."""
    for number, statements in enumerate(MIGRATIONS[version(database) :], version(database) + 1):
        with database:
            database.execute("BEGIN IMMEDIATE")
            for statement in statements:
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {number}")
