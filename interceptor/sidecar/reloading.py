"""Where generations come from: the configuration and the lists as they are on disk, or the last that worked."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from interceptor.config import Config
from interceptor.errors import InterceptorError
from interceptor.sidecar.generation import Generation, RefusedError, refusal_of
from interceptor.sidecar.last_good import Kept, LastGood
from interceptor.sidecar.updater import recover
from interceptor.termlists.reading import Summary

Signature = frozenset[tuple[str, int, int, int]]
"""Path, inode, size and time of change (nanoseconds) of every file that counts."""


class Reader(Protocol):
    """Reads the configuration."""

    def __call__(self, kept: Kept | None = None) -> Config:
        """The configuration, or where copies were ``kept`` the one that they make. Raises `InterceptorError`."""


@dataclass(frozen=True, slots=True)
class Source:
    """How the configuration was read, so that it can be read again; ``file`` is None where there was no file."""

    read: Reader
    file: Path | None = None

    @classmethod
    def fixed(cls, config: Config) -> Source:
        """A configuration that was made in the program; only its lists can change."""

        def read(kept: Kept | None = None) -> Config:
            return config

        return cls(read)


class Reloads:
    """Makes the first generation, reads the configuration of those that follow, and knows what was refused.

    ``state`` is the folder in which the last good configuration and lists are kept; None: they are not.
    """

    def __init__(self, source: Source, state: Path | None) -> None:
        self._source = source
        self._last_good = LastGood(state) if state is not None else None
        self._lists: tuple[Path, ...] = ()
        self._fetched: tuple[Path, ...] = ()
        self._seen: Signature = frozenset()
        self._pending: Signature | None = None
        self.refused: RefusedError | None = None
        """The fault of what was read last, where that is not what serves."""

    def first(self) -> Generation:
        """The generation to start with: of what is on disk now or, where that is broken, of what was kept.

        Raises `ConfigError`, `TermListError`, `StartError` or `CallError` where there is neither.
        """
        try:
            config = self._read()
            recover(config.updates)
            return Generation.build(config)
        except InterceptorError as fault:
            try:
                kept = self.kept()
                if kept is None:
                    raise fault
                generation = Generation.build(kept)
            except InterceptorError:
                raise fault from None
            self.refused = refusal_of(fault, generation.facts.summaries)
            return generation

    def next(self, known: Collection[Summary]) -> Config:
        """The configuration as it is on disk; ``known`` are the lists in force. Raises `RefusedError`."""
        try:
            return self._read()
        except Exception as fault:
            raise refusal_of(fault, known) from None

    def kept(self) -> Config | None:
        """The configuration of the last that worked, with copies of its lists, where those were kept.

        Raises `InterceptorError`.
        """
        kept = self._last_good.kept() if self._last_good is not None else None
        return self._source.read(kept) if kept is not None else None

    def _read(self) -> Config:
        self._pending = None
        files = [self._source.file] if self._source.file is not None else []
        # Looked at before it is read: what changes meanwhile is read again.
        file = self._seen = signature(files)
        self._seen |= signature((*self._lists, *self._fetched))
        config = self._source.read()
        self._lists, self._fetched = config.lists, config.updates.places()
        self._seen = file | signature((*self._lists, *self._fetched))
        return config

    def changed(self) -> bool:
        """Whether a file has changed since it was read, and not since the last call: so none is half written."""
        now = self._look()
        if now == self._seen:
            self._pending = None
            return False
        settled, self._pending = now == self._pending, now
        return settled

    def _look(self) -> Signature:
        files = [self._source.file] if self._source.file is not None else []
        return signature((*files, *self._lists, *self._fetched))

    def keep(self) -> bool:
        """Keep copies of what was read last, if that is on disk still. Raises `OSError` and `TermListError`."""
        if self._last_good is None or self.refused is not None or self._look() != self._seen:
            return False
        self._last_good.keep(self._source.file, self._lists)
        return True


def signature(paths: Iterable[Path]) -> Signature:
    """What tells whether a file below ``paths`` was changed, added or taken away. Cheap; reads no file."""
    found = set()
    for path in paths:
        for file in _walk(path):
            with contextlib.suppress(OSError):
                status = file.stat()
                found.add((str(file), status.st_ino, status.st_size, status.st_mtime_ns))
    return frozenset(found)


def _walk(path: Path) -> Iterable[Path]:
    if not path.is_dir():
        yield path
        return
    for root, folders, files in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith("."):
                yield Path(root, name)
