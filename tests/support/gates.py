"""Interceptors made of a few entries, for tests of what matches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from interceptor import Interceptor
from interceptor.config import Config
from interceptor.termlists.model import Entry, Group, TermList


def gate(
    *entries: Entry, groups: Mapping[str, Iterable[str]] | None = None, config: Config | None = None
) -> Interceptor:
    """An interceptor with one list, in English and of the category *seeking* where an entry says nothing else."""
    named = {name: Group(words=tuple(words)) for name, words in (groups or {}).items()}
    return Interceptor(
        config or Config(), [TermList(id="stand-in", language="en", groups=named, entries=entries)]
    )


def matches(interceptor: Interceptor, query: str) -> bool:
    """Whether any entry matches ``query``."""
    return bool(interceptor.explain(query))
