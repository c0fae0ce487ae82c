"""Each fold by its fixtures, which other implementations of the folds can run too."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from interceptor.folding import (
    arabic,
    case,
    chinese,
    compatibility,
    digits,
    hangul,
    indic,
    invisible,
    kana,
    letterlike,
    marks,
    plain,
    regional,
)

FIXTURES = Path(__file__).parent / "fixtures"


def each(fold: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: "".join(map(fold, text))


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


FOLDS: dict[str, Callable[[str], str]] = {
    "invisible": each(invisible.fold),
    "letterlike": each(letterlike.fold),
    "marks": each(marks.fold),
    "compatibility": each(compatibility.fold),
    "arabic": each(arabic.fold),
    "indic": each(indic.fold),
    "kana": each(kana.fold),
    "chinese": each(chinese.fold),
    "digits": each(digits.fold),
    "case": each(case.fold),
    "hangul": lambda text: composed(hangul.composed("".join(map(composed, map(compatibility.fold, text))))),
    "regional": lambda text: regional.words(each(regional.fold)(text)),
    "plain": plain.view,
}

CASES = [
    pytest.param(name, item["input"], item["result"], id=f"{name}-{item['why']}")
    for name in FOLDS
    for item in json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("name", "text", "result"), CASES)
def test_fold(name: str, text: str, result: str) -> None:
    assert FOLDS[name](text) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [(text, result) for name, text, result in (case.values for case in CASES) if name == "plain"],
)
def test_the_map_leads_to_the_same_text(text: str, result: str) -> None:
    assert plain.mapped(text).text == result


def test_every_fixture_is_run() -> None:
    elsewhere = {"leet", "skeleton", "turned"}  # which take a parameter: test_leet.py and so on
    assert {path.stem for path in FIXTURES.glob("*.json")} == set(FOLDS) | elsewhere
