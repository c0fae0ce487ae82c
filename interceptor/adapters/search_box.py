"""The banner's own search box: what it was given, and the way on to the engine.

The query leaves in the one way that the engine takes searches: in the address of a redirect, which is the one
address of ours that holds a query; or in the form, which the browser sends on itself (307, RFC 9110, 15.4.8). The
ticket stands in the box's address and not in its form, so that it never reaches the engine.
"""

from __future__ import annotations

from urllib.parse import quote

from interceptor.adapters.http import Answer, Request, plain_answer
from interceptor.config import Config, Search
from interceptor.extraction import Extractor
from interceptor.settings.engine import SearchBy


class SearchBox:
    """Reads the box's form and leads on."""

    def __init__(self, config: Config) -> None:
        self._engine, self._prefix = config.engine, config.prefix
        self._extractor = Extractor((Search("*", (config.engine.search_parameter,)),), config.limits)

    def queries(self, request: Request, body: bytes | None) -> tuple[str, ...]:
        """What was written into the box. Raises `ExtractionError` where the form cannot be read."""
        return self._extractor.extract(
            "POST",
            self._prefix,
            request.header("Content-Type"),
            body or b"",
            request.header("Content-Encoding"),
        )

    def onward(self, query: str | None) -> Answer:
        """The answer that leads to the engine, with ``query`` where the engine takes it so."""
        engine, status = self._engine, 303
        if query is None or engine.search_by is SearchBy.HOME:
            location = engine.home
        elif engine.search_by is SearchBy.POST:
            location, status = engine.search, 307
        else:
            location = engine.search.replace("{query}", quote(query, safe=""))
        headers = (("Location", location), ("Referrer-Policy", "no-referrer"))
        return plain_answer(status, "The search goes on at the address of this redirect.", *headers)
