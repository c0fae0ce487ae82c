"""The endpoints of the protocols that are enabled."""

from __future__ import annotations

from multidict import CIMultiDictProxy

from interceptor.adapters.http import Answer, Request
from interceptor.adapters.screening import Judgement, refusal_answer
from interceptor.adapters.service import Service
from interceptor.errors import MalformedError
from interceptor.settings.authz import Annotated
from interceptor.sidecar.authz.auth_request import AUTH_REQUEST
from interceptor.sidecar.authz.ext_authz import EXT_AUTHZ
from interceptor.sidecar.authz.forward_auth import FORWARD_AUTH
from interceptor.sidecar.authz.question import ALLOWANCES, Protocol, Question, UnclearError

PROTOCOLS = (AUTH_REQUEST, FORWARD_AUTH, EXT_AUTHZ)


class Endpoints:
    """Answers the questions of proxies; ``hands_over`` tells whether there is an engine to forward to."""

    def __init__(self, service: Service, *, hands_over: bool) -> None:
        self._service = service
        authz = service.config.authz
        self._hands_over = hands_over and authz.annotated is Annotated.HAND_OVER
        self._stem = len(service.config.prefix)
        enabled = [protocol for protocol in PROTOCOLS if protocol.section(authz).enabled]
        self._exact = {protocol.path: protocol for protocol in enabled if not protocol.path.endswith("/")}
        self._stems = tuple(protocol for protocol in enabled if protocol.path.endswith("/"))

    def answer(self, request: Request, body: bytes | None, headers: CIMultiDictProxy[str]) -> Answer | None:
        """Answer ``request``, with all its ``headers``; None where it is not for us, or not from a named peer."""
        below = request.target[self._stem :]
        protocol = self._exact.get(below.partition("?")[0])
        if protocol is None:
            for protocol in self._stems:
                if below.startswith(protocol.path):
                    break
            else:
                return None
        for network in protocol.section(self._service.config.authz).peers:
            if network.holds(request.peer):
                question = Question(request.method, below[len(protocol.path) :], headers)
                return self._answer(protocol, question, body)
        return None

    def _answer(self, protocol: Protocol, question: Question, body: bytes | None) -> Answer:
        try:
            original = protocol.original(question)
        except UnclearError:
            return protocol.denial(Judgement(None, refusal_answer(MalformedError())))
        judgement = self._service.judge(
            original, body, by_ticket=protocol.by_ticket, hands_over=self._hands_over
        )
        allowance = ALLOWANCES.get(judgement.action) if judgement.action is not None else None
        return protocol.denial(judgement) if allowance is None else allowance
