"""Groups of words that have to stand near each other, against SQLite's NEAR and against trying everything."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator

import pytest
from gates import gate, matches
from hypothesis import given
from hypothesis import strategies as st

from interceptor.folding import plain
from interceptor.matching import proximity
from interceptor.termlists.model import Entry, MatchMode

COLOURS = ("purple", "violet")
LIGHTS = ("lantern", "garden lamp")


def near(query: str, *groups: tuple[str, ...], within: int = 2, mode: MatchMode = MatchMode.WORD) -> bool:
    named = {f"group-{number}": group for number, group in enumerate(groups)}
    entry = Entry(id="one", all_of=tuple(named), within=within, match=mode)
    return matches(gate(entry, groups=named), query)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("purple lantern", True),
        ("lantern purple", True),
        ("purple, lantern!", True),
        ("purple a b lantern", True),
        ("purple a b c lantern", False),
        ("lantern a b violet", True),
        ("violet garden lamp", True),
        ("violet a b garden lamp", True),
        ("violet a b c garden lamp", False),
        ("garden a lamp purple", False),
        ("purple", False),
        ("purple violet", False),
        ("lantern garden lamp", False),
        ("purple a b c lantern d violet", True),
        ("purple a b c d e purple lantern", True),
        ("purples lantern", False),
    ],
)
def test_two_groups(query: str, found: bool) -> None:
    assert near(query, COLOURS, LIGHTS) is found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("purple lantern shed", True),
        ("shed a lantern purple", True),
        ("purple a lantern b shed", False),  # three words between the first and the last, as NEAR counts
        ("purple shed", False),
        ("purple a b c d lantern shed purple", True),
        ("shed shed shed purple purple lantern", True),
    ],
)
def test_three_groups(query: str, found: bool) -> None:
    assert near(query, COLOURS, LIGHTS, ("shed", "arbour")) is found


def test_words_that_groups_share_have_to_stand_twice() -> None:
    groups = (("lantern", "purple"), ("lantern", "violet"))
    assert not near("lantern", *groups)
    assert near("lantern lantern", *groups)
    assert near("purple lantern", *groups)
    assert not near("purple purple", *groups)


def test_phrases_that_lie_over_each_other_are_not_near_but_one() -> None:
    assert not near("purple garden lantern", ("purple garden",), ("garden lantern",))
    assert near("purple garden garden lantern", ("purple garden",), ("garden lantern",))
    assert not near("紫庭園", ("紫庭",), ("庭園",))
    assert near("紫庭庭園", ("紫庭",), ("庭園",))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("紫の灯篭", True),
        ("灯篭と紫", True),
        ("紫色の庭の灯篭", True),  # four letters between, as two words
        ("紫色の庭園の灯篭", False),
        ("紫 lamp x 灯篭", True),
        ("紫 lamp x y 灯篭", False),
    ],
)
def test_two_letters_of_an_unspaced_script_count_as_a_word(query: str, found: bool) -> None:
    assert near(query, ("紫",), ("灯篭",)) is found


def test_the_rest_of_a_word_is_no_word_between() -> None:
    def prefixes(query: str) -> bool:
        return near(query, ("purpl",), ("lant",), within=1, mode=MatchMode.PREFIX)

    assert prefixes("purplish a lanterns")
    assert not prefixes("purplish a b lanterns")
    assert near("보라색의 큰 등불을", ("보라색",), ("등불",), within=1)
    assert not near("보라색의 큰 새 등불을", ("보라색",), ("등불",), within=1)


def test_terms_and_groups_together_are_one_more_group() -> None:
    entry = Entry(id="one", terms=("shed",), all_of=("colour", "light"), within=2)
    interceptor = gate(entry, groups={"colour": COLOURS, "light": LIGHTS})
    assert matches(interceptor, "purple lantern shed")
    assert not matches(interceptor, "purple lantern")
    assert not matches(interceptor, "shed")
    assert not matches(interceptor, "purple lantern a b c shed")


def test_evidence_spans_all_groups() -> None:
    entry = Entry(id="one", all_of=("colour", "light"))
    query = "buy: Purple, big Lantern now"
    (found,) = gate(entry, groups={"colour": COLOURS, "light": LIGHTS}).explain(query)
    assert query[slice(*found.span)] == "Purple, big Lantern"


@pytest.fixture(scope="module")
def fts() -> Iterator[sqlite3.Connection]:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE VIRTUAL TABLE doc USING fts5(text)")
        connection.execute("INSERT INTO doc VALUES ('')")
        yield connection
    connection.close()


words = st.lists(st.sampled_from(["purple", "lantern", "shed", "x", "y"]), max_size=14)


@given(words=words, within=st.integers(1, 6), groups=st.sampled_from([2, 3]))
def test_it_agrees_with_near_of_fts5(
    fts: sqlite3.Connection, words: list[str], within: int, groups: int
) -> None:
    chosen = ("purple", "lantern", "shed")[:groups]
    fts.execute("UPDATE doc SET text = ?", (" ".join(words),))
    (expected,) = fts.execute(
        "SELECT count(*) FROM doc WHERE doc MATCH ?", (f"NEAR({' '.join(chosen)}, {within})",)
    ).fetchone()
    found = near(" ".join(words), *((word,) for word in chosen), within=within)
    assert found is bool(expected)


def exhaustive(text: str, slots: list[list[proximity.Span]], within: int) -> bool:
    ruler = proximity.Ruler(text)
    for choice in itertools.product(*slots):
        spans = sorted(choice)
        if (
            all(ruler.are_apart(one[1], two[0]) for one, two in itertools.pairwise(spans))
            # Half-words: an odd one is the rest of a word.
            and (ruler.half_words(spans[-1][0]) - ruler.half_words(spans[0][1]) + 1) // 2 <= within
        ):
            return True
    return False


@given(
    text=st.lists(st.sampled_from(["a", "b", "ab", "庭", "篭"]), min_size=1, max_size=9),
    groups=st.lists(
        st.lists(
            st.sampled_from(["a", "b", "ab", "a b", "b a", "庭", "庭篭", "篭庭"]), min_size=1, max_size=3
        ),
        min_size=2,
        max_size=4,
    ),
    within=st.integers(1, 3),
)
def test_it_agrees_with_trying_every_choice(text: list[str], groups: list[list[str]], within: int) -> None:
    view = plain.view(" ".join(text))
    slots: list[list[proximity.Span]] = []
    for group in groups:
        hits = set()
        for word in group:
            pattern = plain.pattern(word, starts_word=True, ends_word=True)
            hits |= {(i, i + len(pattern)) for i in range(len(view)) if view.startswith(pattern, i)}
        slots.append(sorted(hits))
    found = proximity.constellation(proximity.Ruler(view), slots, within)
    assert (found is not None) is exhaustive(view, slots, within)


@pytest.mark.parametrize(
    ("query", "groups", "mode"),
    [
        # Hits of all groups but the last in every window.
        ("a b c " * 1_000 + "x " * 60 + "lantern", [("a", "b", "c")] * 3 + [("lantern",)], MatchMode.WORD),
        # One word, as wide as the query, in which the hits of two groups lie over each other: it took minutes.
        ("x" * 4_000 + "y" + "x" * 4_000, [("x",), ("y",), ("xy",)], MatchMode.SUBSTRING),
        ("庭" * 4_000 + "篭" + "庭" * 4_000, [("庭",), ("篭",), ("庭篭",)], MatchMode.WORD),
    ],
)
def test_a_query_made_of_group_words_is_no_burden(
    monkeypatch: pytest.MonkeyPatch, query: str, groups: list[tuple[str, ...]], mode: MatchMode
) -> None:
    measured = 0
    measure = proximity.Ruler.half_words

    def counting(self: proximity.Ruler, place: int) -> int:
        nonlocal measured
        measured += 1
        return measure(self, place)

    monkeypatch.setattr(proximity.Ruler, "half_words", counting)
    assert not near(query, *groups, within=50, mode=mode)
    assert measured < 150 * len(query)  # a hit is looked at from as many places as words are within reach
