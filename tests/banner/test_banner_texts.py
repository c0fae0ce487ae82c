"""What the shipped texts must and must not say; see docs/banner.md."""

from __future__ import annotations

import re

import pytest

from interceptor.banner.lint import findings, read_rules
from interceptor.banner.resources import read_catalogue
from interceptor.banner.texts import read_languages
from interceptor.config import Config

LANGUAGES = read_languages()

_RESOURCES = read_catalogue({}).resources
OFFERED = sorted({*_RESOURCES["survey-current"].languages, *_RESOURCES["redirection"].languages})
MESSAGES = {
    "neutral",
    *(f"{theme}-{frame}" for theme in ("legal", "harm", "control", "distress") for frame in ("loss", "gain")),
    "harm-legal",
    "supportive",
    "informational",
}


def test_the_check_of_the_messages_finds_nothing() -> None:
    assert [str(finding) for finding in findings(Config())] == []


@pytest.mark.parametrize("tag", OFFERED)
def test_no_text_is_missing(tag: str) -> None:
    assert set(LANGUAGES[tag].messages) == MESSAGES
    assert not LANGUAGES[tag].borrowed


@pytest.mark.parametrize("tag", LANGUAGES)
def test_scripts_from_right_to_left_say_so(tag: str) -> None:
    letters = "".join(LANGUAGES[tag].messages["neutral"].text)
    is_rtl = bool(re.search(r"[\u0590-\u08ff]", letters))
    assert (LANGUAGES[tag].dir == "rtl") is is_rtl
    assert bool({"Arab", "Hebr"} & set(LANGUAGES[tag].scripts)) is is_rtl


def test_every_language_has_rules_to_be_checked_by() -> None:
    assert set(read_rules()) == set(LANGUAGES)
