"""Words elsewhere in a query that turn a match into something else."""

from __future__ import annotations

import pytest
from gates import LOOSENED, gate

from interceptor.matching.exceptions import ContextRule, fold_phrases
from interceptor.termlists.model import Entry, Outcome, Unless
from interceptor.vocabulary import Category

GROUPS = {"law": ("law", "statute on"), "stop": ("how do i stop", "how to stop")}
ENTRY = Entry(
    id="one",
    terms=("purple lantern",),
    unless=(
        Unless(then=Outcome.PASS, words=("museum", "Märchen")),
        Unless(then=Outcome.HELP_SEEKING, groups=("stop",)),
        Unless(then=Outcome.INFORMATIONAL, words=("history",), groups=("law",)),
        Unless(then=Outcome.AMBIGUOUS, words=("?!", "festival", "灯篭")),
    ),
)


@pytest.mark.parametrize(
    ("query", "category"),
    [
        ("purple lantern", Category.SEEKING),
        ("purple lantern law", Category.INFORMATIONAL),
        ("law on purple lantern", Category.INFORMATIONAL),
        ("statute on the purple lantern", Category.INFORMATIONAL),
        ("statute: on purple lantern", Category.INFORMATIONAL),
        ("statutes purple lantern", Category.SEEKING),
        ("lawn purple lantern", Category.SEEKING),
        ("history of the purple lantern", Category.INFORMATIONAL),
        ("purple lantern festival", Category.AMBIGUOUS),
        ("purple lantern?!", Category.SEEKING),
        ("紫の灯篭 purple lantern", Category.AMBIGUOUS),
        ("How do I stop purple lantern", Category.HELP_SEEKING),
        # The first that applies counts, in the order of the list and not of the query.
        ("law festival purple lantern", Category.INFORMATIONAL),
        ("festival law: how to stop purple lantern", Category.HELP_SEEKING),
    ],
)
def test_the_first_exception_that_applies_counts(query: str, category: Category) -> None:
    decision = gate(ENTRY, groups=GROUPS).decide(query)
    assert decision.category is category


@pytest.mark.parametrize("word", ["museum", "MÄRCHEN", "marchen", "how do i stop museum"])
def test_an_exception_can_take_the_match_away(word: str) -> None:
    interceptor = gate(ENTRY, groups=GROUPS)
    assert interceptor.decide(f"{word} purple lantern").category is None
    (evidence,) = interceptor.explain(f"{word} purple lantern")
    assert evidence.category is None


def test_another_entry_still_counts() -> None:
    interceptor = gate(ENTRY, Entry(id="two", terms=("lantern",), category=Category.AMBIGUOUS), groups=GROUPS)
    assert interceptor.decide("museum purple lantern").category is Category.AMBIGUOUS
    assert interceptor.decide("how to stop purple lantern").category is Category.HELP_SEEKING


def test_groups_have_exceptions_too() -> None:
    entry = Entry(
        id="one",
        all_of=("colour", "light"),
        within=1,
        unless=(Unless(then=Outcome.PASS, words=("museum",)),),
    )
    interceptor = gate(entry, groups={"colour": ("purple",), "light": ("lantern",)})
    assert interceptor.decide("purple lantern").category is Category.SEEKING
    assert interceptor.decide("purple lantern in the museum").category is None
    assert interceptor.decide("purple a b c lantern").category is None


def test_phrases_are_folded_once_and_doubles_left_out() -> None:
    assert fold_phrases(("Märchen", "marchen", "?!", "灯篭", "정원")) == (" marchen ", "灯篭", " 정원")
    assert "marchen" not in repr(ContextRule(Outcome.PASS, (" marchen ",)))


def test_a_reading_that_spoils_a_word_leaves_the_exception_in_force() -> None:
    # "rn" can be drawn for m, so the unknown word is read in a second way; it still stands in the query.
    entry = Entry(
        id="one", terms=("purple lantern",), unless=(Unless(Outcome.INFORMATIONAL, words=("wyzzurn",)),)
    )
    interceptor = gate(entry, config=LOOSENED)
    assert interceptor.decide("wyzzurn purple lantern").category is Category.INFORMATIONAL
    assert interceptor.decide("wyzzurn purp1e lantern").category is Category.INFORMATIONAL
