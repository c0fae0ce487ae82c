"""Operators of search engines in a query: what is not looked for, and what an attempt to hide behind them comes to."""

from __future__ import annotations

import time

import pytest
from gates import LOOSENED, gate, matches
from hypothesis import given
from hypothesis import strategies as st

from interceptor import Interceptor
from interceptor.config import Config, Matching
from interceptor.matching import operators
from interceptor.termlists.model import Entry, Outcome, Unless

PHRASE = Entry(
    id="phrase", terms=("purple garden lantern",), unless=(Unless(Outcome.INFORMATIONAL, words=("law",)),)
)
NEAR = Entry(id="near", all_of=("colours", "lights"), within=3)
GROUPS = {"colours": ("violet",), "lights": ("chandelier",)}


@pytest.fixture(scope="module")
def garden() -> Interceptor:
    return gate(PHRASE, NEAR, groups=GROUPS, config=LOOSENED)


@pytest.mark.parametrize(
    "query",
    [
        "weather -purple garden lantern",
        "weather tomorrow -garden purple -lantern",
        'weather -"purple garden lantern"',
        "weather -\u201cpurple garden lantern\u201d",
        "weather NOT purple garden lantern",
        'weather NOT "purple garden lantern"',
        "violet paint -chandelier",
        "weather -intitle:purple garden lantern",
        "weather site:purple.garden.lantern.example",
        "weather -site:purple-garden-lantern.example",
        "violet paint before:2020-01-01 lang:en filetype:pdf",
    ],
)
def test_what_is_excluded_does_not_match(garden: Interceptor, query: str) -> None:
    assert not matches(garden, query)
    assert garden.left_out(query)


@pytest.mark.parametrize(
    "query",
    [
        "purple garden lantern -weather",
        "-weather purple garden lantern",
        "purple garden lantern NOT weather",
        "purple garden lantern site:example.org",
        "intitle:purple garden lantern",
        "inurl:purple intext:garden lantern",
        'intitle:"purple garden lantern"',
        "purple-garden-lantern",
        "purple - garden - lantern",
        '"purple" "garden" "lantern"',
        '"purple garden" lantern',
        '"purple garden lantern',
        'lamp "purple g4rden lantern"',
        "PURPLE GARDEN LANTERN NOT CHEAP",
        # Nothing would be left to look for.
        "-purple -garden -lantern",
        '-"purple garden lantern"',
        "site:example.org -purple -garden -lantern",
        # No operator, though it looks like one.
        "p -u -r -p -l -e g -a -r -d -e -n lantern",
        "purple garden lan -tern",
        "site:purple garden lantern",
        "-- purple garden lantern --",
    ],
)
def test_what_is_looked_for_matches(garden: Interceptor, query: str) -> None:
    assert matches(garden, query)


def test_excluded_words_are_no_context(garden: Interceptor) -> None:
    (wanted,) = garden.explain("purple garden lantern law")
    (excluded,) = garden.explain("purple garden lantern -law")
    assert wanted.category == "informational"
    assert excluded.category == "seeking"


@pytest.mark.parametrize(
    ("query", "near"),
    [
        ("violet glass chandelier", True),
        ('"violet glass chandelier"', True),
        ('"violet" glass "chandelier"', True),
        ('"violet glass" chandelier', False),
        ('"violet glass" "old chandelier"', False),
        ('chandelier "glass paint" violet', True),
        ('"violet glass" chandelier violet', True),
    ],
)
def test_words_are_not_near_across_the_border_of_a_phrase(
    garden: Interceptor, query: str, near: bool
) -> None:
    assert matches(garden, query) is near


def test_a_quoted_word_holds_no_typing_error(garden: Interceptor) -> None:
    assert matches(garden, "purple garden lantrn")
    assert not matches(garden, '"purple garden lantrn"')


def test_places_are_those_of_the_query(garden: Interceptor) -> None:
    query = "-weather purple garden site:example.org lantern"
    (found,) = garden.explain(query)
    assert query[slice(*found.span)] == "purple garden site:example.org lantern"
    assert garden.left_out(query) == ("-weather", "site:example.org")


def test_an_engine_without_operators_has_none() -> None:
    plain = gate(PHRASE, config=Config(matching=Matching(operators=False)))
    assert matches(plain, "weather -purple garden lantern")
    assert plain.left_out("weather -purple garden lantern") == ()


@pytest.mark.parametrize("query", ["weather tomorrow", "where is my phone", "погода завтра", ""])
def test_most_queries_have_no_operator(query: str) -> None:
    assert operators.read(query) is None


@given(st.text(st.sampled_from('-":. \u201c\u201dNOTabsitesite:intitle'), max_size=40))
def test_nothing_moves(query: str) -> None:
    scope = operators.read(query)
    if scope is not None:
        assert len(scope.text) == len(query)
        assert all(new in (old, " ") for old, new in zip(query, scope.text, strict=True))
        assert "a" not in repr(scope).removeprefix("Scope")


@pytest.mark.parametrize(
    "piece", ['-"', "-a ", "site:", "NOT ", '"a b" ', "-site:a", 'intitle:"', "lang:", "- "]
)
def test_time_is_linear_in_the_length(piece: str) -> None:
    def seconds(count: int) -> float:
        query = piece * count
        start = time.process_time()
        operators.read(query)
        return time.process_time() - start

    short = min(seconds(2_000) for _ in range(3))
    assert min(seconds(16_000) for _ in range(3)) < 8 * 4 * max(short, 0.001)


@given(st.text("ab-_1 \tX.é/\n", max_size=14))
def test_hyphens_alone_are_read_as_they_are_among_other_operators(query: str) -> None:
    excluded, parts = operators._excluded.finditer(query), operators._part.finditer(query)
    assert [match.span() for match in excluded] == [match.span() for match in parts]
