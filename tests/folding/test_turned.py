"""Text that is written backwards or upside down."""

from __future__ import annotations

import pytest
from fixtures import cases
from hypothesis import given
from hypothesis import strategies as st

from interceptor.folding import turned


@pytest.mark.parametrize(("text", "way", "result"), cases("turned"))
def test_turned(text: str, way: str, result: str) -> None:
    found = turned.words_backwards(text) if way == "words backwards" else dict(turned.marked(text))[way]
    assert found == result


@given(st.text(max_size=60))
def test_words_turned_twice_are_as_before(text: str) -> None:
    assert turned.words_backwards(turned.words_backwards(text)) == text


@given(st.text(st.characters(codec="ascii"), max_size=60))
def test_nothing_in_ascii_asks_to_be_turned(text: str) -> None:
    assert list(turned.marked(text)) == []


@given(st.text(st.sampled_from("\u202e\u202d\u202c\u2066\u2069abɐ "), max_size=60))
def test_controls_in_any_order_lose_no_letter(text: str) -> None:
    for step, other in turned.marked(text):
        if step == "bidirectional override":
            assert sorted(char for char in other if char in "abɐ ") == sorted(c for c in text if c in "abɐ ")
