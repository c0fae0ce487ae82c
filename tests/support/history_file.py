"""What a history file holds, read while the service writes it; not by the code that wrote it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any


def windows_in(file: Path) -> list[dict[tuple[str, ...], int]]:
    """The cells of each window, in the order of release."""
    return [{tuple(cell): value for value, *cell in json.loads(text)} for (text,) in _rows(file, "cells")]


def ends_in(file: Path) -> list[float]:
    """The end of each window, likewise."""
    return [end for (end,) in _rows(file, "end_time")]


def _rows(file: Path, column: str) -> list[tuple[Any, ...]]:
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)
    try:
        return database.execute(f"SELECT {column} FROM windows ORDER BY id").fetchall()
    finally:
        database.close()
