"""What every protocol has in common: a proxy's question, the request that it is about, and what is answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from multidict import CIMultiDictProxy

from interceptor.adapters.http import PLAIN_HEADERS, Answer, Request
from interceptor.adapters.screening import Judgement
from interceptor.settings.authz import Authz, AuthzProtocol
from interceptor.vocabulary import Action

ACTION: Final = "X-Interceptor-Action"
"""Answer field: ``pass``, ``annotate`` or ``replace``; ``refuse`` where the request cannot be read, and ``fail``
where the interceptor failed and the fault policy is ``closed``."""

TICKET: Final = "X-Interceptor-Ticket"
"""Answer field: the ticket that the proxy hands to the endpoint ``banner``."""

REFUSE: Final = "refuse"
FAIL: Final = "fail"


class UnclearError(Exception):
    """The question does not say, or says twice, which request it is about."""


class Question:
    """A request of a proxy to one of the endpoints; nothing of it shows in its `repr`.

    ``rest`` is the target behind the endpoint's own path. A plain class, as `Request` is.
    """

    __slots__ = ("headers", "method", "rest")

    def __init__(self, method: str, rest: str, headers: CIMultiDictProxy[str]) -> None:
        self.method, self.rest, self.headers = method, rest, headers

    def __repr__(self) -> str:
        return f"Question(method={self.method!r})"

    def one(self, name: str) -> str | None:
        """The value of a field that stands there once; None where it is missing.

        Raises `UnclearError` where it stands there twice: the proxy sets it, so the other one is the client's.
        """
        values = self.headers.getall(name, ())
        if len(values) > 1:
            raise UnclearError
        return values[0] if values else None

    def required(self, name: str) -> str:
        """The value of a field that has to stand there, once. Raises `UnclearError`."""
        value = self.one(name)
        if not value:
            raise UnclearError
        return value

    def about(self, method: str, target: str, *, host: str | None = None) -> Request:
        """The request that the question is about; its remaining fields are those of the question."""
        if not method.isascii() or not method.isalpha() or not target.startswith("/"):
            raise UnclearError
        get = self.headers.get

        def header(name: str) -> str | None:
            return host if host is not None and name.lower() == "host" else get(name)

        return Request(method, target, header, None)


@dataclass(frozen=True, slots=True)
class Protocol:
    """One way in which proxies ask."""

    path: str
    """The endpoint, below the prefix; one that ends in '/' takes everything below it."""
    by_ticket: bool
    """Whether the proxy gets a ticket for the banner in place of the banner."""
    section: Callable[[Authz], AuthzProtocol]
    original: Callable[[Question], Request]
    """The request that a question is about. Raises `UnclearError`."""
    denial: Callable[[Judgement], Answer]
    """The answer that keeps the proxy from forwarding."""


ALLOWANCES: Final = {
    action: Answer(200, (*PLAIN_HEADERS, (ACTION, action.value)), b"")
    for action in (Action.PASS, Action.ANNOTATE)
}
"""The answers to requests that may go on: 200 without a body."""


def shown_action(judgement: Judgement) -> str:
    """The value of `ACTION` for a request that does not go on."""
    if judgement.action is not None:
        return judgement.action.value
    return FAIL if judgement.answer is not None and judgement.answer.status >= 500 else REFUSE


def page_denial(judgement: Judgement) -> Answer:
    """The page itself as the answer: the banner under 403, a refusal under its own status."""
    page = judgement.answer
    assert page is not None, "a page was asked for"
    status = page.status if judgement.action is None else 403
    return Answer(status, (*page.headers, (ACTION, shown_action(judgement))), page.body)
