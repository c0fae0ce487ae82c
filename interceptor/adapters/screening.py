"""What becomes of a request: an answer of ours, the engine's answer altered, or what a proxy is told to do with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from interceptor.adapters.http import Answer, plain_answer
from interceptor.adapters.suggestions import SuggestionCleaner
from interceptor.banner.content import View
from interceptor.banner.insertion import StripInserter
from interceptor.banner.render import Banner
from interceptor.errors import BodyTooLargeError, ExtractionError
from interceptor.vocabulary import Action


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


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a proxy is told that asks before it forwards a request."""

    action: Action | None
    """What to do with it; None where it must not go on, for a reason that ``answer`` gives."""
    answer: Answer | None = None
    """What the person gets in place of an answer of the engine, unless ``ticket`` leads there."""
    ticket: str | None = None


def refusal_answer(refusal: ExtractionError) -> Answer:
    """The answer to a request that cannot be read; its connection is to be closed after a body too large."""
    close = (("Connection", "close"),) if isinstance(refusal, BodyTooLargeError) else ()
    return plain_answer(refusal.status, f"{refusal}", *close)
