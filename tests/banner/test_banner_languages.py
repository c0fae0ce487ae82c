from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interceptor.banner.languages import accepted, choose, lookup

OFFERED = {"en": ("Latn",), "es": ("Latn",), "ru": ("Cyrl",), "zh-Hant": ("Hant", "Hani")}


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ({}, "en"),
        ({"requested": "es", "matched": "ru", "accept_language": "ru"}, "es"),
        ({"requested": "ES"}, "es"),
        ({"requested": "tlh", "matched": "ru"}, "ru"),
        ({"requested": "../../etc/passwd", "matched": "ru"}, "ru"),
        ({"requested": "e" * 10_000}, "en"),
        ({"matched": "es-419", "script": "Cyrl"}, "es"),
        ({"matched": "und", "script": "Cyrl", "accept_language": "es"}, "ru"),
        ({"script": "cyrl"}, "ru"),
        ({"script": "Latn", "accept_language": "ru"}, "ru"),
        ({"script": "Arab", "accept_language": "es"}, "es"),
        ({"accept_language": "fi, es;q=0.8, en;q=0.9"}, "en"),
        ({"accept_language": "en;q=0, es;q=0.1"}, "es"),
        ({"accept_language": "es-MX,ru;q=0.5"}, "es"),
        ({"accept_language": "zh-Hant-x-private-TW"}, "zh-Hant"),
        ({"accept_language": "zh-Hant-a-TW"}, "zh-Hant"),
        ({"accept_language": "*, es;q=0.5"}, "es"),
        ({"accept_language": "es;q=banana, ru;q=0.5"}, "ru"),
        ({"accept_language": ";;;,,,=\x00\xff"}, "en"),
    ],
)
def test_the_first_clue_that_fits_decides(given_: dict[str, str], expected: str) -> None:
    assert choose(OFFERED, "en", **given_) == expected


def test_equal_wishes_keep_their_order() -> None:
    assert list(accepted("ru, en;q=0.5, es")) == ["ru", "es", "en"]


@given(st.text(), st.text(), st.text(), st.text())
def test_garbage_gives_an_offered_language(requested: str, matched: str, script: str, header: str) -> None:
    chosen = choose(
        OFFERED, "en", requested=requested, matched=matched, script=script, accept_language=header
    )
    assert chosen in OFFERED


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh_HK", "zh-Hant"),
        ("zh-Hant-CN", "zh-Hant"),
    ],
)
def test_a_chinese_region_leads_to_its_script(tag: str, found: str) -> None:
    assert lookup(tag, {"en": (), "zh-Hans": (), "zh-Hant": ()}) == found
