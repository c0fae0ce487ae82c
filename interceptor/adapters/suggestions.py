"""Search suggestions: an engine's answer while somebody types, without the suggestions that match a list.

Understood is JSON: the array of the OpenSearch suggestions extension (a query, its completions, and parallel arrays of
descriptions and addresses; https://github.com/dewitt/opensearch/blob/master/mediawiki/Specifications/OpenSearch/Extensions/Suggestions/1.1/Draft%201.wiki),
and anything else in which suggestions are strings, or objects that hold strings, in arrays.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from interceptor.decision import Interceptor
from interceptor.vocabulary import Action

_MOST = 1 << 20
"""Bytes of the longest answer that is looked at; a longer one is no list of suggestions, and none is shown."""

_DEEPEST = 20


def can_clean(status: int, content_type: str, codings: Iterable[str]) -> bool:
    """Whether an answer with this ``Content-Type`` and ``Content-Encoding`` is JSON in plain octets."""
    kind = content_type.partition(";")[0].strip().lower()
    is_json = kind.endswith(("/json", "+json", "/javascript"))
    return (
        200 <= status < 300 and is_json and all(code.strip().lower() in ("", "identity") for code in codings)
    )


class SuggestionCleaner:
    """Takes one answer in pieces and gives it back at its end, cleaned; as it came where nothing in it matches."""

    inserted = False

    def __init__(self, gate: Interceptor) -> None:
        self._gate = gate
        self._held = bytearray()

    def __repr__(self) -> str:
        return "SuggestionCleaner()"

    def feed(self, chunk: bytes) -> bytes:
        """Hold ``chunk`` back."""
        if len(self._held) <= _MOST:
            self._held += chunk
        return b""

    def close(self) -> bytes:
        """Give what may be shown."""
        if len(self._held) > _MOST:
            return b"[]"
        body = bytes(self._held)
        try:
            value = json.loads(body)
            cleaned = self._clean(value, 0)
        except (ValueError, RecursionError):
            return body
        return body if cleaned == value else json.dumps(cleaned).encode()

    def _matches(self, value: Any) -> bool:
        """Whether a suggestion, a string or an object that holds some, would be replaced if it were searched for."""
        if isinstance(value, str):
            return self._gate.decide(value).action is Action.REPLACE
        return isinstance(value, dict) and any(
            self._matches(part) for part in value.values() if isinstance(part, str)
        )

    def _clean(self, value: Any, depth: int) -> Any:
        if depth > _DEEPEST:
            return value
        if isinstance(value, dict):
            return {key: self._clean(part, depth + 1) for key, part in value.items()}
        if not isinstance(value, list):
            return value
        if len(value) > 1 and isinstance(value[0], str) and isinstance(value[1], list):
            return self._clean_parallel(value)
        return [self._clean(part, depth + 1) for part in value if not self._matches(part)]

    def _clean_parallel(self, value: list[Any]) -> list[Any]:
        """Clean an OpenSearch array, whose arrays speak of the same completions in the same order."""
        kept = [place for place, completion in enumerate(value[1]) if not self._matches(completion)]
        size = len(value[1])
        return [
            value[0],
            *(
                [part[place] for place in kept] if isinstance(part, list) and len(part) == size else part
                for part in value[1:]
            ),
        ]
