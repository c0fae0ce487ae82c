"""Further spellings of terms, by language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interceptor.folding import plain
from interceptor.folding.spellings import spellings


@pytest.mark.parametrize(
    ("term", "language", "expected"),
    [
        ("Gärten über Flüssen", "de", ("gaerten ueber fluessen",)),
        ("GÄRTEN", "de-AT", ("gaerten",)),
        ("Ga\u0308rten", "de", ("gaerten",)),
        ("Straße", "de", ()),
        ("trädgård", "sv", ("traedgaard",)),
        ("blå lygte", "nb-NO", ("blaa lygte",)),
        ("þorskur", "is", ("thorskur",)),
        ("bjørn", None, ("bjoern",)),
        ("jardín", "es", ()),
        ("bahçe gülü", "tr", ()),
        ("purple garden", "en", ()),
        ("баштенски фењер", "sr", ("baštenski fenjer",)),
        ("ђубриво за врт", "sr-Cyrl", ("đubrivo za vrt", "djubrivo za vrt")),
        ("đubrivo za vrt", "bs", ("djubrivo za vrt", "ђубриво за врт")),
        ("ljubičasti fenjer", "hr", ("љубичасти фењер",)),
        ("fenjer wifi", "hr", ()),
        ("садовый фонарь", "ru", ("sadovyy fonar", "sadovy'j fonar'")),
        ("объёмная щётка", None, ("obemnaya shchetka", "obyomnaya shhyotka")),
        ("Згурський м'яч", "uk", ("zghurskyi miach", "zhurs'kyj m'jač")),
        ("юна їжакова ягода", None, ("yuna yizhakova yahoda", "juna jižakova jahoda")),
        ("градински фенер", "bg", ()),
        ("қызыл шам жарығы", "kk", ()),
        ("сад", "ru", ()),
        ("garden фонарь", "ru", ()),
        ("庭園の灯篭", "ja", ()),
        ("", "de", ()),
        ("\u200b?!", None, ()),
    ],
)
def test_spellings(term: str, language: str | None, expected: tuple[str, ...]) -> None:
    assert spellings(term, language) == expected


@given(
    st.text(max_size=40),
    st.sampled_from(["de", "da", "sr", "hr", "ru", "uk", "en", "und", "", None]),
)
def test_every_spelling_is_new_to_the_plain_view_and_they_are_few(term: str, language: str | None) -> None:
    found = spellings(term, language)
    views = {plain.view(spelling) for spelling in found}
    assert len(views) == len(found) <= 3
    assert not views & {plain.view(term), ""}
