"""What every adapter does with a request, free of any framework: screen searches, answer our own endpoints.

The query's text lives in the local variables of these methods and goes no further than `Interceptor`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from interceptor.adapters import decide_api
from interceptor.adapters.http import Answer, Request, json_answer, plain_answer
from interceptor.adapters.search_box import SearchBox
from interceptor.adapters.suggestions import SuggestionCleaner
from interceptor.banner.content import View
from interceptor.banner.insertion import StripInserter
from interceptor.banner.render import Banner
from interceptor.banner.resources import TRAP
from interceptor.config import Config, FaultPolicy, Mode, Search
from interceptor.counting.families import Outcome
from interceptor.decision import Decision, Interceptor
from interceptor.errors import BodyTooLargeError, ExtractionError, TicketError
from interceptor.extraction import Extractor
from interceptor.extraction.paths import Paths
from interceptor.folding.scripts import script_of
from interceptor.keeper import Recorder
from interceptor.ticket import Ticket
from interceptor.vocabulary import Action, Category


@dataclass(frozen=True, slots=True)
class Strip:
    """An annotation to put into the engine's page."""

    banner: Banner
    view: View
    shown: Callable[[], None]
    """To be called once the strip really stands in the page."""

    def inserter(self, csp: bool, charset: str | None) -> StripInserter:
        """A transformer for one page; ``csp`` as `StripInserter` has it."""
        return self.banner.inserter(self.view, csp=csp, charset=charset)


@dataclass(frozen=True, slots=True)
class Screening:
    """What becomes of a request to the engine: ``answer`` instead of it, or its answer altered, or neither."""

    answer: Answer | None = None
    strip: Strip | None = None
    """To be put into the engine's page."""
    suggestions: Callable[[], SuggestionCleaner] | None = None
    """Makes what the engine's answer, a list of suggestions, is to go through."""

    @property
    def alters(self) -> bool:
        """Whether the engine's answer is to be altered, so that it has to come whole and in plain octets."""
        return self.strip is not None or self.suggestions is not None


_UNTOUCHED = Screening()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a proxy is told that asks before it forwards a request."""

    action: Action | None
    """What to do with it; None where it must not go on, for a reason that ``answer`` gives."""
    answer: Answer | None = None
    """What the person gets in place of an answer of the engine, unless ``ticket`` leads there."""
    ticket: str | None = None


_GO_ON = Judgement(Action.PASS)


class Service:
    """One process's interceptor: decides, counts and answers. Made after the process has forked."""

    def __init__(self, gate: Interceptor, banner: Banner, recorder: Recorder) -> None:
        self.config: Config = gate.config
        self._gate, self._banner, self._recorder = gate, banner, recorder
        limits = self.config.limits
        self._extractor = Extractor(self.config.searches, limits)
        self._box = SearchBox(self.config)
        self._suggestions = Paths(tuple(Search(path) for path in self.config.suggestions))
        self._cleaning = Screening(suggestions=lambda: SuggestionCleaner(gate))
        self._prefix = self.config.prefix
        self._stem = self._prefix.rstrip("/")

    # ---- requests to the engine

    def owns(self, request: Request) -> bool:
        """Whether the request is for one of our own endpoints."""
        target = request.target
        return target.startswith(self._stem) and (
            target.startswith(self._prefix) or request.path == self._stem
        )

    def body_limit(self, request: Request) -> int | None:
        """How many bytes of the body have to be read before `screen` or `answer`; None: leave it alone."""
        if self.owns(request):
            return self.config.limits.search_body
        if self._extractor.reads_body(request.method, request.target, request.header("Content-Type")):
            return self.config.limits.search_body
        return None

    def screen(self, request: Request, body: bytes | None) -> Screening:
        """Decide on a request to the engine and count it; ``body`` where `body_limit` asked for it."""
        if self.config.suggestions and self._suggestions.find(request.path) is not None:
            return self._cleaning if self.config.mode is Mode.ENFORCE else _UNTOUCHED
        try:
            queries = self._extractor.extract(
                request.method,
                request.target,
                request.header("Content-Type"),
                body,
                request.header("Content-Encoding"),
            )
            if not queries:
                return _UNTOUCHED
            decision = self._gate.decide_all(queries)
            return self._act(request, decision, queries)
        except ExtractionError as refusal:
            return Screening(refusal_answer(refusal))
        except Exception as fault:
            return self._fault(fault)

    def judge(self, request: Request, body: bytes | None, *, by_ticket: bool, hands_over: bool) -> Judgement:
        """Decide on a request that a proxy asks about, and count it.

        ``by_ticket`` mints a ticket for the banner in place of the banner; ``hands_over`` tells that the proxy
        sends what is to be annotated here again, where `screen` sees to it and counts it.
        """
        hands_over = hands_over and self.config.mode is Mode.ENFORCE
        if self.config.suggestions and self._suggestions.find(request.path) is not None:
            return Judgement(Action.ANNOTATE) if hands_over else _GO_ON
        try:
            queries = self._extractor.extract(
                request.method,
                request.target,
                request.header("Content-Type"),
                body,
                request.header("Content-Encoding"),
            )
            if not queries:
                return _GO_ON
            decision = self._gate.decide_all(queries)
            if hands_over and decision.action is Action.ANNOTATE:
                return Judgement(Action.ANNOTATE)
            self._count(request, decision)
            shadow = self.config.mode is Mode.SHADOW
            if shadow or decision.action is not Action.REPLACE or decision.category is None:
                return _GO_ON
            language = self._language(request, decision, queries)
            if by_ticket:
                return Judgement(decision.action, ticket=self._mint(decision.category, language, 0)[0])
            return Judgement(decision.action, self._page(request, decision.category, language, prior=0))
        except ExtractionError as refusal:
            return Judgement(None, refusal_answer(refusal))
        except Exception as fault:
            answer = self._fault(fault).answer
            return _GO_ON if answer is None else Judgement(None, answer)

    def _count(self, request: Request, decision: Decision) -> None:
        if request.method == "HEAD":
            return
        self._recorder.searched()
        if decision.action is not Action.PASS and decision.category is not None:
            self._recorder.intervened(decision.action, decision.category)

    def _act(self, request: Request, decision: Decision, queries: tuple[str, ...]) -> Screening:
        self._count(request, decision)
        if decision.action is Action.PASS or decision.category is None:
            return _UNTOUCHED
        if self.config.mode is Mode.SHADOW:
            return _UNTOUCHED
        language = self._language(request, decision, queries)
        if decision.action is Action.REPLACE:
            return Screening(self._page(request, decision.category, language, prior=0))
        return Screening(strip=self._strip(request, decision.category, language))

    def _fault(self, fault: Exception) -> Screening:
        self._recorder.failed(fault)
        if self.config.fault_policy is FaultPolicy.CLOSED:
            return Screening(
                plain_answer(503, "The search is not available right now.", ("Retry-After", "30"))
            )
        return _UNTOUCHED

    # ---- the banner

    def _language(self, request: Request, decision: Decision, queries: tuple[str, ...]) -> str:
        return self._banner.choose_language(
            requested=None,
            matched=decision.language,
            script=script_of(queries[0]),
            accept_language=request.header("Accept-Language"),
        )

    def _mint(self, category: Category, language: str, prior: int) -> tuple[str, Ticket]:
        message, plan = self._recorder.chooser.choose(category, prior)
        return self._recorder.tickets.mint(
            category=category, language=language, message=message, plan=plan, prior=prior
        )

    def _view(self, request: Request, ticket: Ticket, text: str | None, language: str) -> View:
        return View(
            category=ticket.category,
            language=language,
            message=ticket.message,
            ticket=text,
            onion=self._is_onion(request),
        )

    def _page(self, request: Request, category: Category, language: str, prior: int) -> Answer:
        """The page for a search that was just acted on."""
        text, ticket = self._mint(category, language, prior)
        if not request.is_look_ahead:
            self._recorder.warned(ticket)
        view = self._view(request, ticket, text, language)
        return self._shown(request, self.config.replaced_status, view)

    def _shown(self, request: Request, status: int, view: View) -> Answer:
        if request.wants_json:
            return json_answer(
                status, {"results": [], "number_of_results": 0, "interceptor": self._banner.data(view)}
            )
        return Answer(status, tuple(self._banner.page_headers.items()), self._banner.page(view))

    def _strip(self, request: Request, category: Category, language: str) -> Strip:
        text, ticket = self._mint(category, language, 0)
        view = self._view(request, ticket, text, language)
        look_ahead = request.is_look_ahead

        def shown() -> None:
            if not look_ahead:
                self._recorder.warned(ticket)

        return Strip(self._banner, view, shown)

    def _is_onion(self, request: Request) -> bool:
        host = (request.header("Host") or "").lower().partition(":")[0]
        return self.config.engine.onion or host.endswith(".onion")

    # ---- our own endpoints

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
            if endpoint.startswith("v1/") and decide_api.allows(self.config, request):
                return decide_api.answer(endpoint, request, body, self._gate, self._banner)
        except ExtractionError as refusal:
            return refusal_answer(refusal)
        except Exception as fault:
            self._recorder.failed(fault)
            return plain_answer(500, "This page is not available right now.")
        return plain_answer(404, "There is no such page here.")

    def _open(self, text: str) -> Ticket | None:
        try:
            return self._recorder.tickets.open(text)
        except TicketError:
            return None

    def _answer_banner(self, request: Request) -> Answer:
        """The banner page of a ticket; without a good one the page all the same, uncounted."""
        text = request.parameter("t")
        ticket = self._open(text)
        language = self._banner.choose_language(
            requested=request.parameter("lang") or None,
            matched=ticket.language if ticket else None,
            script=None,
            accept_language=request.header("Accept-Language"),
        )
        if ticket is None:
            return self._shown(request, 200, View(Category.SEEKING, language, onion=self._is_onion(request)))
        if not request.is_look_ahead:
            self._recorder.warned(ticket)
        return self._shown(request, 200, self._view(request, ticket, text, language))

    def _answer_go(self, request: Request, endpoint: str) -> Answer:
        """Lead to a configured resource; count the click where the ticket is good and a person made it."""
        _, _, rest = endpoint.partition("/")
        resource, _, text = rest.partition("/")
        trapped = resource == TRAP
        onion = self._is_onion(request)
        target = (
            self._banner.trap_target(onion=onion) if trapped else self._banner.target(resource, onion=onion)
        )
        if target is None:
            language = self._banner.choose_language(
                requested=None, matched=None, script=None, accept_language=request.header("Accept-Language")
            )
            return self._shown(request, 404, View(Category.SEEKING, language, onion=onion))
        ticket = self._open(text)
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
        ticket = self._open(request.parameter("t"))
        decision = self._gate.decide_all(queries)
        if decision.action is Action.REPLACE and decision.category and self.config.mode is Mode.ENFORCE:
            self._recorder.searched()
            self._recorder.intervened(decision.action, decision.category)
            if ticket is not None:
                self._recorder.returned(ticket, Outcome.MATCHING)
            language = ticket.language if ticket else self._language(request, decision, queries)
            return self._page(request, decision.category, language, prior=ticket.prior + 1 if ticket else 1)
        if ticket is not None and queries:
            self._recorder.returned(ticket, Outcome.OTHER)
        return self._box.onward(queries[0] if queries else None)


def refusal_answer(refusal: ExtractionError) -> Answer:
    """The answer to a request that cannot be read; its connection is to be closed after a body too large."""
    close = (("Connection", "close"),) if isinstance(refusal, BodyTooLargeError) else ()
    return plain_answer(refusal.status, f"{refusal}", *close)
