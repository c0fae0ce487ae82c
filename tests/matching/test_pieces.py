"""Pieces that the sieve looks for: few, and none that any text is full of, where there is another."""

from __future__ import annotations

from interceptor.config import Matching
from interceptor.folding.skeleton import skeleton
from interceptor.matching.pieces import FORWARD, PHRASE, WORD, Pieces


def pieces(*patterns: str) -> Pieces:
    """Those of ``patterns``, all of which may be rewritten."""
    return Pieces.of(
        patterns, [(pattern, skeleton(pattern, signs=False)) for pattern in patterns], Matching()
    )


def test_no_piece_stands_in_another_that_tells_no_more() -> None:
    found = pieces(" gardenlantern ", " lanterngarden ", " purple garden lantern ", " lantern ")
    for kinds in (found.text, found.skeleton):
        for piece, value in kinds.items():
            within = [other for other in kinds if other != piece and other in piece]
            assert all(kinds[other] < value for other in within), (piece, within)


def test_what_only_a_phrase_leaves_is_kept_beside_what_words_leave() -> None:
    found = pieces(" lamp ", " lamp post garden ").text
    assert found[" lamp "] == WORD
    assert any(" lamp " in piece and value == PHRASE for piece, value in found.items())


def test_the_skeleton_of_an_ordinary_word_of_the_lists_is_no_piece_where_there_is_another() -> None:
    found = pieces(" curtainkitchen ", " kitchen table lamp ")
    assert skeleton("kitchen", signs=False) not in found.skeleton
    assert any(
        value == FORWARD and piece in skeleton("curtainkitchen", signs=False)
        for piece, value in found.skeleton.items()
    )


def test_a_term_that_is_an_ordinary_word_leaves_that() -> None:
    found = pieces(" kitchen ")
    assert any(piece in skeleton("kitchen", signs=False) for piece in found.skeleton)
