"""Counts leave once a window, noised, and nothing of an open window shows."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interceptor.config import Privacy, ReleaseKind
from interceptor.counting import laplace, release
from interceptor.counting.budget import Budget
from interceptor.counting.cells import Cells
from interceptor.counting.families import Families
from interceptor.counting.release import Before, Release, buffers
from interceptor.counting.windows import Windows
from interceptor.ticket import GRAINS
from interceptor.vocabulary import Action, Category

DAY = timedelta(hours=24)
GRAIN = 900.0
FAMILIES = Families(
    messages=("harm-legal", "support", "never"),
    languages=("en",),
    resources=("crisis",),
    shown={"harm-legal", "support"},
)
SEARCHES = FAMILIES.keys.index(("searches",))
CLICKS = FAMILIES.keys.index(("clicks", "harm-legal"))
NEVER = [
    FAMILIES.number("warnings", "never"),
    FAMILIES.number("clicks", "never"),
    FAMILIES.number("returns", "never", "other"),
    FAMILIES.number("returns", "never", "matching"),
    FAMILIES.number("interventions", Action.REPLACE, Category.INFORMATIONAL),
    FAMILIES.number("interventions", Action.REPLACE, Category.HELP_SEEKING),
]


@pytest.fixture(autouse=True)
def seeded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Draw noise from a generator that gives the same in each run."""
    below = random.Random(5).randrange
    whole = laplace.draw
    monkeypatch.setattr(laplace, "draw", lambda epsilon: whole(epsilon, below))
    yield


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def slot(now: float) -> int:
    return int(now // GRAIN)


def make(
    kind: ReleaseKind = ReleaseKind.EXACT,
    rows: int = 2,
    windows: timedelta = DAY,
    before: Before | None = None,
) -> tuple[Cells, Release]:
    cells = Cells(rows, len(FAMILIES), buffers(windows.total_seconds(), GRAIN * GRAINS))
    budget = Budget.of(Privacy(release=kind))
    before = before or Before.nothing(len(FAMILIES))
    return cells, Release(cells, FAMILIES, budget, Windows(windows), before)


@pytest.mark.parametrize(
    ("length", "now", "start", "end"),
    [
        (DAY, "2026-11-22 00:00:00", "2026-11-22 00:00:00", "2026-11-23 00:00:00"),
        (DAY, "2026-11-22 23:59:59.999", "2026-11-22 00:00:00", "2026-11-23 00:00:00"),
        (DAY, "2024-02-29 12:00:00", "2024-02-29 00:00:00", "2024-03-01 00:00:00"),
        (DAY, "2026-03-29 12:00:00", "2026-03-29 00:00:00", "2026-03-30 00:00:00"),  # summer time begins
        (timedelta(hours=1), "2026-11-22 10:15:00", "2026-11-22 10:00:00", "2026-11-22 11:00:00"),
        # weeks of a Thursday, as 1970 began
        (timedelta(days=7), "2026-11-22 10:15:00", "2026-11-19 00:00:00", "2026-11-26 00:00:00"),
    ],
)
def test_windows_are_aligned_to_utc(length: timedelta, now: str, start: str, end: str) -> None:
    assert Windows(length).bounds(at(now)) == (at(start), at(end))


@given(st.integers(1, 10**7), st.floats(0, 4e9))
def test_a_window_holds_now_and_is_as_long_as_configured(seconds: int, now: float) -> None:
    start, end = Windows(timedelta(seconds=seconds)).bounds(now)
    assert start <= now < end
    assert end - start == seconds
    assert end % seconds == 0


def test_nothing_changes_until_the_tickets_of_a_window_have_expired() -> None:
    cells, counts = make()
    start = at("2026-11-22 09:00:00")
    counts.open(start, "plan", {"harm-legal": 1.0})
    shown = counts.released
    assert (shown.windows, set(shown.last), set(shown.totals)) == (0, {0}, {0})
    assert shown.window_end == counts.end() == at("2026-11-23 00:00:00")
    for hour in range(15):
        cells.add(hour % 2, SEARCHES)
        assert not counts.is_over(start + hour * 3600)
        assert counts.release_due(slot(start + hour * 3600)) == []
        assert counts.released is shown
    end = shown.window_end
    assert counts.is_over(end)
    counts.close(slot(end))
    counts.open(end, "next plan", {})
    for grain in range(GRAINS + 2):
        cells.add(0, SEARCHES)  # of the next window
        assert counts.release_due(slot(end) + grain) == []
        assert counts.released == shown
    cells.add_to(0, 1, CLICKS, 3)  # of tickets that have expired since
    (window,) = counts.release_due(slot(end) + GRAINS + 2)
    assert (window.start, window.end) == (at("2026-11-22 00:00:00"), end)
    assert (window.plan, window.shares, window.epsilon) == ("plan", {"harm-legal": 1.0}, math.inf)
    assert {key: value for key, value in window.values.items() if value} == {
        ("searches",): 15,
        ("clicks", "harm-legal"): 3,
    }
    assert counts.released.windows == 1
    assert counts.released.last[SEARCHES] == counts.released.totals[SEARCHES] == 15
    assert counts.released.window_end == at("2026-11-24 00:00:00")
    counts.close(slot(end))
    (window,) = counts.release_due(None)
    assert window.values["searches",] == GRAINS + 2
    assert window.plan == "next plan"


def test_windows_shorter_than_a_tickets_life_do_not_mix() -> None:
    cells, counts = make(windows=timedelta(seconds=GRAIN))
    now, sent, got = 0.0, [], []
    for number in range(40):
        counts.open(now, "", {})
        sent.append(number * 3)
        for _ in range(sent[-1]):
            cells.add(number % 2, SEARCHES)
        now += GRAIN
        assert counts.is_over(now)
        counts.close(slot(now))
        got += [window.values["searches",] for window in counts.release_due(slot(now))]
    assert len(got) == 40 - GRAINS - 2
    got += [window.values["searches",] for window in counts.release_due(None)]
    assert got == sent


def test_a_window_that_is_cut_short_is_released_under_its_nominal_end() -> None:
    _, counts = make()
    counts.open(at("2026-11-22 09:00:00"), "", {})
    counts.close(slot(at("2026-11-22 09:00:01")))
    (window,) = counts.release_due(None)
    assert (window.start, window.end) == (at("2026-11-22 00:00:00"), at("2026-11-23 00:00:00"))


def test_a_clock_that_jumps_forward_ends_the_window_and_skips_those_between() -> None:
    cells, counts = make()
    now = at("2026-11-22 09:00:00")
    counts.open(now, "", {})
    cells.add(0, SEARCHES)
    now = at("2026-11-27 05:00:00")  # the machine slept
    assert counts.is_over(now)
    counts.close(slot(now))
    counts.open(now, "", {})
    assert counts.end() == at("2026-11-28 00:00:00")
    (window,) = counts.release_due(slot(now) + GRAINS + 2)
    assert (window.end, window.values["searches",]) == (at("2026-11-23 00:00:00"), 1)


def test_a_clock_that_is_set_back_a_little_keeps_the_window_and_far_ends_it() -> None:
    cells, counts = make()
    now = at("2026-11-22 00:00:01")
    counts.open(now, "", {})
    assert not counts.is_over(now - 5)  # it was set right over midnight
    cells.add(0, SEARCHES)
    far = at("2021-01-01 12:00:00")  # it was years ahead
    assert counts.is_over(far)
    counts.close(slot(far))
    counts.open(far, "", {})
    assert counts.end() == at("2021-01-02 00:00:00")
    (window,) = counts.release_due(slot(far) + GRAINS + 2)
    assert window.values["searches",] == 1


def test_a_window_that_waits_is_released_when_the_clock_is_set_far_back() -> None:
    _, counts = make()
    now = at("2026-11-22 00:00:00")
    counts.open(now, "", {})
    counts.close(slot(now))
    counts.open(now, "", {})
    assert counts.release_due(slot(now) - 1) == []
    assert len(counts.release_due(slot(now) - 1_000)) == 1


def test_totals_are_the_running_maximum_of_the_sum_and_go_on_after_a_start() -> None:
    before = Before.nothing(len(FAMILIES))
    totals: list[int] = []
    for value in (5, -3, 1, 4, -9, 12):
        cells, counts = make(before=before)  # a new start for each
        counts.open(0.0, "", {})
        cells._view[1 + SEARCHES] += value
        counts.close(0)
        counts.release_due(None)
        shown = counts.released
        totals.append(shown.totals[SEARCHES])
        assert shown.last[SEARCHES] == value
        before = Before(counts._sums, shown.totals, shown.last, shown.windows)
    assert totals == [5, 5, 5, 7, 7, 10]
    assert before.windows == 6


def releases(number: int, searches: int = 0) -> list[dict[tuple[str, ...], int]]:
    """What is released of windows in each of which so many searches came."""
    cells, counts = make(ReleaseKind.PRIVATE)
    found = []
    for _ in range(number):
        counts.open(0.0, "", {})
        for _ in range(searches):
            cells.add(1, SEARCHES)
        counts.close(0)
        found += [dict(window.values) for window in counts.release_due(None)]
    return found


def test_a_private_release_is_unbiased_with_the_noise_that_it_states() -> None:
    number = 600
    found = releases(number, searches=3)
    for key in FAMILIES.keys:
        values = [values[key] for values in found]
        if FAMILIES.number(*key) in NEVER:
            assert set(values) == {0}
            continue
        stddev = Budget.of(Privacy()).stddev(key[0])
        expected = 3 if key == ("searches",) else 0
        assert abs(statistics.fmean(values) - expected) < 5 * stddev / math.sqrt(number)
        assert statistics.pstdev(values) == pytest.approx(stddev, rel=0.35)
        assert min(values) < 0 or stddev < 1  # signed: nothing is clipped


def test_cells_and_windows_have_noise_of_their_own() -> None:
    number = 600
    found = releases(number)
    drawn = {key: [values[key] for values in found] for key in FAMILIES.keys}
    noised = [values for values in drawn.values() if any(values)]
    limit = 5 / math.sqrt(number)
    for column, values in enumerate(noised):
        assert abs(statistics.correlation(values[:-1], values[1:])) < limit
        for others in noised[column + 1 :]:
            assert abs(statistics.correlation(values, others)) < limit


def test_neither_counters_nor_base_show_an_exact_count() -> None:
    # The one place besides the counters: their sum at the opening, less the noise. Together they give the noised
    # count, which is what is released later; nothing else of the window is kept.
    cells, counts = make(ReleaseKind.PRIVATE, rows=1)
    differences = []
    for _ in range(200):
        counts.open(0.0, "", {})
        cells.add(0, SEARCHES)
        buffer = counts._opened().buffer
        look = cells.sums(buffer)[SEARCHES] - counts._opened().base[SEARCHES]
        counts.close(0)
        (window,) = counts.release_due(None)
        assert look == window.values["searches",]
        differences.append(look - 1)
    assert len(set(differences)) > 50


@pytest.mark.parametrize(("window", "lifetime", "needed"), [(86400, 3600, 3), (3600, 3600, 4), (1, 3, 7)])
def test_there_are_buffers_for_every_window_that_waits(window: float, lifetime: float, needed: int) -> None:
    assert buffers(window, lifetime) == needed
    assert needed <= release.MOST_BUFFERS
