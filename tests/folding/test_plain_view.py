"""What holds of the plain view for every text."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from interceptor.folding import plain
from interceptor.folding.mapped import Mapped
from interceptor.folding.scripts import script_of, unspaced

_BLOCKS = (
    *((0x20, 0x7F), (0xA0, 0x250), (0x300, 0x370), (0x370, 0x530), (0x590, 0x700), (0x900, 0xE00)),
    *((0xE00, 0x1050), (0x1100, 0x1200), (0x2000, 0x2070), (0x3040, 0x3190), (0x4E00, 0x4E20)),
    *((0xAC00, 0xAC40), (0xD800, 0xD810), (0xFE00, 0xFE10), (0xFF60, 0xFFE0), (0x1D158, 0x1D173)),
    (0x1F100, 0x1F200),
)
"""Where characters compose, decompose, vanish or join, so that few examples meet many of these."""

near = st.one_of([st.characters(min_codepoint=first, max_codepoint=last - 1) for first, last in _BLOCKS])
texts = st.text(st.one_of(near, st.characters()), max_size=90)
"""Any text: halves of surrogate pairs, controls and unassigned code points too."""


@given(texts)
@example("\u0fbb\U0001d164\u0f73\u0f62")  # marks that are reordered over the border of what composes
@example("\ud7a3\u11a8\ud7a3\u0301\u11a8")
@example("\uff76\uff9e \uff8a\uff9f")
@example("\u0140\u5150")
@example("\u314e\u314f\u3134\u1161\u11a8\u3134")
@example("\U0001f1e6\u200b\U0001f1e7\u3134x\U0001f1e8\u309b\U0001f1e9")
@example("x" * 70 + "\u0301\u0323" * 20)
def test_the_map_leads_to_the_text_of_the_view(text: str) -> None:
    mapped = plain.mapped(text)
    assert mapped.text == plain.view(text)
    assert len(mapped.text) == len(mapped.starts) == len(mapped.ends)
    assert all(0 <= s <= e <= len(text) for s, e in zip(mapped.starts, mapped.ends, strict=True))
    places = [place for place in zip(mapped.starts, mapped.ends, strict=True) if place[0] < place[1]]
    assert [start for start, _ in places] == sorted(start for start, _ in places)
    assert [end for _, end in places] == sorted(end for _, end in places)


@given(texts)
def test_words_stand_between_single_spaces(text: str) -> None:
    view = plain.view(text)
    assert view == "" or (view[0] == view[-1] == " " and "" not in view[1:-1].split(" "))
    assert all(unicodedata.category(char)[0] in "LNM" for char in view.replace(" ", ""))


@given(texts)
def test_folding_again_changes_nothing(text: str) -> None:
    view = plain.view(text)
    if not unspaced.search(view):
        assert plain.view(view) == view


def test_folding_again_joins_what_punctuation_kept_apart_in_unspaced_scripts() -> None:
    once = plain.view("庭園。灯篭")
    assert (once, plain.view(once)) == (" 庭园 灯篭 ", " 庭园灯篭 ")


@given(st.text(near, max_size=12))
def test_canonically_equivalent_texts_are_one(text: str) -> None:
    views = {plain.view(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert views == {plain.view(text)}


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.text(st.characters(codec="utf-8"), max_size=40))
def test_a_planted_word_is_mapped_to_its_place(before: str, after: str) -> None:
    mapped = plain.mapped(f"{before} Lántern {after}")
    # A word of the random text may be the same: the planted one is among them.
    places = []
    at = mapped.text.find(" lantern ")
    while at >= 0:
        places.append(mapped.span(at, at + len(" lantern ")))
        at = mapped.text.find(" lantern ", at + 1)
    assert (len(before) + 1, len(before) + 1 + len("Lántern")) in places


@pytest.mark.parametrize(
    ("text", "pattern", "found"),
    [
        ("a purple lantern", " purple ", "purple"),
        ("ﬁgs", " figs ", "ﬁgs"),
        ("ﬁgs", "i", "ﬁ"),
        ("x\u200bl\u0301\u0302a", "la", "l\u0301\u0302a"),
        ("İx", "x", "x"),
        ("ß!", " ss ", "ß"),
        ("ﾗﾝﾌﾟ", "ぷ", "ﾌﾟ"),
        ("⒧🅰ɴ", "la", "⒧🅰"),
        ("a 🇱🇦🇳!", " lan ", "🇱🇦🇳"),
        ("lan🇫🇮", "fi", "🇫🇮"),
        ("l🇦n", "a", "🇦"),
        ("ㅎㅏㄴㅎㅏㄹㄱ", "핡", "ㅎㅏㄹㄱ"),
        ("فـانوس", "فا", "فـا"),
        ("e\u0301", " e ", "e"),
        ("\u1112\u1161\u11ab", "한", "\u1112\u1161\u11ab"),
        ("庭園 の 灯篭", "园の灯", "園 の 灯"),
        ("garden灯篭", " garden 灯", "garden灯"),
    ],
)
def test_spans_lead_back_to_the_source(text: str, pattern: str, found: str) -> None:
    mapped = plain.mapped(text)
    at = mapped.text.index(pattern)
    start, end = mapped.span(at, at + len(pattern))
    assert text[start:end] == found


def test_a_span_of_nothing_but_padding_is_empty() -> None:
    assert plain.mapped("a b").span(0, 1) == (0, 0)
    assert Mapped.of("").span(0, 0) == (0, 0)


@pytest.mark.parametrize(
    "unit",
    [
        "\U0001f1e6",
        "\U0001f1e6x",
        "\u314e\u314f\u3134",
        "\u314f",
        "\u0301",
        "\u0301\u0323",
        "a\u0301\u0323\u0300",
        "\uff9e\u0e48",
        "\u0f71\u0f72\u0f74",
        "\u1100\u1161\u11a8",
        "\ufdfa",
        "庭 ",
        "庭a",
        "\u200b",
        "\U0001d164\u0f73",
    ],
    ids=ascii,
)
def test_time_is_linear_in_the_length(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        best = float("inf")
        for _ in range(3):
            began = time.process_time()
            plain.view(text)
            best = min(best, time.process_time() - began)
        return best

    seconds(1_000)
    # Eight times the text; sorted marks as they come would take 64 times the time.
    assert seconds(40_000) < 32 * seconds(5_000) + 0.02


def test_a_megabyte_of_marks_is_folded() -> None:
    assert plain.view("a" + "\u0301\u0323" * 500_000) == " a "
    assert plain.mapped("a" + "\u0e48\u0e38" * 20_000).text.startswith(" a")


@pytest.mark.parametrize(
    ("term", "starts", "ends", "result"),
    [
        ("Purple  Lantern!", True, True, " purple lantern "),
        ("lantern", True, False, " lantern"),
        ("lantern", False, False, "lantern"),
        ("정원", True, True, " 정원"),
        ("정원", False, True, "정원"),
        ("灯篭", True, True, "灯篭"),
        ("garden灯篭", True, True, " garden 灯篭"),
        ("灯篭garden", True, True, "灯篭 garden "),
        ("โคมไฟ", True, True, "โคมไฟ"),
        ("?! \u200b", True, True, ""),
        ("", True, True, ""),
    ],
)
def test_patterns_are_padded_where_words_have_borders(
    term: str, starts: bool, ends: bool, result: str
) -> None:
    assert plain.pattern(term, starts_word=starts, ends_word=ends) == result


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("purple garden", "Latn"),
        ("ｌａｎｔｅｒｎ", "Latn"),
        ("фонарь lamp", "Cyrl"),
        ("فانوس", "Arab"),
        ("庭園", "Hani"),
        ("庭園の灯篭", "Jpan"),
        ("정원", "Hang"),
        ("โคมไฟ", "Thai"),
        ("123 !?", None),
        ("", None),
        ("\ud800\u0378", None),
        ("x" * 10_000 + "の", "Latn"),
    ],
)
def test_script_of(text: str, script: str | None) -> None:
    assert script_of(text) == script


def test_what_no_view_keeps_is_dropped_wherever_it_stands() -> None:
    codes = (code for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    dropped = [char for char in map(chr, codes) if plain._drop_char(char) == ""]
    assert len(dropped) > 400
    assert [hex(ord(char)) for char in dropped if plain.visible(f"é{char}é") != "éé"] == []


def test_what_western_europe_writes_is_folded_as_everything_else_is() -> None:
    texts = [f"a{chr(code)}b {chr(code)} c{chr(code)}" for code in range(256)]
    assert [plain.view(text) for text in texts] == [plain.mapped(text).text for text in texts]
