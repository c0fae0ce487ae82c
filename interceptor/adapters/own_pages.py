"""Our own endpoints under the prefix: the banner, its links to help, its search box, and ``v1/decide``."""

from __future__ import annotations

from interceptor.adapters import decide_api
from interceptor.adapters.banners import Banners
from interceptor.adapters.http import Answer, Request, plain_answer
from interceptor.adapters.screening import refusal_answer
from interceptor.adapters.search_box import SearchBox
from interceptor.banner.content import View
from interceptor.banner.render import Banner
from interceptor.banner.resources import TRAP
from interceptor.config import Mode
from interceptor.counting.families import Outcome
from interceptor.decision import Interceptor
from interceptor.errors import ExtractionError
from interceptor.recording import Recorder
from interceptor.vocabulary import Action, Category


class OwnPages:
    """One process's endpoints."""

    def __init__(self, gate: Interceptor, banner: Banner, banners: Banners, recorder: Recorder) -> None:
        self._config = gate.config
        self._gate, self._banner, self._banners, self._recorder = gate, banner, banners, recorder
        self._box = SearchBox(self._config)
        self._prefix = self._config.prefix

    def answer(self, request: Request, body: bytes | None) -> Answer:
        """Answer a request for one of our own endpoints."""
        endpoint = request.path[len(self._prefix) :]
        try:
            if endpoint == "banner":
                return self._answer_banner(request)
            if endpoint.startswith("go/"):
                return self._answer_go(request, endpoint)
            if endpoint == "search":
                return self._answer_search(request, body)
            if endpoint.startswith("v1/") and decide_api.allows(self._config, request):
                return decide_api.answer(endpoint, request, body, self._gate, self._banner)
        except ExtractionError as refusal:
            return refusal_answer(refusal)
        except Exception as fault:
            self._recorder.failed(fault)
            return plain_answer(500, "This page is not available right now.")
        return plain_answer(404, "There is no such page here.")

    def _answer_banner(self, request: Request) -> Answer:
        """The banner page of a ticket; without a good one the page all the same, uncounted."""
        text = request.parameter("t")
        ticket = self._banners.open(text)
        language = self._banner.choose_language(
            requested=request.parameter("lang") or None,
            matched=ticket.language if ticket else None,
            script=None,
            accept_language=request.header("Accept-Language"),
        )
        if ticket is None:
            return self._banners.shown(
                request, 200, View(Category.SEEKING, language, onion=self._banners.is_onion(request))
            )
        if not request.is_look_ahead:
            self._recorder.warned(ticket)
        return self._banners.shown(request, 200, self._banners.view(request, ticket, text, language))

    def _answer_go(self, request: Request, endpoint: str) -> Answer:
        """Lead to a configured resource; count the click where the ticket is good and a person made it."""
        _, _, rest = endpoint.partition("/")
        resource, _, text = rest.partition("/")
        trapped = resource == TRAP
        onion = self._banners.is_onion(request)
        target = (
            self._banner.trap_target(onion=onion) if trapped else self._banner.target(resource, onion=onion)
        )
        if target is None:
            language = self._banner.choose_language(
                requested=None, matched=None, script=None, accept_language=request.header("Accept-Language")
            )
            return self._banners.shown(request, 404, View(Category.SEEKING, language, onion=onion))
        ticket = self._banners.open(text)
        if ticket is not None and request.method == "GET" and not request.is_look_ahead:
            if trapped:
                self._recorder.trapped(ticket)
            else:
                self._recorder.clicked(ticket, resource)
        headers = (
            ("Location", target),
            ("Referrer-Policy", "no-referrer"),
            ("X-Robots-Tag", "noindex, nofollow"),
        )
        return plain_answer(303, "Help is at the address of this redirect.", *headers)

    def _answer_search(self, request: Request, body: bytes | None) -> Answer:
        """The banner's own search box: a matching query gets its banner, a clean one goes to the engine."""
        if request.method != "POST":
            return plain_answer(405, "Use the search box of the page.", ("Allow", "POST"))
        queries = self._box.queries(request, body)
        ticket = self._banners.open(request.parameter("t"))
        decision = self._gate.decide_all(queries)
        if decision.action is Action.REPLACE and decision.category and self._config.mode is Mode.ENFORCE:
            self._recorder.searched()
            self._recorder.intervened(decision.action, decision.category)
            if ticket is not None:
                self._recorder.returned(ticket, Outcome.MATCHING)
            language = ticket.language if ticket else self._banners.language(request, decision, queries)
            return self._banners.page(
                request, decision.category, language, prior=ticket.prior + 1 if ticket else 1
            )
        if ticket is not None and queries:
            self._recorder.returned(ticket, Outcome.OTHER)
        return self._box.onward(queries[0] if queries else None)
