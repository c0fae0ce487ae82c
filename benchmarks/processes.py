"""The processes of a service that runs, by the names that it gives them."""

from __future__ import annotations

from pathlib import Path


def children(process: int) -> list[int]:
    """The processes that belong to ``process``."""
    return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def called(name: str, process: int) -> list[int]:
    """Those of them that ps calls ``name``: worker, fork server or list builder."""
    return [each for each in children(process) if _name(each) == name]


def _name(process: int) -> str:
    try:
        return Path(f"/proc/{process}/comm").read_text().strip()
    except OSError:
        return ""
