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
from interceptor.sidecar.authz.question import Protocol, Question, UnclearError, allowance
from interceptor.vocabulary import Action

PROTOCOLS = (AUTH_REQUEST, FORWARD_AUTH, EXT_AUTHZ)


class Endpoints:
    """Answers the questions of proxies; ``hands_over`` tells whether there is an engine to forward to."""

    def __init__(self, service: Service, *, hands_over: bool) -> None:
        self._service = service
        authz = service.config.authz
        self._hands_over = hands_over and authz.annotated is Annotated.HAND_OVER
        self._stem = service.config.prefix
        self._enabled = [
            (protocol, section.peers)
            for protocol in PROTOCOLS
            if (section := protocol.section(authz)).enabled
        ]

    def answer(self, request: Request, body: bytes | None, headers: CIMultiDictProxy[str]) -> Answer | None:
        """Answer ``request``, with all its ``headers``; None where it is not for us, or not from a named peer."""
        below = request.target[len(self._stem) :]
        for protocol, peers in self._enabled:
            if protocol.path.endswith("/"):
                ours = below.startswith(protocol.path)
            else:
                ours = below.partition("?")[0] == protocol.path
            if ours and any(network.holds(request.peer) for network in peers):
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
        if judgement.action in (Action.PASS, Action.ANNOTATE):
            return allowance(judgement.action)
        return protocol.denial(judgement)
