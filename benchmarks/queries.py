"""Real ordinary queries, where the machine has them.

The folder is named by the environment variable INTERCEPTOR_QUERIES, or is ``../shared/queries``; it holds
``<language>.txt.gz``, one query a line. The queries are for measuring only and are no part of this project.
"""

from __future__ import annotations

import gzip
import os
from pathlib import Path


def folder() -> Path | None:
    """The folder of queries, or None."""
    path = Path(os.environ.get("INTERCEPTOR_QUERIES") or Path(__file__).parents[2] / "shared" / "queries")
    return path if path.is_dir() else None


def load(prefix: str = "") -> dict[str, list[str]]:
    """Queries by language; with ``prefix`` ``"near_"`` those of its files instead. Empty without a folder."""
    found: dict[str, list[str]] = {}
    where = folder()
    for path in sorted(where.glob("*.txt.gz")) if where else ():
        language = path.name.removesuffix(".txt.gz")
        if language.startswith("near_") != (prefix == "near_"):
            continue
        with gzip.open(path, "rt", encoding="utf-8") as file:
            found[language.removeprefix("near_")] = [line for text in file if (line := text.rstrip("\n"))]
    return found
