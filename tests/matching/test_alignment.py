"""Counting the steps between a term and what stands in the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interceptor.folding import plain
from interceptor.folding.skeleton import runs, skeleton
from interceptor.matching.alignment import Steps, align, groups_of

TERM = "purple garden"
LETTERS = 12
PAIRS = 10


def steps(term: str, text: str, *, signs: bool = False) -> Steps | None:
    pattern = plain.view(term)
    assert skeleton(pattern, signs=False) == skeleton(text, signs=signs)
    return align(groups_of(pattern), text, runs(text, signs=signs))


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("purple garden", {}),
        ("PURPLE, Gärden", {}),
        ("purple\u200bgarden", {"merged": 1}),
        ("purplegarden", {"merged": 1}),
        ("\u0440urpl\u0435 garden", {"lookalikes": 2}),
        ("purple 9ard3n", {"leet": 2}),
        ("purpie garden", {"swaps": 1}),
        ("purrrple garden", {"repeats": 2}),
        ("pur ple garden", {"spaces": 1}),
        ("pur-ple gar.den", {"points": 2}),
        ("pur - ple garden", {"spaces": 1}),
        ("pur/ple garden", {"points": 1}),
        ("pu\u0301r\u200bple garden", {}),
        ("p u r p l e g a r d e n", {"spaces": 10}),
        ("p.u.r.p.l.e g.a.r.d.e.n", {"points": 10}),
    ],
)
def test_steps_are_counted_by_kind(text: str, counted: dict[str, int]) -> None:
    assert steps(TERM, text) == Steps(LETTERS, pairs=PAIRS, **counted)


@pytest.mark.parametrize(
    ("term", "text", "signs", "counted"),
    [
        ("lantern", "l@n+ern", True, {"leet": 2}),
        ("hello", "helo", False, {"dropped": 1}),
        ("hello", "hellllo", False, {"repeats": 2}),
        ("कोमल", "को-मल", False, {"points": 1}),
        ("bell", "be11", False, {"leet": 2}),
        ("fig tree", "ﬁg tree", False, {}),
    ],
)
def test_steps_of_other_terms(term: str, text: str, signs: bool, counted: dict[str, int]) -> None:
    found = steps(term, text, signs=signs)
    letters = len(term.replace(" ", ""))
    assert found == Steps(letters, pairs=letters - len(term.split()), **counted)


@pytest.mark.parametrize(("term", "text"), [("bell", "gell"), ("garden", "qarden"), ("kundla", "kundi la")])
def test_letters_that_only_share_a_sign_are_not_each_other(term: str, text: str) -> None:
    assert steps(term, text) is None


@given(st.text(max_size=30))
def test_a_pattern_is_no_step_away_from_itself(text: str) -> None:
    view = plain.view(text)
    if groups := groups_of(view):
        assert len(groups) == len(skeleton(view, signs=False))
        found = align(groups, view, runs(view, signs=False))
        assert found is not None
        assert found.names() == ()


def test_steps_are_named_in_order() -> None:
    assert Steps(9, lookalikes=1, leet=1, merged=1).names() == (
        "look-alike letters",
        "signs for letters",
        "words merged",
    )
    assert Steps(4, pairs=3, spaces=2, points=1).names() == ("letters spaced out",)
