"""Envoy ``ext_authz`` over HTTP: the question has the request's own method, and its target below the endpoint.

Envoy lets a request go on at exactly 200, takes 5xx for a failure of ours, and sends any other answer to the person
as it is.
"""

from __future__ import annotations

from interceptor.adapters.http import Request
from interceptor.sidecar.authz.question import Protocol, Question, page_denial


def _original(question: Question) -> Request:
    return question.about(question.method, "/" + question.rest)


EXT_AUTHZ = Protocol("authz/ext-authz/", False, lambda authz: authz.ext_authz, _original, page_denial)
