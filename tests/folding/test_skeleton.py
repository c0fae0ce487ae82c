"""Skeletons: what rewritings leave of a text, and the map from each of its characters back to the text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from fixtures import cases
from hypothesis import example, given, settings
from hypothesis import strategies as st

from interceptor.folding import plain
from interceptor.folding.skeleton import UNFOLDED, key, runs, skeleton

texts = st.text(st.characters(), max_size=40)
_MANY = st.text(st.sampled_from("aAlLIi1!|gq69бΗηﾌ庭정é\u0301\u200b \n-$@*🇱🇦⒜ﬁßıİ"), max_size=40)


@pytest.mark.parametrize(("text", "signs", "result"), cases("skeleton"))
def test_skeleton(text: str, signs: str, result: str) -> None:
    assert skeleton(text, signs=signs == "signs") == result


@settings(deadline=None)  # the tables of characters are filled as they are met
@given(text=texts | _MANY, signs=st.booleans())
@example(text="ﬁﬁ ⒜a", signs=False)
@example(text="🇱🇦", signs=True)
def test_a_run_of_the_text_stands_behind_every_character(text: str, signs: bool) -> None:
    found, groups = skeleton(text, signs=signs), runs(text, signs=signs)
    assert [key(group[0].letter) for group in groups] == list(found)
    for group in groups:
        assert {key(unit.letter) for unit in group} == {key(group[0].letter)}
    places = [unit.place for group in groups for unit in group]
    assert places == sorted(places)
    assert all(0 <= place < len(text) for place in places)


@settings(deadline=None)  # the tables of characters are filled as they are met
@given(text=texts | _MANY, signs=st.booleans())
def test_no_character_stands_twice_in_a_row(text: str, signs: bool) -> None:
    found = skeleton(text, signs=signs)
    assert all(left != right for left, right in pairwise(found))


@settings(deadline=None)  # the tables of characters are filled as they are met
@given(st.text(st.sampled_from("aAlLIi1!|gq69бΗηﾌ庭é\u0301\u200b \n-$@*🇱"), max_size=40))
def test_gaps_and_repeats_do_not_show(text: str) -> None:
    whole = skeleton(text, signs=False)
    assert skeleton(" ".join(text), signs=False) == whole
    assert skeleton("".join(char * 2 for char in text), signs=False) == whole
    assert skeleton("\u200b".join(text), signs=False) == whole


@pytest.mark.parametrize(
    "term", ["purple garden lantern", "Lámpara de jardín", "садовый фонарь", "정원 등불", "庭園"]
)
def test_a_term_and_its_folded_pattern_have_one_skeleton(term: str) -> None:
    pattern = plain.pattern(term, starts_word=True, ends_word=True)
    assert skeleton(term, signs=False) == skeleton(pattern, signs=False) != ""


def _is_taken_from_view(text: str) -> bool:
    return plain.view(text).isascii() and set(UNFOLDED).isdisjoint(text)


def test_a_view_in_ascii_has_the_skeleton_of_every_character_but_those_named() -> None:
    chars = (chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    taken = [char for char in chars if _is_taken_from_view(f"a{char}b")]
    assert len(taken) > 2_000
    assert [
        c for c in taken if skeleton(f"a{c}b", signs=False) != skeleton(plain.view(f"a{c}b"), signs=False)
    ] == []


@settings(deadline=None)  # the tables of characters are filled as they are met
@given(st.text(st.sampled_from("aAblLIi1gq69éÉßæ\u0301\u0335\u200b\u00ad -.?¿ⓐ⒜ﬁＡ₁ºłı🇱🇦𝐚"), max_size=30))
def test_a_view_in_ascii_has_the_skeleton_of_its_text(text: str) -> None:
    if _is_taken_from_view(text):
        assert skeleton(plain.view(text), signs=False) == skeleton(text, signs=False)
