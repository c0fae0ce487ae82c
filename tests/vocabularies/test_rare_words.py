from hypothesis import given
from hypothesis import strategies as st

from interceptor.folding import plain
from interceptor.vocabularies import ordinary_words
from interceptor.vocabularies.rare_words import RareWords, rare_words


@given(st.sets(st.text(min_size=1), min_size=1))
def test_what_was_put_in_is_known(words: set[str]) -> None:
    held = RareWords.of(words, len(words))
    assert all(word in held for word in words)
    assert all(word in RareWords(bytes(held)) for word in words)


def test_other_words_are_taken_for_one_about_once_in_120_times() -> None:
    held = RareWords.of((f"word {number}" for number in range(10_000)), 10_000)
    wrong = sum(f"other {number}" in held for number in range(20_000))
    assert 80 < wrong < 260


def test_rare_words_and_names_of_many_languages() -> None:
    words = "kettledrums Rangell kabaree Kollywood Smeralda Clarkdale gamsachurdia"
    rare = rare_words()
    assert [word for word in plain.words_of(words)[:6] if word not in rare] == []
    assert "lantrnfestival" not in rare
    assert rare is rare_words()
    assert repr(rare) == f"RareWords({len(bytes(rare))} bytes)"


def test_ordinary_words_are_not_held_twice() -> None:
    rare = rare_words()
    sample = [word for word in sorted(ordinary_words())[::200] if len(word) > 4]
    # What is found all the same is the filter's error.
    assert sum(word in rare for word in sample) < len(sample) * 0.02
