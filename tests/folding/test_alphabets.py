"""Folding by alphabet is a short cut: it gives what the table gives, or nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interceptor.folding import plain
from interceptor.folding.alphabets import Alphabets

ALPHABETS = Alphabets(plain.fold_char)


@pytest.mark.parametrize(
    "text",
    [
        "Où est la lanterne de l’hôtel ?",
        "Żółta latarnia ogrodowa",
        "Пурпурный садовый фонарь?",
        "فانوس حديقة أرجواني؟",
        "बैंगनी बगीचे की लालटेन",
        "বেগুনি বাগানের লণ্ঠন",
        "ఊదా తోట లాంతరు",
        "โคมไฟสวนสีม่วง",
        "Μωβ φανάρι κήπου;",
    ],
)
def test_an_alphabet_folds_as_the_table_does(text: str) -> None:
    assert ALPHABETS.fold(text) == "".join(map(plain.fold_char, text))


@pytest.mark.parametrize("text", ["лантерна 児童", "straße", "a\u200bé", "é\U0001f3ee", "\ud800é", "児童"])
def test_a_text_that_is_not_of_one_alphabet_is_left_to_the_table(text: str) -> None:
    assert ALPHABETS.fold(text) is None


@given(st.text(st.characters(max_codepoint=0xFFF)))
def test_folding_by_alphabet_never_differs(text: str) -> None:
    folded = ALPHABETS.fold(text)
    assert folded is None or folded == "".join(map(plain.fold_char, text))


@given(st.text(st.characters(max_codepoint=0xFFF)))
def test_normal_form_is_kept(text: str) -> None:
    folded = ALPHABETS.fold(unicodedata.normalize("NFC", text))
    assert folded is None or unicodedata.is_normalized("NFC", folded)


@pytest.mark.parametrize("block", range(1, 0x1E))
def test_normal_form_is_kept_by_every_pair_of_a_block(block: int) -> None:
    chars = [char for code in range(block << 7, (block + 1) << 7) if ALPHABETS.fold(char := chr(code))]
    for first in ["a", *chars]:
        for second in chars:
            if unicodedata.is_normalized("NFC", first + second):
                folded = ALPHABETS.fold(first + second)
                assert folded is None or unicodedata.is_normalized("NFC", folded)
