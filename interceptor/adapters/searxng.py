"""The interceptor as a SearXNG plugin, which no user can switch off.

In SearXNG's ``settings.yml``:

    plugins:
      interceptor.adapters.searxng.SXNGPlugin:
        active: true

``INTERCEPTOR_CONFIG`` in SearXNG's environment names a configuration file. SearXNG asks its plugins only where the
user has left them on, and never for suggestions; so this one goes around the whole application when it is set up,
and covers every way in: ``/search`` and ``/``, GET and POST, and ``/autocompleter``, whose keystrokes are no searches.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

import flask
from searx.plugins import Plugin, PluginInfo

from interceptor.adapters.http import JSON, Answer, Request
from interceptor.adapters.wsgi import InterceptorMiddleware
from interceptor.config import Config, Search
from interceptor.decision import Interceptor

SEARCHES = (Search("/search", ("q",)), Search("/", ("q",)))
"""Where SearXNG takes searches; a parameter of the form goes before one of the address, and both are looked at."""

SUGGESTIONS = ("/autocompleter",)

_FIELDS = ("title", "url", "content", "host", "engine", "score", "type")
"""The columns of SearXNG's CSV."""


class SXNGPlugin(Plugin):  # type: ignore[misc]
    """What SearXNG loads. Raises `InterceptorError` at start where the configuration or a list is at fault."""

    id = "interceptor"

    def __init__(self, plg_cfg: Any) -> None:
        super().__init__(plg_cfg)
        self.info = PluginInfo(
            id=self.id,
            name="Help instead of results",
            description="Answers searches for child sexual abuse material with a way to get help.",
            preference_section="general",
        )

    def init(self, app: flask.Flask) -> bool:
        """Go around ``app``."""
        path = os.environ.get("INTERCEPTOR_CONFIG")
        config = Config.load(path) if path else Config()
        config = dataclasses.replace(config, searches=SEARCHES, suggestions=SUGGESTIONS)
        app.wsgi_app = _Middleware(app.wsgi_app, Interceptor.load(config))  # type: ignore[method-assign]
        return True


class _Middleware(InterceptorMiddleware):
    """Answers in the form that the search asked for with SearXNG's ``format``."""

    def reread(self, request: Request, body: bytes | None) -> Request:
        """See `InterceptorMiddleware.reread`: any other form than a page is made of the data."""
        if _format(request, body) not in ("json", "csv", "rss"):
            return request

        def header(name: str) -> str | None:
            return JSON if name.lower() == "accept" else request.header(name)

        return Request(request.method, request.target, header, request.peer)

    def reshape(self, request: Request, body: bytes | None, answer: Answer) -> Answer:
        """See `InterceptorMiddleware.reshape`."""
        make = {"csv": _as_csv, "rss": _as_rss}.get(_format(request, body))
        if make is None or answer.status != 200:
            return answer
        kind, text = make(json.loads(answer.body)["interceptor"])
        fields = tuple(item for item in answer.headers if item[0] != "Content-Type")
        return Answer(200, (("Content-Type", kind), *fields), text.encode())


def _format(request: Request, body: bytes | None) -> str:
    """The value of ``format``, of the form before the address, as SearXNG merges them."""
    kind = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
    if body and kind == "application/x-www-form-urlencoded":
        try:
            form = parse_qs(body.decode("latin-1"), max_num_fields=50)
        except ValueError:
            form = {}
        if "format" in form:
            return form["format"][0]
    return request.parameter("format")


def _as_csv(data: dict[str, Any]) -> tuple[str, str]:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(_FIELDS)
    rows.writerow((data["title"], "", " ".join(data["paragraphs"]), "", "", "", "answer"))
    rows.writerows((title, address, text, "", "", "", "answer") for title, address, text in _help(data))
    return "text/csv; charset=utf-8", out.getvalue()


def _as_rss(data: dict[str, Any]) -> tuple[str, str]:
    items = "".join(
        f"<item><title>{escape(title)}</title>"
        + (f"<link>{escape(address)}</link>" if address else "")
        + f"<description>{escape(text)}</description></item>"
        for title, address, text in _help(data)
    )
    about = escape(" ".join(data["paragraphs"]))
    head = f"<title>{escape(data['title'])}</title><link>/</link><description>{about}</description>"
    feed = f'<rss version="2.0"><channel>{head}{items}</channel></rss>'
    return "application/rss+xml; charset=utf-8", f'<?xml version="1.0" encoding="UTF-8"?>\n{feed}\n'


def _help(data: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Title, plain address and phone number of each help; addresses stand for themselves and are not counted."""
    for place in (*data["help"], *data["crisis"]):
        yield place["title"], place["address"] or place["onion"] or "", place["phone"] or ""
