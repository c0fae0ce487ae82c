"""The skeletons of patterns in one automaton."""

from __future__ import annotations

from interceptor.folding.skeleton import skeleton
from interceptor.matching.skeletons import SkeletonIndex


def made(*patterns: str) -> SkeletonIndex:
    index = SkeletonIndex()
    for number, pattern in enumerate(patterns):
        index.add(skeleton(pattern, signs=False), number)
    index.finish()
    return index


def found(index: SkeletonIndex, text: str) -> list[tuple[int, list[int]]]:
    return [(last, index.patterns(held)) for last, held in index.hits(skeleton(text, signs=False))]


def test_a_pattern_is_found_however_it_is_written() -> None:
    index = made(" garden ", " lantern ")
    for text in ("garden", "g a r d e n", "9-4-r-d-3-n", "gaarrden", "GÅRDEN"):
        assert found(index, text) == [(5, [0])]
    assert found(index, "gardenlantern") == [(5, [0]), (12, [1])]
    assert found(index, "pond") == []


def test_patterns_of_one_skeleton_are_all_given() -> None:
    index = made(" bell ", " gell ", " qell ", " lamp ")
    assert found(index, "bell") == [(2, [0, 1, 2])]
    assert found(index, "lamp") == [(3, [3])]


def test_a_pattern_without_a_skeleton_is_left_out() -> None:
    assert found(made(""), "garden") == []
    assert found(made(), "garden") == []


def test_no_pattern_is_shown() -> None:
    assert "garden" not in repr(made(" garden "))
