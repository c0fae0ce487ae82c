"""A search engine in one process and no file: SQLite's full-text index behind aiohttp.

It stands in for the engine of an operator: it knows nothing of the interceptor and keeps no log of a search.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import jinja2
from aiohttp import web
from markupsafe import Markup, escape

from interceptor.demo.documentation import Document, read_documents
from interceptor.errors import StartError

MAX_RESULTS = 20
"""Results on a page; there is one page."""

MAX_WORDS = 32
"""Words of a query that are looked up; the rest is left aside."""

_COMMON = frozenset(
    {"a", "an", "and", "are", "can", "do", "does", "how", "i", "in", "is", "it", "of", "the", "to", "what"}
)
"""Words that say little; they are looked up only where a query has no others."""

_INDEX = web.AppKey("index", sqlite3.Connection)
_HEADERS = {"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
# SQLite marks the words found in a snippet with these two, which no document holds.
_MARK, _END = "\x02", "\x03"


@dataclass(frozen=True, slots=True)
class Result:
    """One document found: where it stands, and an excerpt with the words found marked, as safe HTML."""

    address: str
    title: str
    kind: str
    excerpt: Markup


def build_index(documents: Iterable[Document] | None = None) -> sqlite3.Connection:
    """Index ``documents``, or else the documentation of the Python that runs, in memory.

    Raises `StartError` where this SQLite lacks full-text search or there is nothing to index.
    """
    index = sqlite3.connect(":memory:")
    try:
        index.execute(
            "CREATE VIRTUAL TABLE documents USING fts5"
            "(title, body, kind UNINDEXED, tokenize = 'porter unicode61 remove_diacritics 2')"
        )
    except sqlite3.OperationalError:
        index.close()
        raise StartError("This Python's SQLite lacks FTS5; use a Python with SQLite 3.27 or later.") from None
    index.executemany(
        "INSERT INTO documents (title, body, kind) VALUES (?, ?, ?)",
        (
            (document.title, document.text.translate({2: None, 3: None}), document.kind)
            for document in (read_documents() if documents is None else documents)
        ),
    )
    index.commit()
    if not _count(index):
        index.close()
        raise StartError(
            "This Python comes without the source files of its library, which the demo searches."
        )
    return index


def search(index: sqlite3.Connection, query: str) -> list[Result]:
    """The best documents for ``query``: those with all of its words, or else those with any of them."""
    words = list(dict.fromkeys(re.findall(r"[^\W_]+", query.casefold())))[:MAX_WORDS]
    words = [word for word in words if word not in _COMMON] or words
    # Quoted, a word is nothing but a word to FTS5: its operators, columns and wildcards stay out of reach.
    quoted = [f'"{word}"' for word in words]
    return _find(index, " AND ".join(quoted)) or _find(index, " OR ".join(quoted))


def application(index: sqlite3.Connection) -> web.Application:
    """The engine's pages: ``/``, ``/search?q=``, ``/search.json?q=`` and ``/doc/<number>``."""
    app = web.Application()
    app[_INDEX] = index
    app.router.add_get("/", _home)
    app.router.add_get("/search", _search)
    app.router.add_get("/search.json", _search_json)
    app.router.add_get(r"/doc/{number:\d{1,9}}", _document)
    return app


def _count(index: sqlite3.Connection) -> int:
    return int(index.execute("SELECT count(*) FROM documents").fetchone()[0])


def _find(index: sqlite3.Connection, expression: str) -> list[Result]:
    if not expression:
        return []
    rows = index.execute(
        "SELECT rowid, title, kind, snippet(documents, 1, ?, ?, ' … ', 32) FROM documents"
        " WHERE documents MATCH ? ORDER BY bm25(documents, 8.0, 1.0) LIMIT ?",
        (_MARK, _END, expression, MAX_RESULTS),
    )
    return [Result(f"/doc/{number}", title, kind, _marked(excerpt)) for number, title, kind, excerpt in rows]


def _marked(excerpt: str) -> Markup:
    return Markup(str(escape(excerpt)).replace(_MARK, "<mark>").replace(_END, "</mark>"))  # noqa: S704  (escaped)


_templates = jinja2.Environment(
    loader=jinja2.PackageLoader("interceptor.demo"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def _page(name: str, status: int = 200, **values: Any) -> web.Response:
    text = _templates.get_template(name).render(values)
    return web.Response(text=text, status=status, content_type="text/html", headers=_HEADERS)


async def _home(request: web.Request) -> web.Response:
    return _page("home.html", documents=_count(request.app[_INDEX]))


async def _search(request: web.Request) -> web.Response:
    query = request.query.get("q", "").strip()
    if not query:
        return await _home(request)
    return _page("results.html", query=query, results=search(request.app[_INDEX], query))


async def _search_json(request: web.Request) -> web.Response:
    results = search(request.app[_INDEX], request.query.get("q", ""))
    return web.json_response(
        {
            "results": [
                {"title": result.title, "address": result.address, "excerpt": result.excerpt.striptags()}
                for result in results
            ]
        },
        headers=_HEADERS,
    )


async def _document(request: web.Request) -> web.Response:
    row = (
        request.app[_INDEX]
        .execute(
            "SELECT title, kind, body FROM documents WHERE rowid = ?", (int(request.match_info["number"]),)
        )
        .fetchone()
    )
    if row is None:
        return _page("missing.html", 404)
    title, kind, body = row
    return _page("document.html", title=title, kind=kind, body=body)
