"""The last configuration and lists that worked, kept for a start that finds broken ones.

Files are copied as they are: a sealed list stays sealed, a plain one was plain on this disk before. The folder is
for this service's user alone.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from interceptor.termlists.reading import files_in

_FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept: the configuration file (None: there was none) and the files of the lists."""

    config: Path | None
    lists: tuple[Path, ...]


class LastGood:
    """The copies in the folder ``state``."""

    def __init__(self, state: Path) -> None:
        self._good, self._new, self._old = (state / name for name in ("good", "good.new", "good.old"))

    def keep(self, config: Path | None, lists: Sequence[Path]) -> None:
        """Copy the configuration file and every file that ``lists`` (files and folders) lead to.

        Raises `OSError` where it cannot be written and `TermListError` where a folder is gone; what was kept
        before stays then.
        """
        self._good.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(self._new, ignore_errors=True)
        self._new.mkdir(mode=0o700)
        files = [file for path in lists for file in files_in(path)]
        names = [f"{number:04}-{file.name}" for number, file in enumerate(files)]
        for name, file in zip(names, files, strict=True):
            _copy(file, self._new / name)
        if config is not None:
            _copy(config, self._new / "config.yaml")
        manifest = {"format": _FORMAT, "config": config is not None, "lists": names}
        _write(self._new / _MANIFEST, json.dumps(manifest).encode())
        shutil.rmtree(self._old, ignore_errors=True)
        with suppress(FileNotFoundError):
            self._good.rename(self._old)
        self._new.rename(self._good)
        shutil.rmtree(self._old, ignore_errors=True)

    def kept(self) -> Kept | None:
        """What was kept last; None where that is nothing, or nothing that can be read."""
        for folder in (self._good, self._old):
            try:
                manifest = json.loads((folder / _MANIFEST).read_bytes())
                if manifest["format"] != _FORMAT:
                    continue
                lists = tuple(folder / str(name) for name in manifest["lists"])
                return Kept(folder / "config.yaml" if manifest["config"] else None, lists)
            except (OSError, ValueError, LookupError, TypeError):
                continue
        return None


def _copy(source: Path, target: Path) -> None:
    _write(target, source.read_bytes())


def _write(target: Path, data: bytes) -> None:
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
