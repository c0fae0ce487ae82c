"""Rewritten terms are found, by name of the step; ordinary words near a term are not; no query is a burden."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import pytest
from gates import LOOSENED, gate, matches
from hypothesis import example, given, settings
from hypothesis import strategies as st

from interceptor import Interceptor
from interceptor.config import Config, Matching
from interceptor.termlists.model import Entry, MatchMode, Outcome, Unless
from interceptor.vocabulary import Category

TERMS = ("purple garden lantern", "lanternfestival", "садовый фонарь", "庭園灯篭", "lamp")


@pytest.fixture(scope="module")
def loose() -> Interceptor:
    return gate(*(Entry(id=term.replace(" ", "-"), terms=(term,)) for term in TERMS[:2]), config=LOOSENED)


def steps(interceptor: Interceptor, query: str) -> list[tuple[str, ...]]:
    return [evidence.steps for evidence in interceptor.explain(query)]


@pytest.mark.parametrize("query", ["โม+บิล {}", "庭+園 {}", "ｱ+ﾊﾟ {}"])
def test_a_plus_between_letters_without_spaces_is_no_fault(loose: Interceptor, query: str) -> None:
    written = query.format(f"purp1e g4rden lantern {TERMS[1]}")
    assert loose.decide(written).category is Category.SEEKING


@pytest.mark.parametrize(
    ("query", "step"),
    [
        ("lantern festival lanternfestival", None),
        ("\u0440urple garden lantern", "look-alike letters"),
        ("purp1e g4rden l4ntern", "signs for letters"),
        ("lanternfestiva|", "signs for letters"),
        ("lanternfestivai", "i and l, u and v swapped"),
        ("purple gaaarden lantern", "repeated letters"),
        ("l a n t e r n f e s t i v a l", "letters spaced out"),
        ("l.a.n.t.e.r.n.f.e.s.t.i.v.a.l", "letters spaced out"),
        ("lantern-festival", "punctuation inside a word"),
        ("lantern festival", "a word split"),
        ("purplegardenlantern", "words merged"),
        ("l/-\\nternfestival", "letters drawn with signs"),
        ("lavitsefnretnal", "backwards"),
        ("elprup nedrag nretnal", "words backwards"),
        ("\u202enretnal nedrag elprup\u202c", "bidirectional override"),
        ("lɐʌıʇsǝɟuɹǝʇuɐl", "upside down"),
        ("lanternfestval", "a typing error"),
        ("purple gardenn lantern", "repeated letters"),
        ("la\u057c\u026cernfestival", "look-alike letters"),
        ("lanternfesti\u06f7al", "look-alike letters"),
        ("purp|_e garclen lantern", "letters drawn with signs"),
        ("lanternphestival", "letters drawn with letters"),
        ("pur|>le ga|2den lantern", "letters drawn with signs"),
        ("LANTERNPHESTIVAL", "letters drawn with letters"),
        ("PUr|>le GARClEN LANTERN", "letters drawn with signs"),
        ("p_|_|_r_|>_l_e g_a_r_[)_e_n lantern", "letters drawn with signs"),
        ("\u1d56\u1d58\ua71d\u02b3\u1d56\u02e1\u1d49 garden lantern", "punctuation inside a word"),
    ],
)
def test_a_rewriting_is_found_and_named(loose: Interceptor, query: str, step: str | None) -> None:
    found = steps(loose, query)
    assert found
    assert (step is None and found[0] == ()) or any(step in names for names in found)


@pytest.mark.parametrize(
    "query",
    [
        "a festival of lanterns in the garden",
        "purple flowers, garden tools and a lantern",
        "lantern garden purple",
        "lanterns for the garden",
        "l a m p",
        "",
        "1234567 890",
    ],
)
def test_what_is_no_rewriting_is_not_found(loose: Interceptor, query: str) -> None:
    assert not matches(loose, query)


@pytest.mark.parametrize("query", ["मातानागार", "मतनगर", "मोतीनगारी", "कमल लालटेन बागीचा"])
def test_a_word_with_other_vowel_signs_is_another_word(query: str) -> None:
    interceptor = gate(Entry(id="one", terms=("मोतीनगर", "कोमल लालटेन बगीचा")), config=LOOSENED)
    assert matches(interceptor, "मो-ती-न-ग-र")
    assert not matches(interceptor, query)


def test_each_kind_can_be_switched_off() -> None:
    entry = Entry(id="one", terms=("lanternfestival",))
    for switch, query in (
        ("loosened", "l4nternf3stival"),
        ("turned", "lavitsefnretnal"),
        ("typing_errors", "lanternfestval"),
    ):
        assert matches(gate(entry, config=LOOSENED), query)
        without = {name: name != switch for name in ("loosened", "turned", "typing_errors")}
        assert not matches(gate(entry, config=Config(matching=Matching(**without))), query)


def test_what_matches_as_it_stands_keeps_its_exceptions() -> None:
    interceptor = gate(
        Entry(
            id="one",
            terms=("lanternfestival",),
            unless=(Unless(then=Outcome.INFORMATIONAL, words=("museum",)),),
        ),
        config=LOOSENED,
    )
    for query in (
        "lanternfestival museum xqzw",
        "l4nternfestival museum",
        "museum l.a.n.t.e.r.n.f.e.s.t.i.v.a.l",
    ):
        assert interceptor.decide(query).category is Category.INFORMATIONAL
        assert {evidence.category for evidence in interceptor.explain(query)} == {Category.INFORMATIONAL}


def test_an_entry_is_told_once_and_with_its_plainest_reading(loose: Interceptor) -> None:
    (evidence,) = loose.explain("l4nternfestival, lanternfestval, lanternfestival")
    assert evidence.steps == ()


def test_a_typing_error_at_any_place_a_word_stands(loose: Interceptor) -> None:
    assert matches(loose, "gardn and purple gardn lantern")
    assert not matches(loose, "gardn and gardn lantern")


# ---- bad input of curators


@pytest.mark.parametrize(
    "term", ["", "?!", "\u200b", "\u0301\u0302", "🏮", "*", "a", "1", "ﬁ", "ß", "12345", "一"]
)
def test_a_term_of_nothing_or_of_one_letter_is_never_loosened(term: str) -> None:
    interceptor = gate(*(Entry(id=mode, terms=(term,), match=mode) for mode in MatchMode), config=LOOSENED)
    for query in ("purple garden l4ntern", "xqz !! ?? @@", "p u r p l e", "o n e", "q-q-q", "1 2 3 4 6"):
        strict = gate(*(Entry(id=mode, terms=(term,), match=mode) for mode in MatchMode))
        assert interceptor.decide(query) == strict.decide(query)


def test_entries_that_fold_to_the_same_are_all_found_rewritten() -> None:
    interceptor = gate(
        Entry(id="one", terms=("Lanternfestivál",)),
        Entry(id="two", terms=("lanternfestival", "LANTERNFESTIVAL")),
        Entry(id="three", terms=("iantern festivai",)),
        config=LOOSENED,
    )
    found = [evidence.entry_id for evidence in interceptor.explain("l4nternfestival")]
    assert found == ["one", "two"]


def test_without_terms_nothing_is_read() -> None:
    assert not matches(gate(config=LOOSENED), "l4ntern")
    assert not matches(
        gate(Entry(id="one", terms=("lanternfestival",), match=MatchMode.EXACT), config=LOOSENED), "x!"
    )


# ---- bad input of anyone

_RAW = st.text(st.characters(), max_size=80)
_PIECES = "purple/garden/lantern/lanternfestival/l4nt/ern/nretnal/庭園/灯篭/садов/ый/|_/$/*/ /./ǝ/🇱"
_NEAR = st.lists(
    st.sampled_from(
        [*_PIECES.split("/"), "|\\/|", "\u202e", "\u202c", "\u2066", "\u0301", "\u200b", "\ud800"]
    ),
    max_size=30,
).map("".join)
ANY = gate(*(Entry(id=str(i), terms=(term,)) for i, term in enumerate(TERMS)), config=LOOSENED)


@settings(deadline=None)
@given(_RAW | _NEAR)
@example("\ud800" * 40)
@example("\u202e\u202e\u2066lantern\u2069\u202c")
def test_no_query_raises(query: str) -> None:
    decision = ANY.decide(query)
    evidence = ANY.explain(query)
    assert (decision.category is not None) == bool(evidence)
    for item in evidence:
        assert 0 <= item.span[0] < item.span[1] <= len(query)


def _filled(piece: str, size: int) -> str:
    return (piece * (size // len(piece) + 1))[:size]


def _numbered(form: str, size: int) -> str:
    """Many different words that ``form`` makes of three letters each."""
    letters = "bcdfgjkmqvwxz"
    words = (form.format(a, b, c) for a in letters for b in letters for c in letters)
    return " ".join(words)[:size]


SECONDS_PER_KILOBYTE = 0.2
"""Processor time that `decide` takes at most for a thousand characters; a third of it is usual at the worst."""

FLOODS = {
    "one letter": "a",
    "single letters": "l a n t ",
    "a term": "purple garden lantern ",
    "a term spaced out": "l a n t e r n f e s t i v a l ",
    "a term with signs": "l4nternf3stiv4l ",
    "a term merged": "purplegardenlantern",
    "a term backwards": "lavitsefnretnal ",
    "a term under overrides": "\u202enretnal nedrag elprup\u202c ",
    "a term of look-alikes": "\u0440urpl\u0435 g\u0430rden lantern ",
    "letters upside down": "uɹǝʇuɐl ",
    "one typing error": "lanternfestval ",
    "signs": "$@!|(<[{*",
    "strokes": "|\\/|/-\\|_|()",
    "letters and signs": "a!b?",
    "marks": "\u0301",
    "marks of a kept kind": "\u094d\u0bcd",
    "controls": "\u202e\u2066a\u2069",
    "invisible characters": "\u200b\u00ad",
    "surrogates": "\ud800\udc80",
    "ideographs": "庭園灯",
    "jamo": "\u1103\u1173\u11bc",
    "flags": "🇱🇦",
    "ordinary words with drawings": "modern, phone, ",
    "drawings among accents": "é modern, phone ",
    "drawings among ideographs": "庭 modern phone ",
    "words of two scripts": "حX phone ",
    "letters of another script": "ح",
}
QUERIES: dict[str, Callable[[int], str]] = {
    **{name: partial(_filled, piece) for name, piece in FLOODS.items()},
    "different typing errors": partial(_numbered, "lanternfes{0}ival {1}lanternfestival{2} l{0}{1}{2}"),
    "strange words": partial(_numbered, "pu{0}{1}e{2} gar{2}{0}"),
    "a run inside a term": lambda size: "lanter" + "n" * (size - 14) + "festival",
    "marks inside a term": lambda size: "purple gar" + "\u0301" * (size - 21) + "den lantern",
    "gaps inside a term": lambda size: "lantern" + " " * (size - 15) + "festival",
}


@pytest.mark.parametrize("name", QUERIES)
def test_the_time_taken_grows_as_the_query_does(name: str) -> None:
    """From 2,000 to 16,000 characters: eight times the time where it is linear, sixty-four where it is quadratic."""
    short, long = QUERIES[name](2_000), QUERIES[name](16_000)
    assert len(long) > 14_000
    ANY.decide(long)  # the tables of characters are filled
    before, after = (min(_seconds(query) for _ in range(2)) for query in (short, long))
    assert after < 24 * before + 0.05
    assert after < 16 * SECONDS_PER_KILOBYTE


def _seconds(query: str) -> float:
    start = time.process_time()
    ANY.decide(query)
    return time.process_time() - start


GREEK = gate(Entry(id="one", terms=("πέτρινος κήπος",)), config=LOOSENED)


@pytest.mark.parametrize("query", ["ΠΈΤΡΙΝΟΣ ΚΉ ΠΟΣ", "Π Έ Τ Ρ Ι Ν Ο Σ  Κ Ή Π Ο Σ", "ΠΕΤΡΙΝΟΣ ΚΗ.ΠΟΣ"])
def test_greek_capitals_are_read_as_capitals(query: str) -> None:
    # Capital eta looks like H, the small one like n: the skeleton of the one is not that of the other.
    assert matches(GREEK, query)


ONE_WORD = gate(
    *(
        Entry(id=term, terms=(term,))
        for term in (
            "smeraldo",
            "kundla",
            "neheim",
            "rangel",
            "eldorado",
            "victorias",
            "hollywood",
            "kettledrum",
        )
    ),
    config=LOOSENED,
)


@pytest.mark.parametrize(
    "query",
    [
        "costa smeralda weather",
        "kiongozi wa kundi la muziki",
        "mikä oli miehen nimi siellä Xyzzyn luona",
        "Johan Wilhelm Rangell",
        "who played in el dorado xyzzy",
        "queen victoria's husband xyzzy",
        "how many days at dollywood",
        "what is a set of kettledrums",
    ],
)
def test_a_word_or_name_beside_a_term_of_one_word_is_left_alone(query: str) -> None:
    assert not matches(ONE_WORD, query)


@pytest.mark.parametrize(
    "query", ["el d0rad0", "h0llyw00d", "r a n g e l", "holllywooood", "ketledrum", "doowylloh", "hollуwооd"]
)
def test_a_rewritten_term_of_one_word_is_found(query: str) -> None:
    assert matches(ONE_WORD, query)
