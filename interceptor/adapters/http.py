"""A request and an answer as every framework has them, reduced to what the interceptor needs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

JSON = "application/json"

PLAIN_HEADERS = (
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
)

_PURPOSES = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")

_PROGRAM = re.compile(
    r"(?<!cu)bot\b|crawler|spider|preview|facebookexternalhit|whatsapp/|mastodon/", re.IGNORECASE
)
"""How crawlers and makers of link previews name themselves; "Cubot" makes telephones."""


class Request:
    """One request; ``target`` as it was received, ``header`` looks a field up by its name in any case.

    ``peer`` is the peer's address, None over a Unix socket; it is only ever compared with configured networks.
    A plain class with slots: one is made for every request, and a frozen dataclass costs six times as much.
    """

    __slots__ = ("header", "method", "peer", "target")

    def __init__(
        self, method: str, target: str, header: Callable[[str], str | None], peer: str | None
    ) -> None:
        self.method, self.target, self.header, self.peer = method, target, header, peer

    def __repr__(self) -> str:
        return f"Request(method={self.method!r})"

    @property
    def path(self) -> str:
        """The target up to its question mark."""
        return self.target.partition("?")[0]

    def parameter(self, name: str) -> str:
        """The first value of a parameter of the query string, or the empty string."""
        try:
            values = parse_qs(self.target.partition("?")[2], max_num_fields=50)
        except ValueError:
            return ""
        return values.get(name, [""])[0]

    @property
    def is_look_ahead(self) -> bool:
        """Whether no person asked: ``HEAD``, a browser that loads ahead, or a program that says what it is.

        Such programs fetch the preview of a link that somebody sent, or crawl; the agent's name is looked at
        and not kept.
        """
        purpose = " ".join(self.header(name) or "" for name in _PURPOSES).lower()
        if self.method == "HEAD" or "prefetch" in purpose or "preview" in purpose:
            return True
        return _PROGRAM.search(self.header("User-Agent") or "") is not None

    @property
    def wants_json(self) -> bool:
        """Whether the client asks for JSON rather than for a page (RFC 9110, 12.5.1)."""
        accept = (self.header("Accept") or "").lower()
        as_json, as_page = _quality(accept, JSON), max(_quality(accept, "text/html"), _quality(accept, "*/*"))
        if as_json or as_page:
            return as_json > as_page or (as_json == as_page and "html" not in accept and as_json > 0)
        return (self.header("Content-Type") or "").partition(";")[0].strip().lower() == JSON


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer of ours."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def __repr__(self) -> str:
        return f"Answer(status={self.status})"


def plain_answer(status: int, text: str, *more: tuple[str, str]) -> Answer:
    """A short answer in plain text."""
    return Answer(status, (*PLAIN_HEADERS, *more), text.encode() + b"\n")


def json_answer(status: int, value: Any, *more: tuple[str, str]) -> Answer:
    """An answer in JSON."""
    headers = (
        ("Content-Type", JSON),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        *more,
    )
    return Answer(status, headers, json.dumps(value, ensure_ascii=False).encode() + b"\n")


def _quality(accept: str, kind: str) -> float:
    """The weight that an ``Accept`` field gives to exactly ``kind``; 0 where it is not named."""
    for part in accept.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name == kind:
            for parameter in parameters:
                if parameter.startswith("q="):
                    try:
                        return float(parameter[2:])
                    except ValueError:
                        return 0.0
            return 1.0
    return 0.0
