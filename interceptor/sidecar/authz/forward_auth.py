"""Caddy ``forward_auth`` and Traefik ForwardAuth: the request stands in ``X-Forwarded-`` fields, the answer goes out.

Both send whatever is not 2xx to the person as it is, with status, fields and body.
"""

from __future__ import annotations

from interceptor.adapters.http import Request
from interceptor.sidecar.authz.question import Protocol, Question, page_denial


def _original(question: Question) -> Request:
    return question.about(
        question.required("X-Forwarded-Method"),
        question.required("X-Forwarded-Uri"),
        host=question.one("X-Forwarded-Host"),
    )


FORWARD_AUTH = Protocol("authz/forward-auth", False, lambda authz: authz.forward_auth, _original, page_denial)
