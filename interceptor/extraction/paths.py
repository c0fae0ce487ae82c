"""Request targets: which configured searches a path belongs to, and the query that a path may hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from interceptor.config import Search
from interceptor.extraction.decoding import LEVELS, unquote
from interceptor.extraction.fields import Names, octets_as_text

_PLACE = "{query}"
_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_UNUSUAL = re.compile(r"[%;\\#]|//|/\.|[^/]/\Z")
"""What a path holds where it can be written otherwise: an escape, a parameter, an empty or a dot segment."""
_SLASHES = re.compile(r"[/\\]")
_HELD_SLASH = "\ue000"
"""Stands for an escaped slash within a segment; paths are Latin-1 text here, so it is free."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is looked at under one path."""

    names: Names
    named: bool
    """Whether the configuration names the path, rather than every path."""
    queries: tuple[str, ...] = ()
    """Texts of the path that stand where a query is (Latin-1 text, decoded once)."""

    def __repr__(self) -> str:
        return "Place()"


def split(target: str) -> tuple[str, str]:
    """Part a request target, in origin or absolute form, into path and query string."""
    if not target.startswith("/"):
        origin = _ORIGIN.match(target)
        if origin:
            target = target[origin.end() :]
        if not target.startswith("/"):
            target = "/" + target
    path, _, query = target.partition("?")
    return path, query


class Paths:
    """The configured searches, by path."""

    def __init__(self, searches: tuple[Search, ...]) -> None:
        self._everywhere = [search for search in searches if search.path in ("*", "/*")]
        self._patterns = [(_pattern(s.path), s) for s in searches if s not in self._everywhere]
        self._places: dict[tuple[int, ...], Place] = {}
        self._elsewhere = self._place(()) if self._everywhere else None
        # Paths configured as they are nearly always written, found without a pattern.
        self._literal: dict[str, Place] = {}
        for _, search in self._patterns:
            place = None if search.path.endswith("*") or _PLACE in search.path else self.find(search.path)
            if place is not None and not place.queries and not _UNUSUAL.search(search.path):
                self._literal[search.path] = place
        self.hold_queries = any(_PLACE in search.path for search in searches)
        """Whether a path alone can be a search."""

    def find(self, path: str) -> Place | None:
        """Return what is looked at under ``path`` (octets as Latin-1), None where it takes no searches."""
        if not self._patterns:
            return self._elsewhere
        place = self._literal.get(path)
        if place is not None:
            return place
        matched: dict[int, None] = {}
        queries: dict[str, None] = {}
        for form in _forms(path):
            for index, (pattern, _) in enumerate(self._patterns):
                match = pattern.fullmatch(form)
                if match:
                    matched[index] = None
                    queries.update((text.replace(_HELD_SLASH, "/"), None) for text in match.groups())
        if not matched:
            return self._elsewhere
        place = self._place(tuple(sorted(matched)))
        return Place(place.names, True, tuple(queries)) if queries else place

    def _place(self, matched: tuple[int, ...]) -> Place:
        place = self._places.get(matched)
        if place is None:
            searches = [*self._everywhere, *(self._patterns[index][1] for index in matched)]
            names = Names(name for search in searches for name in search.parameters)
            place = self._places[matched] = Place(names, bool(matched))
        return place


def _pattern(path: str) -> re.Pattern[str]:
    """Compile a configured path; a place for the query takes all the rest where nothing follows it."""
    stem, star, _ = path.partition("*")
    normal = _normal(octets_as_text(unquote(octets_as_text(stem.encode("utf-8")))))
    before, place, after = normal.partition(_PLACE)
    source = re.escape(before)
    if place:
        goes_on = after or (star and stem.endswith("/"))
        source += "([^/]+)" + re.escape(after) if goes_on else "(.+)"
    if star:
        # '/find/*' takes in '/find' too: a path's last slash is not compared.
        source += "(?:/.*)?" if stem.endswith("/") else ".*"
    return re.compile(source, re.DOTALL)


def _forms(path: str) -> Iterable[str]:
    """Return the ways to read ``path``, each without empty and dot segments and without a last slash."""
    if not _UNUSUAL.search(path):
        return (path,)
    return dict.fromkeys(_unusual_forms(path.partition("#")[0]))


def _unusual_forms(path: str) -> Iterator[str]:
    for text in (path, re.sub(r";[^/\\]*", "", path)) if ";" in path else (path,):
        segments = _SLASHES.split(text)
        if "%" not in text:
            yield _normal(text)
        for _ in range(LEVELS):
            if not any("%" in segment for segment in segments):
                break
            segments = [
                octets_as_text(unquote(segment)) if "%" in segment else segment for segment in segments
            ]
            yield _normal("/".join(segments))
            yield _normal("/".join(segment.replace("/", _HELD_SLASH) for segment in segments))


def _normal(path: str) -> str:
    """Collapse empty and dot segments (RFC 3986, section 5.2.4) and drop a slash at the end."""
    kept: list[str] = []
    for segment in _SLASHES.split(path):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    return "/" + "/".join(kept)
