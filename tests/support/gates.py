"""Interceptors made of a few entries, for tests of what matches.

Rewritings of terms are not looked for unless a test asks for it: most tests state where a term stands, letter by
letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from interceptor import Interceptor
from interceptor.config import Config, Matching
from interceptor.termlists.model import Entry, Group, TermList

STRICT = Config(matching=Matching(loosened=False))
LOOSENED = Config(matching=Matching(loosened=True))


def gate(
    *entries: Entry, groups: Mapping[str, Iterable[str]] | None = None, config: Config = STRICT
) -> Interceptor:
    """An interceptor with one list, in English and of the category *seeking* where an entry says nothing else."""
    named = {name: Group(words=tuple(words)) for name, words in (groups or {}).items()}
    return Interceptor(config, [TermList(id="stand-in", language="en", groups=named, entries=entries)])


def matches(interceptor: Interceptor, query: str) -> bool:
    """Whether any entry matches ``query``."""
    return bool(interceptor.explain(query))
