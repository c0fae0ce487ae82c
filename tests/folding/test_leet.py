"""Letters drawn with digits, signs and strokes."""

from __future__ import annotations

import pytest
from fixtures import cases
from hypothesis import given
from hypothesis import strategies as st

from interceptor.folding.leet import LEET, STROKES, strokes

drawn = st.text(st.sampled_from("|\\/()[]{}<>_-~`'3*2=+ a0I"), max_size=60)


@pytest.mark.parametrize(("text", "table", "result"), cases("leet"))
def test_leet(text: str, table: str, result: str) -> None:
    assert (strokes(text) if table == "strokes" else LEET[text]) == result


@pytest.mark.parametrize(("signs", "letter"), STROKES.items())
def test_every_drawing_is_read_inside_a_word(signs: str, letter: str) -> None:
    assert strokes(f"e {signs} e") == f"e {letter} e"


@given(drawn)
def test_signs_are_read_as_letters_or_stay(text: str) -> None:
    read = strokes(text)
    assert len(read) <= len(text)
    assert {char for char in read if char not in text} <= set(STROKES.values())


def test_tables_hold_small_letters_alone() -> None:
    letters = "".join([*LEET.values(), *STROKES.values()])
    assert letters.isascii()
    assert letters.isalpha()
    assert letters.islower()
    assert all(len(sign) == 1 for sign in LEET)
    assert all(len(signs) > 1 for signs in STROKES)
