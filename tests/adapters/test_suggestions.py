"""Answers to keystrokes, cleaned, as the forms that engines give them in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from interceptor import Interceptor
from interceptor.adapters.suggestions import SuggestionCleaner, can_clean
from interceptor.config import Config

BAD = "purple garden lantern"


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Interceptor:
    from running import GARDEN

    folder = tmp_path_factory.mktemp("lists")
    (folder / "garden.yaml").write_text(GARDEN)
    return Interceptor.load(Config(lists=(folder,)))


def cleaned(gate: Interceptor, body: bytes, size: int = 7) -> bytes:
    cleaner = SuggestionCleaner(gate)
    out = b"".join(cleaner.feed(body[at : at + size]) for at in range(0, len(body), size))
    return out + cleaner.close()


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (
            ["purple", ["purple rain", BAD], ["a", "b"], ["/1", "/2"]],
            ["purple", ["purple rain"], ["a"], ["/1"]],
        ),
        (["purple", ["purple rain", BAD], [], {"x": [1, 2]}], ["purple", ["purple rain"], [], {"x": [1, 2]}]),
        ([BAD, [BAD], []], [BAD, [], []]),
        (["purple rain", BAD, "purple"], ["purple rain", "purple"]),
        ({"suggestions": ["rain", BAD]}, {"suggestions": ["rain"]}),
        ([{"phrase": "rain"}, {"phrase": BAD}], [{"phrase": "rain"}]),
        ({"a": {"b": [{"value": BAD, "n": 1}]}}, {"a": {"b": []}}),
    ],
)
def test_matching_suggestions_are_left_out(gate: Interceptor, given: Any, wanted: Any) -> None:
    assert json.loads(cleaned(gate, json.dumps(given).encode())) == wanted


@pytest.mark.parametrize(
    "body",
    [
        b'["purple",  ["purple rain"]]',
        b"not json",
        b"",
        b"[" * 100_000,
        b"\xff",
        b'["' + BAD.encode() + b' law"]',
    ],
)
def test_what_holds_nothing_to_leave_out_stays_octet_for_octet(gate: Interceptor, body: bytes) -> None:
    assert cleaned(gate, body, 1 << 16) == body


def test_an_answer_too_long_to_be_suggestions_shows_none(gate: Interceptor) -> None:
    body = json.dumps(["a" * 100] * 20_000).encode()
    assert cleaned(gate, body, 1 << 16) == b"[]"


@pytest.mark.parametrize(
    ("kind", "coding", "status", "can"),
    [
        ("application/json; charset=utf-8", "", 200, True),
        ("application/x-suggestions+json", "identity", 200, True),
        ("text/javascript", "", 200, True),
        ("text/html", "", 200, False),
        ("application/json", "gzip", 200, False),
        ("application/json", "", 404, False),
    ],
)
def test_which_answers_are_looked_at(kind: str, coding: str, status: int, can: bool) -> None:
    assert can_clean(status, kind, [coding]) is can
