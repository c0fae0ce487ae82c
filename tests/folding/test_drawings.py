"""Letters drawn with several signs or with other letters, and the ways to read them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interceptor.folding import drawings
from interceptor.folding.leet import strokes


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("|_|rn", "urn"),
        ("f|_|_|te", "flute"),
        ("pe|_|_a", "pella"),
        ("vil|_age", "vil|_age".replace("|_", "l")),
        ("rn()|_||\\|t", "mount"),
        ("thim13|_e", "thimble"),
        ("oI3ser\\/ato|2y", "observatory"),
        ("\\/\\/ind|\\/|ill and \\/\\/ater", "windmill and water"),
        ("phlu|_|e", "fluue"),
        ("RN/\\RBLE", "maRBLE"),
        ("p_/-\\_i_/\\/_t_e_d", "p_a_i_n_t_e_d"),
        ("t_|-|_e_/-\\_t_r_e", "t_h_e_a_t_r_e"),
    ],
)
def test_one_of_the_readings_is_the_word(text: str, word: str) -> None:
    assert word in drawings.of_signs(text)


def test_the_first_reading_takes_the_longest_drawings() -> None:
    text = "\\/\\/indrni|_|_"
    assert next(iter(drawings.of_signs(text))) == strokes(text)


@pytest.mark.parametrize("text", ["", "garden lantern", "a/b", "corner [1]", "lanternphoto"])
def test_texts_without_strokes_have_no_such_reading(text: str) -> None:
    assert list(drawings.of_signs(text)) == []


def test_letters_are_drawn_in_unknown_words_only() -> None:
    known = {"modern", "clock"}.__contains__
    assert next(drawings.of_letters("modern vvindrnill clock", known)) == "modern windmill clock"
    assert list(drawings.of_letters("modern clock", known)) == []
    assert list(drawings.of_letters("garden", known)) == []


@pytest.mark.parametrize("text", ["LARNP", "laRnp", "larNp"])
def test_the_case_of_letters_that_draw_another_is_no_matter(text: str) -> None:
    assert [read.lower() for read in drawings.of_letters(text, lambda word: False)] == ["lamp"]


def test_letters_beside_ascii_that_have_the_same_capital_draw_none() -> None:
    assert list(drawings.of_letters("\u212a\u212aS \u01303", lambda word: False)) == []


def test_each_kind_of_drawing_is_read_alone_too() -> None:
    found = list(drawings.of_letters("phlowerhorn", lambda word: False))
    assert found == ["flowerhom", "flowerhorn", "phlowerhom"]


@given(st.text(st.sampled_from("|\\/()[]{}<>_-~`'3*2=+ a0Irnphvv"), max_size=80))
def test_readings_are_few_and_different(text: str) -> None:
    found = list(drawings.of_signs(text))
    assert len(found) == len(set(found)) <= 13
    assert text not in found
    assert all(len(read) <= len(text) for read in found)


@pytest.mark.parametrize("piece", ["|_|_", "\\/\\/ ", "|\\/|rn", "I3"])
def test_time_is_linear_in_the_length(piece: str) -> None:
    def seconds(count: int) -> float:
        text = piece * count
        start = time.process_time()
        assert len(list(drawings.of_signs(text))) <= 13
        return time.process_time() - start

    # The first is read in several ways, the second is too long for that.
    assert seconds(60) < 0.5
    assert seconds(20_000) < 1
