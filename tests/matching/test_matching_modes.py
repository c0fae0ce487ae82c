"""Where a term has to stand: word borders in scripts with and without spaces, and the modes of an entry."""

from __future__ import annotations

import pytest
from gates import gate, matches

from interceptor import Interceptor
from interceptor.config import Config
from interceptor.matching.matcher import Matcher
from interceptor.termlists.model import Entry, MatchMode, Status, TermList

WORD, PREFIX, SUBSTRING, EXACT = MatchMode.WORD, MatchMode.PREFIX, MatchMode.SUBSTRING, MatchMode.EXACT


@pytest.mark.parametrize(
    ("term", "mode", "query", "found"),
    [
        # Latin
        ("lantern", WORD, "lantern", True),
        ("lantern", WORD, "a purple lantern in the garden", True),
        ("lantern", WORD, "LANTERN!", True),
        ("lantern", WORD, "(lantern)", True),
        ("lantern", WORD, "lantern's", True),
        ("lantern", WORD, "lanterns", False),
        ("lantern", WORD, "magiclantern", False),
        ("lantern", WORD, "lantern2", False),
        ("lantern", WORD, "lant ern", False),
        ("garden lantern", WORD, "garden   lantern", True),
        ("garden lantern", WORD, "garden-lantern", True),
        ("garden-lantern", WORD, "garden lantern", True),
        ("garden lantern", WORD, "gardenlantern", False),
        ("garden lantern", WORD, "garden of lantern", False),
        ("garden lantern", WORD, "lantern garden", False),
        ("lámpara", WORD, "LAMPARA", True),
        ("lampara", WORD, "la\u0301mpara", True),
        ("lantern", WORD, "ｌａｎｔｅｒｎ", True),
        ("lantern", WORD, "lan\u200btern", True),
        ("c#", WORD, "c", True),
        # Cyrillic, Greek, Arabic, Hebrew, Devanagari
        ("фонарь", WORD, "садовый ФОНАРЬ", True),
        ("фонарь", WORD, "фонарьки", False),
        ("фонар", PREFIX, "садовые фонари", True),
        ("φανάρι", WORD, "ΦΑΝΑΡΙ κήπου", True),
        ("فانوس", WORD, "فَانُوس الحديقة", True),
        ("فانوس", WORD, "الفانوس", False),
        ("פנס", WORD, "פָנָס הגן", True),
        ("लालटेन", WORD, "बगीचे की लालटेन", True),
        ("लालटेन", WORD, "लालटेनों", False),
        # Korean: words begin at a space, particles follow without one
        ("정원 등불", WORD, "정원 등불", True),
        ("정원 등불", WORD, "보라색 정원 등불을 찾다", True),
        ("등불", WORD, "정원등불", False),
        ("등불", SUBSTRING, "정원등불", True),
        ("등불", WORD, "\u1103\u1173\u11bc\u1107\u116e\u11af", True),
        # Scripts without spaces: anywhere
        ("庭園灯篭", WORD, "紫の庭園灯篭を買う", True),
        ("庭園灯篭", WORD, "庭園 灯篭", True),
        ("庭園灯篭", WORD, "庭園、灯篭", False),
        ("庭園灯篭", WORD, "庭園の灯篭", False),
        ("ランプ", WORD, "庭園ﾗﾝﾌﾟ", True),
        ("がーでん", WORD, "か\u3099ーて\u3099ん", True),
        ("カーテン", WORD, "ガーデン", False),
        ("โคมไฟ", WORD, "ซื้อโคมไฟสวน", True),
        ("โคมไฟสวน", WORD, "โคมไฟ สวน", True),
        ("花园灯笼", WORD, "紫色花园灯笼", True),
        # Mixed scripts: a border wherever a spaced script meets another
        ("garden灯篭", WORD, "garden灯篭", True),
        ("garden灯篭", WORD, "garden 灯篭", True),
        ("garden灯篭", WORD, "purplegarden灯篭", False),
        ("灯篭garden", WORD, "庭園灯篭garden", True),
        ("灯篭garden", WORD, "灯篭gardens", False),
        ("lantern", WORD, "庭園lantern灯篭", True),
        ("lantern", WORD, "정원lantern", False),
        # Prefix
        ("lant", PREFIX, "purple lanterns", True),
        ("lantern", PREFIX, "lantern", True),
        ("tern", PREFIX, "lantern", False),
        ("garden lant", PREFIX, "garden lanterns", True),
        ("garden lant", PREFIX, "gardens lanterns", False),
        # Substring
        ("tern", SUBSTRING, "lanterns", True),
        ("den lan", SUBSTRING, "garden lantern", True),
        ("den lan", SUBSTRING, "garden, lantern", True),
        ("den lan", SUBSTRING, "gardenlantern", False),
        # Exact
        ("garden lantern", EXACT, "Garden  Lantern?", True),
        ("garden lantern", EXACT, "purple garden lantern", False),
        ("garden lantern", EXACT, "garden lanterns", False),
        ("灯篭", EXACT, "灯篭", True),
        ("灯篭", EXACT, "庭園灯篭", False),
        ("등불", EXACT, "등불을", False),
    ],
)
def test_where_a_term_stands(term: str, mode: MatchMode, query: str, found: bool) -> None:
    assert matches(gate(Entry(id="one", terms=(term,), match=mode)), query) is found


@pytest.mark.parametrize("term", ["", "?!", "\u200b", "\u0301", "🏮"])
def test_a_term_that_folds_to_nothing_matches_nothing(term: str) -> None:
    entries = [
        Entry(id=mode.value, terms=(term, "lantern") if mode is WORD else (term,), match=mode)
        for mode in MatchMode
    ]
    interceptor = gate(*entries)
    for query in ("", " ", "garden", "?!", term):
        assert not matches(interceptor, query)
    assert matches(interceptor, "lantern")


def test_retired_entries_are_not_matched() -> None:
    found = {
        status: matches(gate(Entry(id="one", terms=("lantern",), status=status)), "lantern")
        for status in Status
    }
    assert found == {Status.DRAFT: True, Status.TESTING: True, Status.STABLE: True, Status.RETIRED: False}


def test_entries_that_fold_to_the_same_all_match() -> None:
    interceptor = gate(
        Entry(id="one", terms=("Lámpara",)),
        Entry(id="two", terms=("lampara", "LAMPARA", "lámpara")),
        Entry(id="three", terms=("lampara",), match=EXACT),
        Entry(id="four", terms=("lampara",), match=SUBSTRING),
    )
    assert [item.entry_id for item in interceptor.explain("lampara")] == ["one", "two", "three", "four"]
    assert [item.entry_id for item in interceptor.explain("una lampara")] == ["one", "two", "four"]


def test_terms_within_terms_all_match() -> None:
    interceptor = gate(
        Entry(id="long", terms=("purple garden lantern",)),
        Entry(id="middle", terms=("garden",)),
        Entry(id="end", terms=("garden lantern",)),
        Entry(id="over", terms=("lantern festival",)),
    )
    found = [item.entry_id for item in interceptor.explain("purple garden lantern festival")]
    assert found == ["long", "middle", "end", "over"]


def test_evidence_names_list_entry_and_place() -> None:
    lists = [
        TermList(id="first", language="fi", entries=(Entry(id="one", terms=("lyhty",)),)),
        TermList(id="second", entries=(Entry(id="two", terms=("lantern",), language="pt-BR"),)),
    ]
    interceptor = Interceptor(Config(), lists)
    query = "Puutarha\u200bn LYHTY, eli lánterN"
    found = [
        (item.list_id, item.entry_id, item.language, query[slice(*item.span)])
        for item in interceptor.explain(query)
    ]
    assert found == [("first", "one", "fi", "LYHTY"), ("second", "two", "pt-BR", "lánterN")]


def test_no_lists_match_nothing() -> None:
    assert not matches(Interceptor(Config(), []), "lantern")
    assert not matches(gate(Entry(id="one", terms=("?",))), "lantern")


def test_nothing_printed_holds_a_term() -> None:
    matcher = Matcher([TermList(id="x", entries=(Entry(id="one", terms=("lantern",)),))])
    shown = repr([matcher, matcher.entries, matcher.find("lantern"), matcher._index])
    assert "lantern" not in shown
