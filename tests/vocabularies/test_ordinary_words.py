from interceptor.folding import plain
from interceptor.vocabularies import ordinary_words


def test_words_of_many_languages() -> None:
    words = ordinary_words()
    assert 350_000 < len(words) < 450_000
    known = "garden lanterns Garten größer jardín сад свет κήπος حديقة पानी தமிழ் מים puutarha zahrada bahçe"
    assert [word for word in plain.words_of(known) if word not in words] == []


def test_words_stand_as_the_plain_view_has_them() -> None:
    sample = sorted(ordinary_words())[::400]
    assert [word for word in sample if plain.view(word) != f" {word} "] == []
    assert "" not in ordinary_words()


def test_what_is_no_word_is_none() -> None:
    assert not {"", "lanternn", "grden", "purlpe"} & ordinary_words()


def test_they_are_read_once() -> None:
    assert ordinary_words() is ordinary_words()
