"""Words one typing error away from a word of the lists."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interceptor.matching.typing_errors import TypingErrors, is_one_edit

WORDS = ("lantern", "garden", "purple", "violet", "фонарь", "lampe")
SHORTEST = 4
words = st.text(st.sampled_from("abc"), max_size=8)


def edits(word: str, letters: str = "xn") -> set[str]:
    """Every text that is one edit from ``word``, by trying them all (Norvig's way, not the one under test)."""
    parts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {left + right[1:] for left, right in parts if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1}
    found |= {left + letter + right[1:] for left, right in parts if right for letter in letters}
    found |= {left + letter + right for left, right in parts for letter in letters}
    return found - {word}


@pytest.mark.parametrize("word", WORDS)
def test_every_single_error_is_found(word: str) -> None:
    index = TypingErrors(WORDS, SHORTEST)
    missed = {typed for typed in edits(word) if word not in index.candidates(typed)}
    assert {typed for typed in missed if len(typed) >= SHORTEST} == set()


@given(left=words, right=words)
def test_one_edit_is_what_trying_all_edits_gives(left: str, right: str) -> None:
    assert is_one_edit(left, right) is (right in edits(left, "abc"))
    assert is_one_edit(right, left) is is_one_edit(left, right)


@given(listed=st.sets(st.text(st.sampled_from("ab"), min_size=4, max_size=7), max_size=20), typed=words)
def test_candidates_are_one_edit_away_and_listed(listed: set[str], typed: str) -> None:
    found = TypingErrors(listed, SHORTEST).candidates(typed)
    near = sorted(word for word in listed if is_one_edit(word, typed))
    assert found == (near[:8] if len(typed) >= SHORTEST else [])


def test_a_word_that_is_listed_is_no_error_of_itself() -> None:
    assert TypingErrors(WORDS, SHORTEST).candidates("lantern") == []


def test_at_most_eight_are_given_and_always_the_same() -> None:
    listed = [f"lanter{letter}" for letter in string.ascii_lowercase]
    for order in (listed, listed[::-1]):
        assert TypingErrors(order, SHORTEST).candidates("lanter7") == listed[:8]


def test_no_word_is_shown() -> None:
    assert "lantern" not in repr(TypingErrors(WORDS, SHORTEST))
