"""The engine behind, and how the warning sends a person back to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from interceptor.addresses import web_address
from interceptor.binding import Wrong, setting

_HOST = re.compile(r"[A-Za-z0-9._-]+(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?")


class SearchBy(StrEnum):
    """How the page's own search box hands a search to the engine."""

    GET = "get"
    """In the address: a redirect, as the engine's own form would make it."""
    POST = "post"
    """In a form: the browser sends the same form on to the engine."""
    HOME = "home"
    """Not at all: the engine's home page, for one whose form needs a token of its own."""


def origin(place: str) -> str | None:
    """The origin of an address (scheme, host and port); None for a path on the engine's own."""
    return None if place.startswith("/") else "/".join(place.split("/", 3)[:3])


def _check_place(value: str) -> None:
    remedy = "Begin with one '/', or write http:// or https:// and a host; without spaces."
    if re.search(r"[\x00-\x20\\]", value) or value.startswith("//"):
        raise Wrong("is no place to lead to", remedy)
    if not value.startswith("/"):
        parts = web_address(value)
        if parts is None or not _HOST.fullmatch(parts.netloc) or "/" not in value.split("://", 1)[1]:
            raise Wrong("is no place to lead to", f"{remedy} Put '/' behind the host.")


def _check_name(value: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9_.\[\]-]{1,64}", value):
        raise Wrong("is not a name of a form's field", "Write it as the engine's own form has it: q.")


@dataclass(frozen=True, slots=True)
class Engine:
    """What the banner says of the engine and how it sends a person back."""

    name: str | None = setting(None, doc="shown on the banner, where given")
    home: str = setting(
        "/", check=_check_place, doc="where 'back to the search' leads: a path, or an address elsewhere"
    )
    search: str = setting(
        "/search?q={query}",
        check=_check_place,
        doc="where the banner's search box sends a clean query: {query} in its place, for post without it",
    )
    search_by: SearchBy = setting(SearchBy.GET, doc="get; post; home for an engine whose form needs a token")
    search_parameter: str = setting("q", check=_check_name, doc="post: the field that holds the query")
    onion: bool = setting(False, doc="true where requests come through an onion service")

    def __post_init__(self) -> None:
        held = self.search.count("{query}")
        if self.search_by is SearchBy.GET and held != 1:
            raise Wrong(
                "'search' does not say where the query goes",
                "Write {query} in its place, once: /search?q={query}.",
            )
        if self.search_by is SearchBy.POST and held:
            raise Wrong(
                "'search' holds {query}, which a form does not",
                "Write where the engine takes the form: /search; and the field as 'search_parameter'.",
            )

    @property
    def origins(self) -> tuple[str, ...]:
        """Other origins that the page's search box may lead to."""
        found = (origin(self.home), origin(self.search) if self.search_by is not SearchBy.HOME else None)
        return tuple(dict.fromkeys(each for each in found if each))
