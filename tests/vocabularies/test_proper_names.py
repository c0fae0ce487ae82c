from interceptor.folding import plain
from interceptor.vocabularies.proper_names import proper_names


def test_places_and_persons_are_names() -> None:
    names = proper_names()
    for name in (
        "helsinki",
        "buenos aires",
        "new york",
        "finland",
        "maria",
        "john smith",
        "mary ann johnson",
    ):
        assert names.is_name(name), name


def test_what_is_no_name_is_none() -> None:
    names = proper_names()
    for text in ("", "lantern", "purple garden lantern", "smith lantern", "smithson-lantern mary"):
        assert not names.is_name(text), text


def test_surnames_alone_are_words_too_often_to_count() -> None:
    assert not proper_names().is_name("smith")


def test_they_stand_as_the_plain_view_has_them_and_are_not_shown() -> None:
    names = proper_names()
    for block in (names.places, names.given, names.surnames):
        assert [name for name in sorted(block)[::200] if plain.view(name).strip() != name] == []
    assert repr(names) == "ProperNames()"
