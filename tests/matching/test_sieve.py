"""First look, sieve and prefilter: what they let go could not have matched in any reading, and ordinary queries go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from interceptor.config import Matching
from interceptor.folding import plain
from interceptor.matching import prefilter
from interceptor.matching.matcher import Match, Matcher
from interceptor.matching.sieve import Need
from interceptor.termlists.model import Entry, MatchMode, TermList
from interceptor.termlists.reading import read_lists

ACCURACY = Path(__file__).parents[1] / "accuracy"
TERMS = ("purple garden lantern", "amberorchard", "lamp", "fer rouge", "φανάρι κήπου", "庭園灯籠", "4711")


class Open:
    """A sieve that keeps nothing back."""

    def need(self, query: str, text: str) -> Need:
        return Need.READINGS


class Sieved:
    """The same lists with the compiled part, where there is one, and without, which have to find the same."""

    def __init__(self, lists: Sequence[TermList], bounds: Matching | None) -> None:
        self.compiled = Matcher(lists, bounds)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(prefilter, "IS_COMPILED", False)
            self.plain = Matcher(lists, bounds)

    def find(self, query: str) -> list[Match]:
        found = self.plain.find(query)
        assert self.compiled.find(query) == found
        return found


def matchers(*lists: TermList, bounds: Matching | None = None) -> tuple[Sieved, Matcher]:
    """The same lists with a sieve and without."""
    with_sieve, without = Sieved(lists, bounds), Matcher(lists, bounds)
    without._sieve = Open()  # type: ignore[assignment]
    without.look = plain.view  # type: ignore[assignment]
    return with_sieve, without


SMALL = TermList(id="small", entries=tuple(Entry(id=f"e{n}", terms=(term,)) for n, term in enumerate(TERMS)))


@pytest.fixture(scope="module")
def stand_ins() -> tuple[Sieved, Matcher]:
    return matchers(*read_lists([ACCURACY / "stand_ins.yaml"]))


def queries() -> list[str]:
    """Every query of the data files of tests/accuracy."""
    groups = [
        group
        for name in ("positive", "negative", "known_broken")
        for group in yaml.safe_load((ACCURACY / f"{name}.yaml").read_text(encoding="utf-8"))
    ]
    return [query for group in groups for query in group["queries"]]


def test_it_changes_nothing_of_what_is_found(stand_ins: tuple[Sieved, Matcher]) -> None:
    with_sieve, without = stand_ins
    assert [with_sieve.find(query) for query in queries()] == [without.find(query) for query in queries()]


SIEVED, OPEN = matchers(SMALL)


@settings(deadline=None, max_examples=400)
@given(
    term=st.sampled_from(TERMS),
    place=st.integers(0, 24),
    put=st.sampled_from(
        [
            "",
            "x",
            " ",
            ".",
            "ب",
            "한",
            "ぁ",
            "\u200b",
            "\u0301",
            "0",
            "1",
            "@",
            "+",
            "|_|",
            "а",
            "Η",
            "rn",
            "Rn",
            "_",
            "I2",
        ]
    ),
    drop=st.integers(0, 2),
    way=st.sampled_from(
        [
            str,
            str.upper,
            lambda text: text[::-1],
            lambda text: " ".join(text),
            lambda text: "_".join(text),
            lambda text: text.replace("m", "rn").replace("d", "cl"),
            lambda text: text * 2,
        ]
    ),
    around=st.tuples(
        st.sampled_from(["", "the ", "über-", "что ", "clear, ", "phone-"]),
        st.sampled_from(["", " now?", "-ness", " 庭", ", phone", " (turn)"]),
    ),
)
def test_a_rewritten_term_is_never_kept_back(
    term: str, place: int, put: str, drop: int, way: type[str], around: tuple[str, str]
) -> None:
    rewritten = way(term[:place] + put + term[place + drop :])
    query = around[0] + rewritten + around[1]
    assert SIEVED.find(query) == OPEN.find(query)


@pytest.mark.parametrize(
    "query", ["purple garcle\u0397 lantern", "purple garcle|\\| +lantern", "purple garclen +l4ntern"]
)
def test_letters_drawn_beside_signs_and_capitals_that_look_like_others_are_not_kept_back(query: str) -> None:
    assert SIEVED.find(query) == OPEN.find(query) != []


@pytest.mark.parametrize(
    ("term", "query"),
    [
        ("fumiture", "furniture-zyxton"),
        ("fumiture", "(furniture)zyxton"),
        ("fumiture", "furniture/zyxtón"),
        ("intemationally", "intern@tionally"),
        ("quomlax", "quornlax й"),
        ("intemational", "international,zyx"),
        ("intemational", "zyx international\u00b7zyx"),
    ],
)
def test_letters_drawn_beside_other_letters_and_signs_are_not_kept_back(term: str, query: str) -> None:
    with_sieve, without = matchers(TermList(id="x", entries=(Entry(id="e", terms=(term,)),)))
    assert with_sieve.find(query) == without.find(query) != []


PARTS = (
    *TERMS,
    *(
        "purp1e",
        "garclen",
        "larnp",
        "nretnal nedrag elprup",
        "โม",
        "บิล",
        "ั้",
        "庭",
        "ﾊﾟ",
        "한",
        "ж",
        "م",
        "हिन",
        "ʇ",
    ),
    *(
        "Η",
        "ß",
        "İ",
        "\u0301",
        "\u200b",
        "\u202e",
        "\u0e33",
        "\ua71d",
        "\ud800",
        "+",
        "-",
        " -x ",
        " ",
        "@",
        "(",
        "|_|",
    ),
    *("_", ".", "'", '"'),
)


@settings(deadline=None, max_examples=400)
@given(parts=st.lists(st.sampled_from(PARTS), max_size=9), spaced=st.booleans())
def test_whatever_stands_beside_terms_nothing_raises_and_nothing_is_kept_back(
    parts: list[str], spaced: bool
) -> None:
    query = (" " if spaced else "").join(parts)
    assert SIEVED.find(query) == OPEN.find(query)


DRAWN = TermList(
    id="drawn",
    entries=tuple(
        Entry(id=f"e{number}", terms=(term,))
        for number, term in enumerate(
            ("comer lantrim", "lantrim comer", "fumiture lampion", "quomlaxi", "intemationally", "庭園灯籠")
        )
    ),
)
DRAWN_SIEVED, DRAWN_OPEN = matchers(DRAWN)
DRAWN_WORDS = (
    *("corner", "CORNER", "lantrirn", "furniture", "Furnituré", "larnpion", "quornlaxi", "internationally"),
    *("intern@tionally", "lampion", "zyxton", "mi11", "庭園", "灯籠", "the"),
)
BETWEEN = (
    *(
        " ",
        "",
        "-",
        "の",
        " 庭",
        "ไฟ ",
        "ب",
        " ب ",
        "한",
        "😀",
        "\u200b",
        "é",
        " й ",
        "\u00a0",
        "ß",
        "\u0301",
    ),
    *(
        " -xyz ",
        " NOT xyz ",
        " site:a.org ",
        '"',
        "(",
        ") ",
        "+",
        ", ",
        "_",
        "/",
        "\u00bf",
        "|_|",
        "Η",
        ":",
        "\uff01",
    ),
)


@settings(deadline=None, max_examples=600)
@given(
    st.lists(st.tuples(st.sampled_from(DRAWN_WORDS), st.sampled_from(BETWEEN)), max_size=5),
    st.sampled_from(BETWEEN),
)
def test_letters_drawn_in_words_beside_anything_are_not_kept_back(
    parts: list[tuple[str, str]], before: str
) -> None:
    query = before + "".join(word + between for word, between in parts)
    assert DRAWN_SIEVED.find(query) == DRAWN_OPEN.find(query)


@pytest.mark.parametrize(
    "query", ["cloud-lanternist , y", "cloud-lanternist - yes", "yes & cloud.lanternist"]
)
def test_a_sign_between_spaces_hides_no_word_joined_by_another(query: str) -> None:
    term_list = TermList(id="drawn", entries=(Entry(id="one", terms=("doud lanternist",)),))
    with_sieve, without = matchers(term_list)
    assert with_sieve.find(query) == without.find(query) != []


@pytest.mark.parametrize("query", ["w!ndow+s@li&nt", "the w!nd0w+sal!&nt", "£ w!ndow+s@li&nt я"])
def test_a_plus_between_words_with_signs_keeps_nothing_back(query: str) -> None:
    with_sieve, without = matchers(TermList(id="x", entries=(Entry(id="e", terms=("window salient",)),)))
    assert with_sieve.find(query) == without.find(query) != []


@pytest.mark.parametrize("around", ["", "ไฟ ", "庭 ", "что ", "(ب) ", "£5 "])
@pytest.mark.parametrize(
    "query",
    [
        "gard -xyz enlan -xyz tern",
        "gard\u00a0-xyz enlan\t-xyz tern",
        'gard -"x y" enlan -"x y" tern',
        "gard NOT xyz enlan NOT xyz tern",
        "gard site:a.org enlan site:a.org tern",
    ],
)
def test_what_operators_leave_of_a_query_is_not_kept_back(query: str, around: str) -> None:
    with_sieve, without = matchers(TermList(id="x", entries=(Entry(id="e", terms=("gardenlantern",)),)))
    assert with_sieve.find(around + query) == without.find(around + query) != []


@settings(deadline=None)
@given(st.text(st.characters(), max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    assert SIEVED.find(text) == OPEN.find(text)


@pytest.mark.parametrize(
    "query",
    [
        "how tall is the eiffel tower?",
        "clean the garden path",
        "Пурпурный закат над морем",
        "متى تأسست الجامعة؟",
        "ไฟสวนราคาเท่าไหร่",
        "日本の庭園はどこ？",
        "state-of-the-art flat iron",
    ],
)
def test_an_ordinary_query_gets_no_further(query: str) -> None:
    matcher = SIEVED.plain
    assert matcher.look(query) is None or matcher._sieve.need(query, plain.view(query)) is Need.NOTHING


@pytest.mark.parametrize("term", ["route 4711", "lantern", "4711"])
@pytest.mark.parametrize(
    "query",
    [
        "route 4711",
        "route 471 1",
        "the route 4711 in 2024",
        "r 0 u t e 4711",
        "route 47 11",
        "l 4 n t 3 r n",
        "4711 8",
    ],
)
def test_numbers_between_ordinary_words_change_nothing(term: str, query: str) -> None:
    with_sieve, without = matchers(TermList(id="x", entries=(Entry(id="e", terms=(term,)),)))
    assert with_sieve.find(query) == without.find(query)


@pytest.mark.parametrize(
    "query", ["corner-lantrix ", " corner-lantrix", "corner-lantrix", "the corner-lantrix "]
)
def test_a_space_around_the_query_makes_no_word_of_a_hyphenated_one_known(query: str) -> None:
    with_sieve, without = matchers(TermList(id="x", entries=(Entry(id="e", terms=("comer lantrix",)),)))
    assert with_sieve.find(query) == without.find(query) != []


@pytest.mark.parametrize(
    ("term", "query"),
    [
        ("comer lantrix", "corner lantrix の"),
        ("comer lantrix", "corner lantrix の("),
        ("comerlantrix", "cornerの cornerlantrix"),
        ("comer", "cornerの lamp"),
        ("comer", "cornerの lamp("),
        ("comer", "のcorner lamp"),
        ("gardenlantern", "gardenlan한ern 정원"),
        ("gardenlantern", "정원 ب gardenlanterب"),
        ("gardenlantern", "garden庭lantern"),
        ("garden lantern", "garden 庭 lantern"),
        ("purple garden", "ไฟpurpleไฟ garden"),
        ("purple garden", "purple-庭 garden"),
        ("purple garden", "purple -庭 garden"),
        ("comer lantrim", "のcorner lantrirn"),
        ("comer lantrim", "lamp 庭corner lantrirn"),
        ("lantrim comer", "lantrirn cornerไฟ now"),
        ("comer lantrim", "site:a.org CORNER\u00a0lantrim"),
        ("comer lantrim", "CORNER\u00a0lantrim -xyz"),
    ],
)
def test_letters_of_other_scripts_beside_a_term_change_nothing(term: str, query: str) -> None:
    with_sieve, without = matchers(TermList(id="x", entries=(Entry(id="e", terms=(term,)),)))
    assert with_sieve.find(query) == without.find(query)


@pytest.mark.parametrize(
    "query",
    [
        " й mi11 庭internationally ",
        "mi11  庭internationally",
        " 庭clearwater windΗthe한",
        "灯籠 庭internationally NOT xyz φανάριpurpleΗ",
    ],
)
def test_a_space_too_many_makes_up_for_none_that_is_missing(query: str) -> None:
    terms = ("intemationally", "dearwater", "庭園灯籠", "φανάρι κήπου")
    with_sieve, without = matchers(TermList(id="x", entries=(Entry(id="e", terms=terms),)))
    assert with_sieve.find(query) == without.find(query) != []


@pytest.mark.parametrize("mode", MatchMode)
@pytest.mark.parametrize("query", ["lamps", "a lamp", "lamp", "clamp"])
def test_every_way_to_match_a_term_gets_through(mode: MatchMode, query: str) -> None:
    terms = TermList(id="x", entries=(Entry(id="e", terms=("lamp",), match=mode),))
    with_sieve, without = matchers(terms)
    assert with_sieve.find(query) == without.find(query)


MIXED = TermList(
    id="mixed",
    entries=(
        Entry(id="whole", terms=("purple garden lantern", "gardenlantern", "burnley mountain")),
        Entry(id="begins", terms=("orchard lam",), match=MatchMode.PREFIX),
        Entry(id="inside", terms=("windmill",), match=MatchMode.SUBSTRING),
        Entry(id="exact", terms=("willow bench",), match=MatchMode.EXACT),
    ),
)
MIXED_SIEVED, MIXED_OPEN = matchers(MIXED)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("where is a purple garden lantern", "whole"),
        ("where is the garden lantern", "whole"),  # one of the lists' words, in two ordinary ones
        ("the orchard lamps are lit", "begins"),
        ("watermills and windmills", "inside"),
        ("Willow Bench?", "exact"),
        ("the willow bench", None),
        ("purple NOT red garden lantern", "whole"),
        ("purple -red garden lantern", "whole"),
        ("\u00bfpurple garden lantern?", "whole"),
        ("purple garden lantern\u061f", "whole"),
        ("burnley rnountain", "whole"),  # the one is a name that is known, the other is not
        ("burnley rnountain of clarence", "whole"),
        ("purple gardeń lanterm", "whole"),
        ("purple (garden) lantern", "whole"),
        ("пурпурный purple gаrden lantern", "whole"),
        ("garden path and willow tree 2024", None),
    ],
)
def test_terms_of_every_mode_pass_the_first_look(query: str, found: str | None) -> None:
    matches = MIXED_SIEVED.find(query)
    assert matches == MIXED_OPEN.find(query)
    assert (found in {MIXED_OPEN.entries.ids[match.entry] for match in matches}) is (found is not None)


WORDS = (
    "purple",
    "garden",
    "lantern",
    "gardenlantern",
    "burnley",
    "mountain",
    "rnountain",
    "orchard",
    "lamps",
    "windmills",
    "the",
    "is",
    "of",
    "willow",
    "bench",
    "NOT",
    "-red",
    "not",
    "2024",
    "zyxton",
    "clarence",
    "quién",
    "дом",
    "lan",
    "tern",
    "(garden)",
    "l",
    "a",
    "n",
    "don't",
    "burnley-rnountain",
    "庭",
    "lanternの",
    "の(garden)",
    "정원에서",
    "burn한ey",
    "في",
)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.sampled_from(WORDS),
        max_size=7,
    ),
    st.sampled_from([" ", "  ", ", ", "-"]),
    st.sampled_from(["", "?", " !", "\u2026"]),
)
def test_words_in_any_order_are_found_as_without_it(words: list[str], between: str, end: str) -> None:
    query = between.join(words) + end
    assert MIXED_SIEVED.find(query) == MIXED_OPEN.find(query)


@pytest.mark.parametrize(
    "bounds", [Matching(loosened=False), Matching(typing_errors=False), Matching(turned=False)]
)
def test_it_follows_the_configuration(bounds: Matching) -> None:
    with_sieve, without = matchers(SMALL, bounds=bounds)
    for query in (
        "purple garden lantern",
        "purple gardn lantern",
        "nretnal nedrag elprup",
        "purp1e garden lantern",
    ):
        assert with_sieve.find(query) == without.find(query)


def test_no_list_at_all_keeps_everything() -> None:
    assert Matcher([]).find("purple garden lantern") == []


def test_no_term_is_shown() -> None:
    assert repr(SIEVED.plain._sieve) == "Sieve()"
