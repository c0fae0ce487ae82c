"""What the texts must and must not say; see docs/banner.md."""

from __future__ import annotations

import re

import pytest

from interceptor.banner.texts import read_languages

LANGUAGES = read_languages()
WARNINGS = [(tag, name) for tag in LANGUAGES for name in ("neutral", "harm-legal", "supportive")]

# A word of each of the four things that a warning says, for each language.
ELEMENTS = {
    "en": ("crime", "harm", "consequences|prison", "help", "anonymous"),
    "es": ("delito", "daño", "consecuencias|prisión", "ayuda", "anónima"),
    "fi": ("rikos", "vahin", "seurauksia|vankeutta", "ap[uo]", "nime"),
}
FORBIDDEN = {
    "en": r"you searched|your search|porn|police|track|trac(ed|ing)|log(ged|ging)|report(ed)? you|shame|guilt|immun",
    "es": r"usted buscó|su búsqueda|ha buscado|porno|policía|rastre|registramos|vergüenza|culpa|inmun",
    "fi": r"sinä hait|hakusi|olet hakenut|porno|poliisi|jälj|häpe|syyllis",
}
SEARCH_IS_NO_CRIME = {
    "en": r"search(ing)?( for them)? is (a crime|illegal)",
    "es": r"buscar(las)? es un delito",
    "fi": r"hakeminen on rikos",
}


def whole(tag: str, name: str) -> str:
    message = LANGUAGES[tag].messages[name]
    return " ".join((message.heading, *message.text))


@pytest.mark.parametrize(("tag", "name"), WARNINGS)
def test_a_warning_says_the_four_things(tag: str, name: str) -> None:
    for element in ELEMENTS[tag]:
        assert re.search(element, whole(tag, name), re.IGNORECASE), element


@pytest.mark.parametrize("tag", LANGUAGES)
def test_no_text_accuses_bluffs_or_shames(tag: str) -> None:
    language = LANGUAGES[tag]
    words = " ".join(getattr(language.words, name) for name in language.words.__slots__)
    everything = " ".join([words, *(whole(tag, name) for name in language.messages)])
    assert not re.search(FORBIDDEN[tag], everything, re.IGNORECASE)
    assert not re.search(SEARCH_IS_NO_CRIME[tag], everything, re.IGNORECASE)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_consequences_never_stand_without_help_in_the_same_sentence(tag: str) -> None:
    sentences = re.split(r"(?<=[.!?])\s+", whole(tag, "harm-legal"))
    loss, help_ = {"en": ("prison", "help"), "es": ("prisión", "ayuda"), "fi": ("vankeutta", "apua")}[tag]
    assert [sentence for sentence in sentences if loss in sentence]
    assert all(help_ in sentence for sentence in sentences if loss in sentence)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_page_title_says_nothing(tag: str) -> None:
    # It stays in the browser's history.
    title = LANGUAGES[tag].words.page_title
    assert len(title) < 25
    assert not re.search(r"child|abuse|sex|niñ|menor|laps", title, re.IGNORECASE)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_informational_message_is_short(tag: str) -> None:
    assert len(LANGUAGES[tag].messages["informational"].text) == 1
    assert len(LANGUAGES[tag].messages["informational"].text[0]) < 220
