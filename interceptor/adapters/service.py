"""What every adapter does with a request, free of any framework: screen searches, answer our own endpoints.

The query's text lives in the local variables of these methods and goes no further than `Interceptor`.
"""

from __future__ import annotations

from interceptor.adapters.banners import Banners
from interceptor.adapters.http import Answer, Request, plain_answer
from interceptor.adapters.own_pages import OwnPages
from interceptor.adapters.screening import Judgement, Screening, refusal_answer
from interceptor.adapters.suggestions import SuggestionCleaner
from interceptor.banner.render import Banner
from interceptor.config import Config, FaultPolicy, Mode, Search
from interceptor.decision import Decision, Interceptor
from interceptor.errors import ExtractionError
from interceptor.extraction import Extractor
from interceptor.extraction.paths import Paths
from interceptor.recording import Recorder
from interceptor.vocabulary import Action

_UNTOUCHED = Screening()
_GO_ON = Judgement(Action.PASS)


class Service:
    """One process's interceptor: decides, counts and answers. Made after the process has forked."""

    def __init__(self, gate: Interceptor, banner: Banner, recorder: Recorder) -> None:
        self.config: Config = gate.config
        self._gate, self._recorder = gate, recorder
        self._banners = Banners(self.config, banner, recorder)
        self._pages = OwnPages(gate, banner, self._banners, recorder)
        limits = self.config.limits
        self._extractor = Extractor(self.config.searches, limits)
        self._suggestions = Paths(tuple(Search(path) for path in self.config.suggestions))
        self._cleaning = Screening(suggestions=lambda: SuggestionCleaner(gate))
        self._prefix = self.config.prefix
        self._stem = self._prefix.rstrip("/")

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
            queries = self._queries(request, body)
            if not queries:
                return _UNTOUCHED
            decision = self._gate.decide_all(queries)
            self._count(request, decision)
            if decision.action is Action.PASS:
                return _UNTOUCHED
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
            queries = self._queries(request, body)
            if not queries:
                return _GO_ON
            decision = self._gate.decide_all(queries)
            if hands_over and decision.action is Action.ANNOTATE:
                return Judgement(Action.ANNOTATE)
            self._count(request, decision)
            shadow = self.config.mode is Mode.SHADOW
            if shadow or decision.action is not Action.REPLACE or decision.category is None:
                return _GO_ON
            language = self._banners.language(request, decision, queries)
            if by_ticket:
                return Judgement(
                    decision.action, ticket=self._banners.mint(decision.category, language, 0)[0]
                )
            return Judgement(
                decision.action, self._banners.page(request, decision.category, language, prior=0)
            )
        except ExtractionError as refusal:
            return Judgement(None, refusal_answer(refusal))
        except Exception as fault:
            answer = self._fault(fault).answer
            return _GO_ON if answer is None else Judgement(None, answer)

    def _queries(self, request: Request, body: bytes | None) -> tuple[str, ...]:
        if body is None:
            return self._extractor.extract(request.method, request.target)
        return self._extractor.extract(
            request.method,
            request.target,
            request.header("Content-Type"),
            body,
            request.header("Content-Encoding"),
        )

    def _count(self, request: Request, decision: Decision) -> None:
        if request.method == "HEAD":
            return
        self._recorder.searched()
        if decision.action is not Action.PASS and decision.category is not None:
            self._recorder.intervened(decision.action, decision.category)

    def _act(self, request: Request, decision: Decision, queries: tuple[str, ...]) -> Screening:
        if decision.category is None or self.config.mode is Mode.SHADOW:
            return _UNTOUCHED
        language = self._banners.language(request, decision, queries)
        if decision.action is Action.REPLACE:
            return Screening(self._banners.page(request, decision.category, language, prior=0))
        return Screening(strip=self._banners.strip(request, decision.category, language))

    def _fault(self, fault: Exception) -> Screening:
        self._recorder.failed(fault)
        if self.config.fault_policy is FaultPolicy.CLOSED:
            return Screening(
                plain_answer(503, "The search is not available right now.", ("Retry-After", "30"))
            )
        return _UNTOUCHED

    def answer(self, request: Request, body: bytes | None) -> Answer:
        """Answer a request for one of our own endpoints."""
        return self._pages.answer(request, body)
