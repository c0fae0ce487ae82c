"""How much has to speak for a rewriting, in the names of the configuration."""

from __future__ import annotations

import pytest

from interceptor.config import Matching
from interceptor.matching.alignment import Steps
from interceptor.matching.evidence import are_ordinary, is_mistyped, suffices

BOUNDS = Matching(
    shortest=5,
    shortest_spaced_out=4,
    shortest_split=7,
    shortest_mistyped=9,
    shortest_mistyped_word=10,
    shortest_ordinary=12,
    substituted=0.5,
)


@pytest.mark.parametrize(
    ("steps", "enough"),
    [
        # Short terms stand as they are, or with all of their letters apart.
        (Steps(4, lookalikes=1), False),
        (Steps(5, lookalikes=1), True),
        (Steps(4, pairs=3, spaces=3), True),
        (Steps(4, pairs=3, spaces=2, points=1), True),
        (Steps(4, pairs=3, spaces=3, repeats=1), False),
        (Steps(3, pairs=2, spaces=2), False),
        # Signs and swapped letters are at most half; look-alikes may be all.
        (Steps(6, leet=3), True),
        (Steps(6, leet=4), False),
        (Steps(7, leet=2, swaps=1), True),
        (Steps(7, leet=2, swaps=2), False),
        (Steps(6, lookalikes=6), True),
        # One letter more for each further kind of step.
        (Steps(5, lookalikes=1, leet=1), False),
        (Steps(6, lookalikes=1, leet=1), True),
        (Steps(6, lookalikes=1, leet=1, repeats=1), False),
        (Steps(7, lookalikes=1, leet=1, repeats=1), True),
        # A word split.
        (Steps(6, pairs=5, spaces=1), False),
        (Steps(7, pairs=6, spaces=1), True),
        (Steps(6, pairs=5, points=1), False),
        (Steps(7, pairs=6, points=1), True),
        # A doubled letter once is a typing error, and one is the most.
        (Steps(8, dropped=1), False),
        (Steps(9, dropped=1), True),
        (Steps(12, dropped=2), False),
        # In a term of one word it needs more, and so do swapped letters alone.
        (Steps(9, dropped=1, pairs=8), False),
        (Steps(10, dropped=1, pairs=9), True),
        (Steps(9, swaps=1, pairs=8), False),
        (Steps(9, swaps=1, leet=1, pairs=8), True),
        (Steps(9, swaps=1, pairs=7), True),
    ],
)
def test_what_suffices(steps: Steps, enough: bool) -> None:
    assert suffices(steps, ordinary=False, bounds=BOUNDS) is enough


@pytest.mark.parametrize(
    ("steps", "enough"),
    [
        (Steps(11, merged=1), False),
        (Steps(12, merged=1), True),
        (Steps(12, pairs=11, spaces=1), True),
        *((Steps(20, **{kind: 1}), False) for kind in ("lookalikes", "leet", "swaps", "repeats", "dropped")),
    ],
)
def test_where_ordinary_words_stand_only_gaps_count(steps: Steps, enough: bool) -> None:
    assert suffices(steps, ordinary=True, bounds=BOUNDS) is enough


def test_every_name_of_the_configuration_has_its_effect() -> None:
    cases = {
        "shortest": (Steps(5, lookalikes=1), 6),
        "shortest_spaced_out": (Steps(4, pairs=3, spaces=3), 5),
        "shortest_split": (Steps(7, pairs=6, spaces=1), 8),
        "shortest_mistyped": (Steps(9, dropped=1), 10),
        "substituted": (Steps(6, leet=3), 0.4),
    }
    for name, (steps, value) in cases.items():
        assert suffices(steps, ordinary=False, bounds=BOUNDS)
        changed = {field: getattr(BOUNDS, field) for field in cases} | {name: value}
        assert not suffices(steps, ordinary=False, bounds=Matching(**changed))


RARE = {"kettledrums", "lanterns"}


@pytest.mark.parametrize(
    ("written", "term", "enough"),
    [
        ("lantrn", " purple lantern ", True),
        ("antern", " purple lantern ", True),
        ("lanterns", " purple lantern ", True),
        ("lantrn", " big lantern ", True),
        ("lantrn", " a lantern ", False),
        ("ketledrum", " kettledrum ", True),
        ("ettledrum", " kettledrum ", False),
        ("kettledrums", " kettledrum ", False),
        ("kettledrum", " kettledru ", False),
    ],
)
def test_a_typing_error_in_one_word_needs_more(written: str, term: str, enough: bool) -> None:
    assert is_mistyped(written, term, bounds=BOUNDS, rare=RARE) is enough


@pytest.mark.parametrize(
    ("stands", "steps", "expected"),
    [
        (["garden", "lantern"], Steps(13, pairs=11), True),
        (["garden", "lantern"], Steps(14, pairs=12, leet=1), False),
        (["gardn", "lantern"], Steps(13, pairs=11), False),
        (["kettledrums"], Steps(10, pairs=9), True),
        (["kettledrums"], Steps(10, pairs=8), False),
        (["la", "garden"], Steps(8, pairs=7), True),
        (["la", "garden"], Steps(8, pairs=6), False),
        (["garden", "s"], Steps(7, pairs=6), True),
        (["garden", "x"], Steps(7, pairs=6), False),
        (["la", "la", "garden"], Steps(10, pairs=9), False),
    ],
)
def test_what_counts_as_ordinary_words(stands: list[str], steps: Steps, expected: bool) -> None:
    ordinary = {"garden", "lantern", "la"}
    assert are_ordinary(stands, steps, ordinary=ordinary, rare=RARE) is expected
