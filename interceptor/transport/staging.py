"""From fetched to in force: what lies in a source's folder, and how a list goes on trial and comes off it again.

A list on trial stands where lists in force stand, and a mark beside the one before says so: a service that ends in
the middle finds it at its next start.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from interceptor.signatures import SIGNATURE
from interceptor.vocabulary import Refusal

MAX_LIST_BYTES = 256_000_000
"""Longest sealed list that is fetched, in bytes; the repository's metadata tells the length beforehand."""

_TRIAL = ".trial"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one list: ``reason`` says why it was refused; ``changed``, whether it lies in ``incoming``."""

    name: str
    changed: bool
    reason: Refusal | None = None


def promote(folder: Path, name: str) -> None:
    """Put the list ``name`` that lies in ``incoming`` in force, on trial: `confirm` or `restore` ends that.

    Raises `OSError`.
    """
    lists, before = folder / "lists", folder / "before"
    for place in (lists, before):
        place.mkdir(mode=0o700, exist_ok=True)
    (before / f"{name}{_TRIAL}").touch()
    for file in (f"{name}{SIGNATURE}", name):
        (before / file).unlink(missing_ok=True)
        if (lists / file).exists():
            os.link(lists / file, before / file)
        (folder / "incoming" / file).replace(lists / file)


def confirm(folder: Path, name: str) -> None:
    """End the trial of the list ``name``: it stays in force. Raises `OSError`."""
    for file in (f"{name}{_TRIAL}", name, f"{name}{SIGNATURE}"):
        (folder / "before" / file).unlink(missing_ok=True)


def restore(folder: Path, name: str) -> None:
    """End the trial of the list ``name``: it is taken out, and what stood there before comes back.

    Does nothing where it is not on trial. Raises `OSError`.
    """
    trial = folder / "before" / f"{name}{_TRIAL}"
    if not trial.exists():
        return
    for file in (name, f"{name}{SIGNATURE}"):
        if (folder / "before" / file).exists():
            (folder / "before" / file).replace(folder / "lists" / file)
        else:
            (folder / "lists" / file).unlink(missing_ok=True)
    trial.unlink()
