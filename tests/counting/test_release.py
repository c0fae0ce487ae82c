"""Counts leave once a window, and nothing of an open window shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interceptor.counting.cells import Cells
from interceptor.counting.release import Release
from interceptor.counting.windows import Windows

DAY = timedelta(hours=24)


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("length", "now", "end"),
    [
        (DAY, "2026-11-22 00:00:00", "2026-11-23 00:00:00"),
        (DAY, "2026-11-22 23:59:59.999", "2026-11-23 00:00:00"),
        (DAY, "2024-02-29 12:00:00", "2024-03-01 00:00:00"),
        (timedelta(hours=1), "2026-11-22 10:15:00", "2026-11-22 11:00:00"),
        (
            timedelta(days=7),
            "2026-11-22 10:15:00",
            "2026-11-26 00:00:00",
        ),  # weeks of a Thursday, as 1970 began
    ],
)
def test_windows_are_aligned_to_utc(length: timedelta, now: str, end: str) -> None:
    assert Windows(length).end(at(now)) == at(end)


@given(st.integers(1, 10**7), st.floats(0, 4e9))
def test_a_window_ends_later_than_now_and_by_at_most_its_length(seconds: int, now: float) -> None:
    end = Windows(timedelta(seconds=seconds)).end(now)
    assert 0 < end - now <= seconds
    assert end % seconds == 0


def test_nothing_changes_while_a_window_is_open() -> None:
    cells = Cells(2, 3)
    start = at("2026-11-22 09:00:00")
    release = Release(cells, Windows(DAY), start)
    before = release.released
    assert (before.windows, before.last, before.totals) == (0, (0, 0, 0), (0, 0, 0))
    for second in range(0, 15 * 3600, 3600):
        cells.add(second % 2, 1)
        assert not release.due(start + second)
        assert release.released is before
    assert release.due(before.window_end)
    assert before.window_end == at("2026-11-23 00:00:00")


def test_a_closed_window_is_released_as_what_came_in_it() -> None:
    cells = Cells(2, 2)
    release = Release(cells, Windows(DAY), at("2026-11-22 09:00:00"))
    for _ in range(3):
        cells.add(0, 0)
    cells.add(1, 0)
    cells.add(1, 1)
    first = release.close(at("2026-11-23 00:00:00.2"))
    assert (first.windows, first.last, first.totals) == (1, (4, 1), (4, 1))
    assert first.window_end == at("2026-11-24 00:00:00")
    cells.add(0, 1)
    second = release.close(at("2026-11-24 00:00:00"))
    assert (second.windows, second.last, second.totals) == (2, (0, 1), (4, 2))
    third = release.close(at("2026-11-27 05:00:00"))  # the machine slept
    assert (third.last, third.totals, third.window_end) == ((0, 0), (4, 2), at("2026-11-28 00:00:00"))


def test_totals_are_the_running_maximum_of_the_sum() -> None:
    # As soon as noise makes a window's value negative, the sum falls and the counter must not.
    cells = Cells(1, 1)
    release = Release(cells, Windows(DAY), 0.0)
    totals = []
    for value in (5, -3, 1, 4, -9):
        cells._view[0] += value
        totals.append(release.close(0.0).totals[0])
    assert totals == [5, 5, 5, 7, 7]
