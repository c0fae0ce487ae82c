"""Where the engine takes searches, and what one may hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from interceptor.binding import Wrong, setting
from interceptor.settings.checks import not_empty, positive


def _check_path(value: str) -> None:
    if not value.startswith("/") and value != "*":
        raise Wrong("is not a path", "Begin with '/', or write '*' for every path.")
    if value.count("{query}") > 1 or ("*" in value and value.count("*") > 1):
        raise Wrong("holds a place-holder twice", "Keep one {query} and one '*', the latter at the end.")
    if "*" in value and not value.endswith("*"):
        raise Wrong("has '*' before its end", "Move '*' to the end: /find/*.")


def check_paths(value: tuple[str, ...]) -> None:
    """Check each of several paths of the engine."""
    for path in value:
        _check_path(path)


DEFAULT_PARAMETERS = ("q", "query", "search", "s", "p", "text", "term", "keyword", "keywords", "wd")
"""Names under which search engines take the query, used where the configuration names none."""


@dataclass(frozen=True, slots=True)
class Search:
    """One place where the engine takes searches."""

    path: str = setting("*", check=_check_path, doc="a path, one ending in '*', or with {query} in it")
    parameters: tuple[str, ...] = setting(
        DEFAULT_PARAMETERS, check=not_empty, doc="names of query, form and JSON fields to look at"
    )


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what one request may take."""

    target: int = setting(8_190, check=positive, doc="bytes of a request target; longer is answered 414")
    headers: int = setting(16_380, check=positive, doc="bytes of one header field; longer is answered 431")
    search_body: int = setting(
        1_000_000, check=positive, doc="bytes of a search's body; longer is answered 413"
    )
    fields: int = setting(
        1_000, check=positive, doc="form or JSON fields in one search; more is answered 400"
    )
    query: int = setting(16_000, check=positive, doc="characters of one query; longer is answered 414 or 413")
    connect: timedelta = setting(timedelta(seconds=5), check=positive, doc="to connect to the engine")
    engine: timedelta = setting(
        timedelta(seconds=60), check=positive, doc="between two reads from the engine"
    )
    client_headers: timedelta = setting(timedelta(seconds=15), check=positive, doc="for a request's headers")
    client_body: timedelta = setting(timedelta(seconds=30), check=positive, doc="for a search's body")
    keepalive: timedelta = setting(timedelta(seconds=75), check=positive, doc="an idle connection stays open")
    drain: timedelta = setting(timedelta(seconds=30), check=positive, doc="running requests get at a stop")
    connections: int = setting(
        4_096,
        check=positive,
        doc="connections of clients, each worker; above it idle ones are closed, or 503",
    )
    upstream_connections: int = setting(512, check=positive, doc="connections to the engine, each worker")
    queue: int = setting(
        1_024, check=positive, doc="requests that wait for one of these, each worker; more are answered 503"
    )
