"""Results of an engine without those whose own title or snippet matches a list.

A query that matches nothing can still bring up a page that advertises what the lists are about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeVar

from interceptor.vocabulary import Action

T = TypeVar("T")


class Decided(Protocol):
    """What a decision says to do."""

    @property
    def action(self) -> Action:
        """What would be done with a search."""


SHOWN = ("title", "snippet", "content", "description", "summary")
"""Keys or attributes of a result that people read, as engines name them."""


def shown_texts(result: Any) -> Iterable[str]:
    """The texts of ``result``, a mapping or an object, under the names in `SHOWN`."""
    for name in SHOWN:
        text = result.get(name) if isinstance(result, Mapping) else getattr(result, name, None)
        if isinstance(text, str):
            yield text


def filtered(
    decide: Callable[[Iterable[str]], Decided],
    results: Iterable[T],
    texts: Callable[[T], Iterable[str]],
    mark: Callable[[T], T] | None,
) -> list[T]:
    """See `interceptor.Interceptor.filter`; ``decide`` is `Interceptor.decide_all`."""
    kept = []
    for result in results:
        if decide(texts(result)).action is not Action.REPLACE:
            kept.append(result)
        elif mark is not None:
            kept.append(mark(result))
    return kept
