"""The compiled part: it folds as the folds do, finds pieces as an automaton does, and lets ordinary queries go."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from interceptor import Action, Interceptor
from interceptor.config import Config, Matching
from interceptor.folding import plain
from interceptor.folding.skeleton import skeleton
from interceptor.matching import compiled
from interceptor.matching.letters import Letters
from interceptor.matching.matcher import Tables
from interceptor.matching.pieces import finder
from interceptor.matching.prefilter import IS_COMPILED
from interceptor.matching.readings import Reader
from interceptor.matching.sieve import Sieve
from interceptor.termlists.model import Entry, TermList
from interceptor.termlists.reading import read_lists

if not IS_COMPILED:
    pytest.skip("there was no C compiler when this was installed", allow_module_level=True)

from interceptor.matching.native.prefilter import Prefilter
from interceptor.matching.native.scan import scanned
from interceptor.matching.native.trie import Trie

ACCURACY = Path(__file__).parents[1] / "accuracy"
LONGEST = 512
"""Characters of a query that is scanned."""


def folded(query: str) -> tuple[str, str, str]:
    return plain.view(query), skeleton(query, signs=False), skeleton(query, signs=True)


def holds_nothing(*lists: TermList) -> Callable[[str], bool]:
    """What the compiled part says for ``lists``."""
    bounds, tables = Matching(), Tables.of(lists)
    rewritable, pieces = tables.made(bounds)
    letters = Letters((*pieces.text, *pieces.skeleton, *tables.index.whole))
    reader = Reader(tables.index, bounds, rewritable) if rewritable else None
    sieve = Sieve(pieces, letters, tables.index, reader, bounds)
    return Prefilter(sieve, letters, pieces).holds_nothing


def test_every_character_folds_the_same_between_others() -> None:
    others = [
        query
        for char in map(chr, range(sys.maxunicode + 1))
        if (query := f"a{char}b {char}") and (found := scanned(query)) and found != folded(query)
    ]
    assert others == []


MARKS = st.sampled_from(
    ["\u0301", "\u0308", "\u0327", "\u064b", "\u0651", "\u093c", "\u094d", "\u0c4d", "\u3099"]
)
LETTERS = st.sampled_from(
    [*"aeiouzT-:.?! ", "é", "и", "й", "Η", "ß", "క", "क", "ا", "か", "ᄀ", "한", "\u200d", "\u00ad"]
)


@settings(deadline=None, max_examples=1_000)
@given(
    st.text(st.one_of(LETTERS, MARKS, st.characters()), max_size=12),
    st.sampled_from(["", "\u00bf", " ", "?"]),
)
def test_any_text_folds_the_same(text: str, around: str) -> None:
    query = around + text + around
    found = scanned(query)
    assert found is None or found == folded(query)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "plain text",
        "  A crème brûlée -- with SPACES  ",
        "Какое ударе\u0301ние?",
        "متى تأسست (الجامعة)؟",
        "జనగణన ప్రకారం",
        "«quoted» $igns & |strokes|",
        "x" * LONGEST,
        "é " * (LONGEST // 2),
        ", " * (LONGEST // 2),
    ],
)
def test_most_text_is_scanned(query: str) -> None:
    assert scanned(query) == folded(query)


@pytest.mark.parametrize(
    "query", ["x" * (LONGEST + 1), "😀", "\ud800", "庭園", "ไฟ", "и\u0306", "한" + "\u11a8"]
)
def test_what_takes_more_than_one_look_is_not(query: str) -> None:
    assert scanned(query) is None


PIECES = st.dictionaries(
    st.text(st.sampled_from("ab é\u0416庭😀"), min_size=1, max_size=5), st.integers(0, 2), max_size=30
)


@settings(deadline=None, max_examples=500)
@given(PIECES, st.text(st.sampled_from("ab é\u0416庭x"), max_size=30))
def test_pieces_are_found_where_an_automaton_finds_them(pieces: dict[str, int], text: str) -> None:
    assert sorted(Trie(pieces).find(text)) == sorted(finder(pieces)(text))


def test_many_pieces_with_one_beginning_are_told_apart() -> None:
    pieces = {f" {chr(code)}x": code % 3 for code in range(0x61, 0x561)}
    trie = Trie(pieces)
    for piece, kind in pieces.items():
        assert trie.find(f"ab{piece} ") == [(4, kind)]
    assert trie.find(" \u0600x") == []


STAND_INS = holds_nothing(*read_lists([ACCURACY / "stand_ins.yaml"]))


@pytest.mark.parametrize(
    "query",
    [
        "weather tomorrow",
        "how tall is the eiffel tower?",
        "zyxton brankle 2024",
        "quelle heure est-il à Besançon",
        "где стои\u0301т Эйфелева башня",
        "متى تأسست (الجامعة) ؟",
        "జనగణన ప్రకారం గ్రామంలో google",
        "สูตรอาหาร python list",
        "jaguar -car speed",
        'who wrote "the old man and the sea"',
        "chords: wish you were here",
        "win32 error 0x80070057 (fix)",
        "\u00bfdónde está la biblioteca?",
        "a" * LONGEST,
        "",
    ],
)
def test_an_ordinary_query_goes(query: str) -> None:
    assert STAND_INS(query)


@pytest.mark.parametrize(
    "query",
    [
        "purple garden lantern",
        "PURPLE gаrden lantern",
        "purple g@rden l4ntern",
        "purp1e g a r d e n lantern",
        "nretnal nedrag elprup",
        "purple -red garden lantern",
        "purple gar -x den lantern",
        'purple gar -"x y" den lantern',
        "purple gar NOT xylophone den lantern",
        "purple gar site:example.org den lantern",
        "ไฟ purple garden lantern ไฟ",
    ],
)
def test_a_term_stays(query: str) -> None:
    term_list = TermList(id="x", entries=(Entry(id="e", terms=("purple garden lantern",)),))
    assert not holds_nothing(term_list)(query)


def test_the_first_query_of_a_process_stays_in_whatever_case_it_is() -> None:
    """What its letters fold to has been met by no other query."""
    program = (
        "from interceptor.matching.matcher import Matcher\n"
        "from interceptor.termlists.model import Entry, TermList\n"
        "terms = TermList(id='x', entries=(Entry(id='e', terms=('intemational',)),))\n"
        "print(len(Matcher([terms]).find('INTERNATIONAL-ZYX')))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def test_text_of_a_type_of_its_own_is_read_as_text() -> None:
    class Marked(str):
        def __str__(self) -> str:
            return "something else"

    gate = Interceptor.load()
    assert gate.decide(Marked("csam")).action is Action.REPLACE
    assert STAND_INS(Marked("weather tomorrow"))


def test_threads_do_not_disturb_each_other() -> None:
    queries = [
        query
        for name in ("positive", "negative", "known_broken")
        for group in yaml.safe_load((ACCURACY / f"{name}.yaml").read_text(encoding="utf-8"))
        for query in group["queries"]
    ]
    alone = list(map(STAND_INS, queries))
    with ThreadPoolExecutor(8) as threads:
        assert all(
            found == alone for found in threads.map(lambda _: list(map(STAND_INS, queries)), range(16))
        )


def test_a_compiled_list_is_as_good_where_nothing_was_compiled(tmp_path: Path) -> None:
    """What is compiled differs from machine to machine, and has no part in what a list is compiled to."""
    path = tmp_path / "stand-ins.compiled"
    compiled.write(path, compiled.compile_lists(read_lists([ACCURACY / "stand_ins.yaml"])))
    names = {name for name, _ in compiled._files(Path(compiled.__file__).parent)}
    assert "sieve.py" in names
    assert not [name for name in names if "native" in name]
    assert Interceptor(Config(), compiled.read(path)).decide("weather tomorrow").action is Action.PASS


def test_no_term_is_shown() -> None:
    assert "purple" not in repr(STAND_INS)
    assert "purple" not in repr(Trie({"purple": 0}))
