"""A request as a WSGI environment (PEP 3333) describes it, which Django's ``META`` is, too."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from interceptor.adapters.http import Request

Environ = dict[str, Any]

_origin = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_PLAIN = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH"})


def request_of(environ: Environ) -> Request:
    """The request of a WSGI environment."""
    target = environ.get("REQUEST_URI") or environ.get("RAW_URI")
    if target:
        # Of mod_wsgi, uWSGI and gunicorn: as it was received, with the origin in front where a client sent one.
        target = _origin.sub("", target, count=1)
    else:
        path = f"{environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '')}".encode("latin-1")
        query = environ.get("QUERY_STRING")
        target = quote(path, safe="/:@!$&'()*+,;=~") + (f"?{query}" if query else "")

    def header(name: str) -> str | None:
        key = name.upper().replace("-", "_")
        value = environ.get(key if key in _PLAIN else f"HTTP_{key}")
        return value or None

    return Request(environ["REQUEST_METHOD"], target or "/", header, environ.get("REMOTE_ADDR") or None)
