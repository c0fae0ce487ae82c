"""The report's intervals hold the truth as often as they say; `benchmarks.report_coverage` runs it 2,000 times."""

from __future__ import annotations

from functools import partial

import pytest

from benchmarks.report_coverage import CASES, Fleet, coverage, false_claims, held, held_change, simulate

RUNS = 120


def test_intervals_of_simulated_fleets_hold_the_truth() -> None:
    """Two replicas, people warned five times on average, with days between, and noise."""
    found = coverage(partial(held, Fleet(1_500, 24, replicas=2, gap=0.5)), RUNS, seed=11)
    assert set(found) == {
        "click-through",
        "click-through of a message",
        "next searches that match",
        "difference of two messages",
        "odds ratio of two messages",
    }
    for name, rate in found.items():
        low, high = rate.interval
        assert low <= 0.97, name
        assert high >= 0.93, name
        assert rate.value >= 0.88, name


def test_a_step_is_found_as_often_as_it_is_said() -> None:
    found = coverage(partial(held_change, 20, 0.4), RUNS, seed=12)
    assert found["step"].value >= 0.87


def test_messages_that_do_the_same_are_not_told_apart_while_shares_follow_the_clicks() -> None:
    (rate,) = coverage(false_claims, 10, seed=13).values()
    assert rate.hits <= 2


@pytest.mark.parametrize("name", list(CASES))
def test_people_are_warned_five_times_on_average(name: str) -> None:
    import numpy as np

    fleet = CASES[name]
    windows, truth = simulate(fleet, np.random.default_rng(1))
    shown = sum(value for window in windows for key, value in window.values.items() if key[0] == "warnings")
    assert shown / fleet.people == pytest.approx(5, rel=0.2)
    assert len(windows) == fleet.days * fleet.replicas
    assert 0.1 < truth["any"] < 0.2
