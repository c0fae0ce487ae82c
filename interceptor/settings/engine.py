"""The engine behind, and how the warning sends a person back to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from interceptor.binding import Wrong, setting


def _check_local_path(value: str) -> None:
    if not value.startswith("/") or value.startswith(("//", "/\\")) or re.search(r"[\x00-\x20]", value):
        raise Wrong("is not a path on the engine", "Begin with one '/', without spaces.")


def _check_search_address(value: str) -> None:
    _check_local_path(value)
    if value.count("{query}") != 1:
        raise Wrong(
            "does not say where the query goes", "Write {query} in its place, once: /search?q={query}."
        )


@dataclass(frozen=True, slots=True)
class Engine:
    """What the banner says of the engine and how it sends a person back."""

    name: str | None = setting(None, doc="shown on the banner, where given")
    home: str = setting("/", check=_check_local_path, doc="where 'back to the search' leads")
    search: str = setting(
        "/search?q={query}",
        check=_check_search_address,
        doc="where the banner's search box sends a clean query",
    )
    onion: bool = setting(False, doc="true where requests come through an onion service")
