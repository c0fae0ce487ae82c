"""One answer of the engine on its way out, altered while it streams past: a strip put in, suggestions left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from interceptor.adapters.annotation import BOUND_TO_OCTETS, LETS_CACHES_KEEP, can_annotate, charset_of
from interceptor.adapters.screening import Screening
from interceptor.adapters.suggestions import can_clean
from interceptor.banner.csp import blocks_style

_POLICIES = frozenset({"content-security-policy", "content-security-policy-report-only"})

Fields = list[tuple[str, str]]


class Alteration(Protocol):
    """Takes the octets of an answer and gives others."""

    @property
    def inserted(self) -> bool:
        """Whether what was given holds the strip."""

    def feed(self, chunk: bytes) -> bytes:
        """Take octets; give those that may go out now."""

    def close(self) -> bytes:
        """Give the octets held back so far."""


class Page:
    """A response that is altered; made by `begin`."""

    def __init__(self, alteration: Alteration, fields: Fields, shown: Callable[[], None] | None) -> None:
        self._alteration, self._shown = alteration, shown
        gone = BOUND_TO_OCTETS | LETS_CACHES_KEEP
        self.fields: Fields = [
            *((name, value) for name, value in fields if name.lower() not in gone),
            ("Cache-Control", "no-store"),
        ]
        """The response's fields, without what no longer holds of it."""

    @classmethod
    def begin(cls, screening: Screening, status: int, fields: Iterable[tuple[str, str]]) -> Page | None:
        """Begin with a response's status and fields; None where it is to be left alone."""
        fields = list(fields)
        content_type = next((value for name, value in fields if name.lower() == "content-type"), "")
        codings = [value for name, value in fields if name.lower() == "content-encoding"]
        if screening.strip is not None and can_annotate(status, content_type, codings):
            policies = [value for name, value in fields if name.lower() in _POLICIES]
            inserter = screening.strip.inserter(blocks_style(policies), charset_of(content_type))
            return cls(inserter, fields, screening.strip.shown)
        if screening.suggestions is not None and can_clean(status, content_type, codings):
            return cls(screening.suggestions(), fields, None)
        return None

    def feed(self, data: bytes, *, last: bool = False) -> bytes:
        """Take octets of the answer, give those that can go out; all of them at the ``last`` call."""
        data = self._alteration.feed(data) if data else b""
        return data + self._alteration.close() if last else data

    def sent(self) -> None:
        """To be called when what `feed` gave has gone out: the warning counts once the strip has."""
        if self._shown is not None and self._alteration.inserted:
            shown, self._shown = self._shown, None
            shown()
