"""What a search engine takes for an operator in a query, and what is left to be matched.

- Excluded words (``-word``, ``-"a phrase"``, ``NOT word``) are not wanted: they neither match nor serve as context.
- ``site:example.org`` and the like name a place, a kind of file, a language or a date: operator and value go.
- ``intitle:word`` and the like say where a word is to stand: the operator goes, its value is text.
- What stands between quotation marks is looked for as it stands. Two and more words between them are a unit of their
  own: groups of words are near each other within it or outside of it, not across its border.

A reading that leaves nothing to look for is none: then everything is text. So is a hyphen inside a word or in front
of a single letter, and the value of ``site:`` that is no name of a host. What is left out is replaced by spaces, so
that places in the text stay what they are.
Sources: the help pages on operators of Google, Bing and DuckDuckGo; their common part is read.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from interceptor.folding import plain

_QUOTES = '"\u201c\u201d\u201e\u00ab\u00bb\uff02'
NOT = "NOT"
_QUOTED = rf"[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]"
_PLACES = "site|domain|url|link|related|cache|info|ip|host"
_KINDS = "filetype|ext|mime"
_LANGUAGES = "lang|language|loc|location|region"
_DATES = "before|after|date"
_WHERE = "allintitle|allinurl|allintext|allinanchor|intitle|inurl|intext|inanchor|inbody|title|contains|body"

_NAMES = frozenset("|".join((_PLACES, _KINDS, _LANGUAGES, _DATES, _WHERE)).split("|"))

_HOST = r"[^\s\"]*\w\.\w[^\s\"]*"
_VALUED = (
    rf"(?:{_PLACES}):{_HOST}|(?:{_KINDS}):\w{{1,5}}(?!\w)|(?:{_LANGUAGES}):[a-z]{{2,3}}(?:-\w{{2,8}})?(?![\w-])"
    rf"|(?:{_DATES}):[\d/.-]+(?!\w)"
)
_part = re.compile(
    rf"(?<!\S)-(?:{_VALUED}|(?:(?:{_WHERE}):)?(?:{_QUOTED}|[^\W\d_][^\s{_QUOTES}]+))"
    rf"|(?<=\s)(?-i:NOT)\s+(?:{_QUOTED}|[^\W\d_][^\s{_QUOTES}]+)"
    rf"|(?<!\S)(?:{_VALUED})"
    rf"|(?<![^\s(])(?:{_WHERE}):(?=\S)"
    rf"|(?P<quoted>{_QUOTED})",
    re.IGNORECASE,
)
_excluded = re.compile(rf"-(?<!\S-)[^\W\d_][^\s{_QUOTES}]+")
"""What `_part` finds where there are hyphens alone, in a tenth of the time."""
_hyphen = re.compile(r"-(?<!\S-)\S")
"""Finds a hyphen that begins a word; the sign comes first, for that is what the search can skip by."""
_quote = re.compile(f"[{_QUOTES}]")


class Scope(NamedTuple):
    """What of a query is looked for. A tuple, which is made faster than a dataclass."""

    text: str
    """The query, with spaces in the place of what is left out."""
    left_out: tuple[str, ...] = ()
    """What was left out, as it stands in the query."""
    phrases: tuple[tuple[int, int], ...] = ()
    """Where two and more words stand between quotation marks, start and end (exclusive), in order."""
    literal: frozenset[str] = frozenset()
    """Words between quotation marks, folded: an engine corrects none of them."""

    def __repr__(self) -> str:
        return "Scope()"

    @property
    def rest(self) -> str:
        """What is left of the query, without the gaps; other white space than spaces parts no words in readings."""
        return " ".join(filter(None, self.text.split(" ")))


def read(query: str) -> Scope | None:
    """Read the operators of ``query``; None where it has none, which costs next to nothing. Linear in its length."""
    if '"' in query or may_leave_out(query):
        return _read(query)
    return _read(query) if not query.isascii() and _quote.search(query) else None


def may_leave_out(query: str) -> bool:
    """Whether `read` may leave a part of ``query`` out; costs next to nothing."""
    return (
        ("-" in query and _hyphen.search(query) is not None)
        or (":" in query and _names_operator(query))
        or NOT in query
    )


def _names_operator(query: str) -> bool:
    """Whether what stands before a colon of ``query`` is the name of an operator; much faster than to look for all."""
    names = (words[-1] for part in query.split(":")[:-1] if (words := part.split()))
    return any(name.lstrip("(-").lower() in _NAMES for name in names)


def _read(query: str) -> Scope | None:
    kept: list[str] = []
    left_out: list[str] = []
    phrases: list[tuple[int, int]] = []
    literal: set[str] = set()
    shouted = query.isupper()
    done = 0
    has_more = ":" in query or NOT in query or _quote.search(query) is not None
    for part in (_part if has_more else _excluded).finditer(query):
        if has_more and part["quoted"] is not None:
            words = plain.words_of(part[0])
            literal.update(words)
            if len(words) > 1:
                phrases.append(part.span())
        elif not (shouted and part[0].startswith("NOT")):
            left_out.append(part[0])
            kept += [query[done : part.start()], " " * len(part[0])]
            done = part.end()
    text = "".join([*kept, query[done:]])
    if left_out and not any(map(str.isalnum, text)):
        left_out, text = [], query
    return Scope(text, tuple(left_out), tuple(phrases), frozenset(literal)) if left_out or literal else None


def regions(scope: Scope, folded: str) -> list[tuple[int, int]]:
    """Where the quoted phrases of ``scope`` stand in ``folded``, the plain view of its text; none where in doubt."""
    found: list[tuple[int, int]] = []
    words: list[str] = []
    place, done = 1, 0
    for start, end in scope.phrases:
        before, inside = plain.words_of(scope.text[done:start]), plain.words_of(scope.text[start:end])
        words += [*before, *inside]
        first = place + sum(len(word) + 1 for word in before)
        place = first + sum(len(word) + 1 for word in inside)
        found.append((first - 1, place))
        done = end
    words += plain.words_of(scope.text[done:])
    return found if f" {' '.join(words)} " == folded else []
