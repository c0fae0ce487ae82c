"""Requests to a server on loopback, redirects not followed."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message


@dataclass
class Got:
    """An answer; names of header fields in lower case."""

    status: int
    headers: dict[str, str]
    text: str


def _fields(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: object) -> None:
        return None


_opener = urllib.request.build_opener(_Stay)


def ask(url: str, method: str = "GET", data: bytes | None = None, **headers: str) -> Got:
    """Send one request; ``Content_Type`` stands for the field ``Content-Type``."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data=data, headers=fields, method=method)
    try:
        with _opener.open(request, timeout=60) as answer:
            return Got(answer.status, _fields(answer.headers), answer.read().decode())
    except urllib.error.HTTPError as answer:
        with answer:
            return Got(answer.code, _fields(answer.headers), answer.read().decode())
