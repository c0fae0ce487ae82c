"""Letters of other scripts: what is told without folding holds for every fold, and no row is overlooked."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interceptor.folding import plain
from interceptor.folding.lookalikes import LOOKALIKES, SECOND, UPSIDE_DOWN
from interceptor.folding.skeleton import skeleton
from interceptor.matching.letters import OWN_LETTERS, SINGLE, Letters

EVERY = [chr(code) for code in range(sys.maxunicode + 1)]
BLOCKS = {
    "Hebrew": "\u0590-\u05ff",
    "Arabic": "\u0600-\u06ff",
    "Devanagari": "\u0900-\u097f",
    "Bengali": "\u0980-\u09ff",
    "Tamil": "\u0b80-\u0bff",
    "Telugu": "\u0c00-\u0c7f",
    "Thai": "\u0e00-\u0e7f",
    "Hangul": "\u1100-\u11ff\uac00-\ud7a3",
    "Kana": "\u3040-\u30ff",
    "Han": "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff",
}


def readings(char: str) -> list[str]:
    return [plain.fold_char(char).strip(), *(skeleton(char, signs=signs) for signs in (False, True))]


@pytest.mark.parametrize("script", OWN_LETTERS)
def test_no_fold_makes_a_letter_of_another_script_of_them(script: str) -> None:
    own, block = re.compile(f"[{OWN_LETTERS[script]}]"), re.compile(f"[{BLOCKS[script]}]+")
    letters = [char for char in EVERY if own.match(char)]
    assert letters
    for char in letters:
        assert not any(ord(char) in alike for alike in (LOOKALIKES, SECOND, UPSIDE_DOWN)), hex(ord(char))
        assert all(block.fullmatch(read) for read in readings(char)), hex(ord(char))


def test_nothing_else_gives_two_letters_unnoticed() -> None:
    for char in EVERY:
        if re.match(f"[{SINGLE}]", char):
            assert all(len(read) < 2 for read in readings(char)), hex(ord(char))


@pytest.mark.parametrize(
    "query",
    [
        "garden",
        "庭 garden 庭",
        "庭ﬁsh庭",
        "庭𝐟𝐢𝐬𝐡庭",
        "في fish",
        "f i s h في",
        "庭f.i.s.h庭",
        "ga -庭 rden",
        "fi NOT 庭 sh",
        "ｆｉｓｈ庭",
    ],
)
def test_a_row_of_the_lists_letters_is_found(query: str) -> None:
    assert Letters(["garden", " fish "]).have_row(query)


@pytest.mark.parametrize(
    "query", ["السلام عليكم", "日本の庭園はどこ？", "정원이 어디에 있나요?", "बगीचा कहाँ है?", "สวนอยู่ที่ไหน"]
)
def test_a_query_of_another_script_has_none(query: str) -> None:
    assert not Letters(["garden", " fish "]).have_row(query)


@pytest.mark.parametrize("piece", ["庭園", "حديقة", "정원", "बगीचा"])
def test_letters_of_the_lists_are_no_others(piece: str) -> None:
    assert Letters([piece, "garden"]).have_row(f"{piece}{piece}")


def test_without_anything_to_find_nothing_is_found() -> None:
    assert not Letters([]).have_row("garden")


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("garden 庭", "garden  "),
        ("庭garden庭園 の", " garden "),
        ("ไฟgardenสวน 2024?", " garden  2024?"),
        ("السلام عليكم garden ليست", "السلام  garden  "),
        ("정원 (GPS) 있나요?", "  (GPS)  ?"),
        # One letter of a word that holds others may be a typing error.
        ("gar한en", "gar한en"),
        ("gardenب", "gardenب"),
        ("GPS에서 정원이", "GPS에서  "),
        ("garden gár", "garden gár"),
        ("сад", "сад"),
    ],
)
def test_letters_of_the_lists_stay_alone(query: str, left: str) -> None:
    assert Letters(["garden", " fish "]).alone(query).split() == left.split()


@settings(deadline=None)
@given(
    st.text(st.one_of(st.characters(), st.sampled_from("garden 庭のไฟ정원في(.-\u0301\u200b")), max_size=40)
)
def test_no_letter_of_the_lists_is_lost_or_comes_closer_to_another(query: str) -> None:
    others = re.compile(f"[{''.join(OWN_LETTERS.values())}]")
    left = Letters(["garden"]).alone(query)
    assert "".join(others.sub("", left).split()) == "".join(others.sub("", query).split())
    assert (
        Letters(["garden", "庭", "の", "ไฟ", "정원", "في", "बगीचा", "বাগান", "தோட்டம்", "తోట", "גן"]).alone(query)
        == query
    )
