"""Renderings kept for the next reader of the same view: only the ticket differs from one to another.

A view is one of few (language, message, category, through Tor or not) and holds nothing of a query, so neither does
what is kept.
"""

from __future__ import annotations

import dataclasses
import re
import secrets
from collections.abc import Callable
from functools import lru_cache

from interceptor.banner.content import View

_MOST = 512
"""Renderings that are kept; the 25 languages with 12 messages are 300. A page is some 13 kB."""

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
"""Texts that stand in an address and in HTML as they are, as every ticket of ours does."""


class Prepared:
    """Renders views with ``render``, each of them once for all tickets."""

    def __init__(self, render: Callable[[View], str]) -> None:
        self._render = render
        self._kept = lru_cache(_MOST)(render)
        self._stand_in = secrets.token_urlsafe(32)

    def __call__(self, view: View) -> str:
        """The rendering of ``view``."""
        if view.ticket is None:
            return self._kept(view)
        if not _PLAIN.fullmatch(view.ticket):
            return self._render(view)
        text = self._kept(dataclasses.replace(view, ticket=self._stand_in))
        return text.replace(self._stand_in, view.ticket)
