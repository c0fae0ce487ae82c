"""The short pages that the transport answers with where there is nothing else to send.

They hold nothing of the request: neither target, nor address, nor what exactly was wrong with it.
"""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

_TEXTS = {
    400: "This request cannot be read.",
    405: "This method is not served here.",
    408: "The request did not arrive in time.",
    413: "The request is too large.",
    414: "The address is too long.",
    415: "The request comes in a form that cannot be read.",
    431: "The request's headers are too large.",
    500: "This page is not available right now.",
    501: "The request uses something that is not served here.",
    502: "The search engine cannot be reached right now. Please try again in a moment.",
    503: "The search engine is busy right now. Please try again in a moment.",
    504: "The search engine took too long to answer. Please try again in a moment.",
    505: "This version of HTTP is not served here.",
}

_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"


def plain_page(status: int, *, close: bool = False) -> web.Response:
    """Return a page of plain text for ``status``; ``close`` ends the connection after it."""
    text = _TEXTS.get(status) or HTTPStatus(status).phrase
    response = web.Response(
        status=status,
        text=text + "\n",
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
    )
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = _METHODS
    if close:
        response.force_close()
    return response
