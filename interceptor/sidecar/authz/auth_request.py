"""nginx ``auth_request`` and HAProxy: the request stands in two fields, the answer is a status and a ticket.

nginx shows no body of a subrequest's answer, and takes any status but 2xx, 401 and 403 for a failure of ours: what
does not go on is always 403, and `question.ACTION` says why.
"""

from __future__ import annotations

from interceptor.adapters.http import PLAIN_HEADERS, Answer, Request
from interceptor.adapters.screening import Judgement
from interceptor.sidecar.authz.question import ACTION, TICKET, Protocol, Question, shown_action


def _original(question: Question) -> Request:
    return question.about(question.required("X-Original-Method"), question.required("X-Original-URI"))


def _denial(judgement: Judgement) -> Answer:
    ticket = ((TICKET, judgement.ticket),) if judgement.ticket else ()
    return Answer(403, (*PLAIN_HEADERS, (ACTION, shown_action(judgement)), *ticket), b"")


AUTH_REQUEST = Protocol("authz/auth-request", True, lambda authz: authz.auth_request, _original, _denial)
