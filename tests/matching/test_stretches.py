"""Which stretches of a text are taken."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from interceptor.matching.stretches import Stretches

spans = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: (min(pair), max(pair)))
real = spans.filter(lambda span: span[0] < span[1])


@given(taken=st.lists(spans, max_size=8), asked=real)
def test_a_stretch_is_free_where_none_lies_over_it(
    taken: list[tuple[int, int]], asked: tuple[int, int]
) -> None:
    over = any(set(range(*span)) & set(range(*asked)) for span in taken)
    assert Stretches(taken).is_free(*asked) is not over


@given(st.lists(real, max_size=12))
def test_what_is_taken_one_by_one_never_overlaps(asked: list[tuple[int, int]]) -> None:
    stretches, taken = Stretches(), set[int]()
    for span in asked:
        free = taken.isdisjoint(range(*span))
        assert stretches.take(*span) is free
        if free:
            taken.update(range(*span))
