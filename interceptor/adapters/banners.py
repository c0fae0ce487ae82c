"""Banners as they go out: the ticket minted, the message drawn, page or strip rendered, the warning counted."""

from __future__ import annotations

from interceptor.adapters.http import Answer, Request, json_answer
from interceptor.adapters.screening import Strip
from interceptor.banner.content import View
from interceptor.banner.render import Banner
from interceptor.config import Config
from interceptor.decision import Decision
from interceptor.errors import TicketError
from interceptor.folding.scripts import script_of
from interceptor.recording import Recorder
from interceptor.ticket import Ticket
from interceptor.vocabulary import Category


class Banners:
    """One process's banners."""

    def __init__(self, config: Config, banner: Banner, recorder: Recorder) -> None:
        self._config, self._banner, self._recorder = config, banner, recorder

    def language(self, request: Request, decision: Decision, queries: tuple[str, ...]) -> str:
        """The language of a banner for a search: what matched says it, then the script, then the reader's settings."""
        return self._banner.choose_language(
            requested=None,
            matched=decision.language,
            script=script_of(queries[0]),
            accept_language=request.header("Accept-Language"),
        )

    def mint(self, category: Category, language: str, prior: int) -> tuple[str, Ticket]:
        """Draw a message and seal a ticket for it, ``prior`` warnings after the first; the ticket as text, and open."""
        message, plan = self._recorder.chooser.choose(category, prior)
        return self._recorder.tickets.mint(
            category=category, language=language, message=message, plan=plan, prior=prior
        )

    def view(self, request: Request, ticket: Ticket, text: str | None, language: str) -> View:
        """What a banner for ``ticket``, whose text is ``text``, shows."""
        return View(
            category=ticket.category,
            language=language,
            message=ticket.message,
            ticket=text,
            onion=self.is_onion(request),
        )

    def page(self, request: Request, category: Category, language: str, prior: int) -> Answer:
        """The page for a search that was just acted on."""
        text, ticket = self.mint(category, language, prior)
        if not request.is_look_ahead:
            self._recorder.warned(ticket)
        view = self.view(request, ticket, text, language)
        return self.shown(request, self._config.replaced_status, view)

    def shown(self, request: Request, status: int, view: View) -> Answer:
        """The answer that shows ``view``: a page, or data for a client that asks for JSON."""
        if request.wants_json:
            return json_answer(
                status, {"results": [], "number_of_results": 0, "interceptor": self._banner.data(view)}
            )
        return Answer(status, tuple(self._banner.page_headers.items()), self._banner.page(view))

    def strip(self, request: Request, category: Category, language: str) -> Strip:
        """The strip for a search that was just acted on; its warning counts once it stands in the page."""
        text, ticket = self.mint(category, language, 0)
        view = self.view(request, ticket, text, language)
        look_ahead = request.is_look_ahead

        def shown() -> None:
            if not look_ahead:
                self._recorder.warned(ticket)

        return Strip(self._banner, view, shown)

    def is_onion(self, request: Request) -> bool:
        """Whether the reader came through an onion service, as configured or as the host says."""
        host = (request.header("Host") or "").lower().partition(":")[0]
        return self._config.engine.onion or host.endswith(".onion")

    def open(self, text: str) -> Ticket | None:
        """The ticket that ``text`` is; None where it is none, forged or expired."""
        try:
            return self._recorder.tickets.open(text)
        except TicketError:
            return None
