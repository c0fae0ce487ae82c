"""Folding by alphabet is a short cut: it gives what the table gives in normal form C, or nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interceptor.folding import plain
from interceptor.folding.alphabets import Alphabets

ALPHABETS = Alphabets(plain.fold_char)


def by_table(text: str) -> str:
    """What the table gives, with normal form seen to before and after."""
    kept = plain.visible(text)
    folded = "".join(map(plain.fold_char, unicodedata.normalize("NFC", kept)))
    return unicodedata.normalize("NFC", folded)


@pytest.mark.parametrize(
    "text",
    [
        "Où est la lanterne de l’hôtel ?",
        "Żółta latarnia ogrodowa, także źródło",
        "Žlutá zahradní lucerna, růže",
        "Bahçe feneri ışığı, İstanbul",
        "Grădină și lanternă",
        "e\u0301 c\u030c u\u030b",
        # the letters of languages of Europe
        "ąćęłńóśźż",
        "áčďéěíňóřšťúůýž",
        "áéíóöőúüű",
        "çğıöşüİ",
        "ăâîșț",
        "āčēģīķļņšūž",
        "ąčęėįšųūž",
        "čćđšž",
        "ċġħż",
        "Пурпурный садовый фонарь?",
        "فانوس حديقة أرجواني؟",
        "बैंगनी बगीचे की लालटेन",
        "বেগুনি বাগানের লণ্ঠন",
        "ఊదా తోట లాంతరు",
        "โคมไฟสวนสีม่วง",
        "Μωβ φανάρι κήπου;",
        "¿Qué farol?",
        "straße",
        "a\u200bé",
        "лампа\u0301",
        "فَانُوس حدیقه",
        "ব\u09c7\u09beঝা\u09df",
        "น้ำ",
    ],
)
def test_an_alphabet_folds_as_the_table_does(text: str) -> None:
    assert ALPHABETS.fold(text) == by_table(text)


@pytest.mark.parametrize("text", ["лантерна 児童", "é\U0001f3ee", "\ud800é", "児童", "ท\u0e48\u0e38"])
def test_a_text_that_is_not_of_one_alphabet_is_left_to_the_table(text: str) -> None:
    assert ALPHABETS.fold(text) is None


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=0xFFF)))
def test_folding_by_alphabet_never_differs(text: str) -> None:
    folded = ALPHABETS.fold(text)
    assert folded is None or folded == by_table(text)


@pytest.mark.parametrize("block", range(1, 0x1E))
@settings(deadline=None, max_examples=50)  # the tables of characters are filled as they are met
@given(data=st.data())
def test_folding_by_alphabet_never_differs_within_a_block(block: int, data: st.DataObject) -> None:
    text = data.draw(st.text(st.characters(min_codepoint=block << 7, max_codepoint=(block << 7) + 0x7F)))
    folded = ALPHABETS.fold(text)
    assert folded is None or folded == by_table(text)


@pytest.mark.parametrize("block", range(1, 0x1E))
def test_every_pair_of_a_block_folds_as_the_table_does(block: int) -> None:
    chars = [
        char for code in range(block << 7, (block + 1) << 7) if ALPHABETS.fold(char := chr(code)) is not None
    ]
    for first in ["a", *chars]:
        for second in chars:
            folded = ALPHABETS.fold(first + second)
            assert folded is None or folded == by_table(first + second)
