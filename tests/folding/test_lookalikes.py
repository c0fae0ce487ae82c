"""Look-alikes and upside-down letters, and that the plain view leaves them to be looked up."""

from __future__ import annotations

import unicodedata

import pytest

from interceptor.folding import plain
from interceptor.folding.chinese import simplified
from interceptor.folding.lookalikes import LOOKALIKES, UPSIDE_DOWN


def read(text: str) -> str:
    """``text`` as `LOOKALIKES` says to look it up: as written, then as the plain view has it."""
    return "".join(LOOKALIKES.get(ord(char)) or plain.view(char).strip() for char in text)


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        (
            "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0456\u0458\u0455\u04bb\u0501\u051b\u051d",
            "aceopxyijshdqw",
        ),
        ("\u0412\u041a\u041c\u041d\u0422", "bkmht"),
        ("\u0432\u043a\u043c\u043d\u0442", "bkmht"),
        (
            "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
            "abezhikmnoptyx",
        ),
        ("\u03b1\u03b5\u03b7\u03b9\u03bd\u03bf\u03c1\u03c4\u03c5", "aenivoptu"),
        ("\u0406\u04c0", "ii"),
        ("\u13aa\u13ac\u13a2", "aet"),
        ("\ua4d0\ua4da\ua4e1", "bcl"),
        ("\u0251\u0261", "ag"),
        ("\u0417\u0431", "36"),
    ],
    ids=[
        "Cyrillic",
        "Cyrillic capitals",
        "Cyrillic, as their capitals",
        "Greek capitals",
        "Greek",
        "I, not l",
        "Cherokee",
        "Lisu",
        "phonetic",
        "digits",
    ],
)
def test_look_alikes_of_other_scripts(text: str, letters: str) -> None:
    assert read(text) == letters


def test_look_alikes_are_what_the_plain_view_does_not_fold_to_letters_of_ascii() -> None:
    assert len(LOOKALIKES) > 700
    for code, letter in LOOKALIKES.items():
        assert len(letter) == 1
        assert letter in "abcdefghijklmnopqrstuvwxyz0123456789"
        assert code > 127
        folded = plain.view(chr(code)).strip()
        assert not folded or not folded.isascii()


def test_text_folded_before_is_looked_up_as_well() -> None:
    for code in LOOKALIKES:
        folded = plain.view(chr(code)).strip()
        assert len(folded) != 1 or ord(folded) in LOOKALIKES


def test_whole_words_read_alike() -> None:
    assert read("\u0440ur\u0440l\u0435 l\u0430nt\u0435rn") == "purplelantern"
    assert read("\u041b\u0410\u041d\u0422") != "lant"  # no Latin letter is drawn like the first


def test_upside_down_text_reads_backwards() -> None:
    assert "uɹǝʇuɐl uǝpɹɐƃ ǝldɹnd"[::-1].translate(UPSIDE_DOWN) == "purple garden lantern"
    assert "N∀Ԁ⊥∩Λ"[::-1].translate(UPSIDE_DOWN).lower() == "vutpan"


def test_the_plain_view_keeps_upside_down_letters() -> None:
    for code, letter in UPSIDE_DOWN.items():
        char = chr(code)
        if unicodedata.category(char) == "Ll" and char not in "ɓıſ":
            assert plain.view(char) == f" {char} ", f"{letter} is lost"


def test_simplified_characters_are_the_end_of_their_chains() -> None:
    table = simplified()
    assert len(table) > 3_000
    assert not set(table.values()) & set(table)
    assert all(len(char) == len(simple) == 1 for char, simple in table.items())
