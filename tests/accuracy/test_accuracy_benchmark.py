"""The benchmark's own pieces, where the extra ``bench`` is installed."""

from __future__ import annotations

import pytest

intervals = pytest.importorskip("benchmarks.intervals", reason="needs the extra 'bench'")
languages = pytest.importorskip("benchmarks.languages", reason="needs the extra 'bench'")
recall = pytest.importorskip("benchmarks.recall", reason="needs the extra 'bench'")


def test_intervals_are_those_of_clopper_and_pearson() -> None:
    # Nothing in n: the upper end is 1 - 0.025 ** (1/n); all of n: the lower end mirrors it.
    assert intervals.Rate(0, 100).interval == pytest.approx((0, 1 - 0.025 ** (1 / 100)))
    assert intervals.Rate(100, 100).interval == pytest.approx((0.025 ** (1 / 100), 1))
    # Agresti and Coull, The American Statistician 52 (1998), give 0.0668 to 0.6525 for 3 of 10.
    assert intervals.Rate(3, 10).interval == pytest.approx((0.0667, 0.6525), abs=5e-4)
    assert intervals.Rate(0, 0).percent() == "–"


@pytest.mark.parametrize("size", [400, 37_000])
def test_stand_ins_are_what_they_are_said_to_be(size: int) -> None:
    found = languages.stand_ins(size)
    assert sum(map(len, found.values())) == size
    assert len(found) >= 12
    for code, terms in found.items():
        assert len(set(terms)) == len(terms)
        if languages.languages()[code].spaces:
            single = sum(" " not in term for term in terms)
            assert single == len(terms) // 4
            # No phrase holds another one, so that finding a part is not finding the whole.
            phrases = {term for term in terms if " " in term}
            assert not {term.rpartition(" ")[0] for term in phrases if term.count(" ") > 1} & phrases


# zhconv leaves the file of its tables open.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_cases_are_the_same_every_time_and_never_the_term_itself() -> None:
    for item in recall.CLASSES:
        first = list(recall.cases([item], 12, 400))
        assert first == list(recall.cases([item], 12, 400))
        assert first, item.name
        if item.name != "plain":
            assert all(case.query != case.term for case in first), item.name
            assert {case.language for case in first} <= set(item.languages)
