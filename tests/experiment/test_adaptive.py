"""Adaptive allocation: what it learns from released sums, and that it is never surer than they allow."""

from __future__ import annotations

import dataclasses
import math
import random
import statistics
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interceptor.config import Config, Experiment, PlanKind
from interceptor.experiment.adaptive import SPREAD, Evidence, Window, weights
from interceptor.experiment.plan import Plan

DAY = 86_400.0
ARMS = ("legal-loss", "harm-gain", "control-gain", "distress-gain")
WARNINGS_NOISE, CLICKS_NOISE = 199.8, 22.1
"""Variances of discrete Laplace noise at epsilon 0.10 and 0.30."""


def make(*, arms: tuple[str, ...] = ARMS, floor: float = 0.01, days: float = 28) -> Plan:
    experiment = Experiment(
        kind=PlanKind.ADAPTIVE,
        messages=arms,
        neutral=0.05,
        floor=floor,
        half_life=timedelta(days=days),
        ends=date(2100, 1, 1),
        approval="board",
        stop_rule="complaints",
    )
    return Plan.make(Config(experiment=experiment), "w")


PLAN = make()
EQUAL = {**dict.fromkeys(ARMS, 0.95 / 4), "neutral": 0.05}


def window(
    number: int,
    warnings: Mapping[str, int],
    clicks: Mapping[str, int],
    *,
    shares: Mapping[str, float] = EQUAL,
    noise: bool = False,
    plan: Plan = PLAN,
) -> Window:
    return Window(
        plan=plan.identifier,
        end=number * DAY,
        shares=shares,
        warnings={**dict.fromkeys(shares, 0), **warnings},
        clicks={**dict.fromkeys(shares, 0), **clicks},
        warnings_noise=WARNINGS_NOISE if noise else 0.0,
        clicks_noise=CLICKS_NOISE if noise else 0.0,
    )


def laplace(rng: random.Random, epsilon: float) -> int:
    """Discrete Laplace noise: the difference of two geometric numbers."""
    one, other = (math.floor(math.log(1 - rng.random()) / -epsilon) for _ in range(2))
    return one - other


def simulated(
    rng: random.Random,
    total: int,
    rates: Mapping[str, float],
    shares: Mapping[str, float],
    number: int,
    plan: Plan,
) -> Window:
    """One day as released; warnings are drawn one by one, so keep ``total`` small."""
    warnings, clicks = dict.fromkeys(shares, 0), dict.fromkeys(shares, 0)
    for message in rng.choices(list(shares), list(shares.values()), k=total):
        warnings[message] += 1
        clicks[message] += rng.random() < rates[message]
    noisy = {message: count + laplace(rng, 0.10) for message, count in warnings.items()}
    chosen = {message: count + laplace(rng, 0.30) for message, count in clicks.items()}
    return window(number, noisy, chosen, shares=shares, noise=True, plan=plan)


def test_before_any_window_all_are_equal() -> None:
    assert weights((), PLAN) == pytest.approx(dict.fromkeys(ARMS, 0.95 / 4))


def test_the_better_message_gets_more_and_none_less_than_the_floor() -> None:
    clicks = {"legal-loss": 90, "harm-gain": 160, "control-gain": 100, "distress-gain": 95}
    found = weights([window(1, dict.fromkeys(ARMS, 1000), clicks)], PLAN)
    assert sum(found.values()) == pytest.approx(0.95)
    assert found["harm-gain"] > 0.9
    assert all(0.01 <= found[arm] < 0.02 for arm in ARMS if arm != "harm-gain")


def test_noise_makes_it_less_sure() -> None:
    warnings, clicks = dict.fromkeys(ARMS, 100), dict.fromkeys(ARMS, 10) | {"harm-gain": 20}
    exact = weights([window(1, warnings, clicks)], PLAN)["harm-gain"]
    noisy = weights([window(1, warnings, clicks, noise=True)], PLAN)["harm-gain"]
    assert 0.95 / 4 < noisy < exact - 0.1


def test_the_history_is_all_that_counts_not_its_order() -> None:
    rng = random.Random(1)
    rates = dict.fromkeys(EQUAL, 0.1) | {"control-gain": 0.14}
    history = [simulated(rng, 500, rates, EQUAL, number, PLAN) for number in range(1, 12)]
    shuffled = random.Random(2).sample(history, len(history))
    assert weights(history, PLAN) == weights(shuffled, PLAN)


def test_windows_of_another_plan_tell_nothing() -> None:
    clicks = dict.fromkeys(ARMS, 10) | {"harm-gain": 500}
    foreign = dataclasses.replace(window(1, dict.fromkeys(ARMS, 1000), clicks), plan="adaptive-other")
    assert weights([foreign], PLAN) == weights((), PLAN)


def test_a_good_day_is_not_put_down_to_the_message_that_was_shown_most_on_it() -> None:
    """In each window harm-gain does better by a fifth; added up, legal-loss looks better by far."""
    plan = make(arms=ARMS[:2])
    mostly = {"legal-loss": 0.85, "harm-gain": 0.10, "neutral": 0.05}
    seldom = {"legal-loss": 0.10, "harm-gain": 0.85, "neutral": 0.05}
    history = [
        window(
            1,
            {"legal-loss": 8500, "harm-gain": 1000},
            {"legal-loss": 1700, "harm-gain": 240},
            shares=mostly,
            plan=plan,
        ),
        window(
            2,
            {"legal-loss": 1000, "harm-gain": 8500},
            {"legal-loss": 100, "harm-gain": 1020},
            shares=seldom,
            plan=plan,
        ),
    ]
    assert weights(history, plan)["harm-gain"] > 0.9


def test_old_windows_fade() -> None:
    def swapped(half_life: float) -> float:
        plan = make(days=half_life)
        history = []
        for day in range(1, 41):
            ahead = "legal-loss" if day <= 30 else "harm-gain"
            clicks = dict.fromkeys(ARMS, 100) | {ahead: 120}
            history.append(window(day, dict.fromkeys(ARMS, 1000), clicks, plan=plan))
        return weights(history, plan)["harm-gain"]

    assert swapped(half_life=10_000) < 0.05
    assert swapped(half_life=5) > 0.85


def test_time_that_passes_without_windows_fades_too() -> None:
    clicks = dict.fromkeys(ARMS, 100) | {"harm-gain": 130}
    first = window(1, dict.fromkeys(ARMS, 1000), clicks)
    silent = window(400, {}, {})
    assert weights([first], PLAN)["harm-gain"] > 0.7
    assert weights([first, silent], PLAN)["harm-gain"] == pytest.approx(0.95 / 4, abs=0.01)


def test_negative_sums_are_taken_as_they_are() -> None:
    """Noise about nothing must not look like a rate: negative clicks pull as far as positive ones push."""
    warnings = dict.fromkeys(ARMS, 300)
    up = window(1, warnings, dict.fromkeys(ARMS, 5) | {"harm-gain": 15}, noise=True)
    down = window(2, warnings, dict.fromkeys(ARMS, 5) | {"harm-gain": -5}, noise=True)
    plan = make(days=100_000)
    both = weights([dataclasses.replace(each, plan=plan.identifier) for each in (up, down)], plan)
    assert both["harm-gain"] == pytest.approx(0.95 / 4, abs=0.02)


def test_noise_alone_teaches_nothing() -> None:
    rng = random.Random(3)
    history = [
        window(
            number,
            {message: laplace(rng, 0.10) for message in EQUAL},
            {message: laplace(rng, 0.30) for message in EQUAL},
            noise=True,
        )
        for number in range(1, 200)
    ]
    assert max(weights(history, PLAN).values()) < 0.5


def errors_on_small_engines() -> Iterator[float]:
    """Estimated less true difference of two rates, in posterior standard deviations, over many small engines."""
    shares = {
        "legal-loss": 0.45,
        "harm-gain": 0.40,
        "control-gain": 0.05,
        "distress-gain": 0.05,
        "neutral": 0.05,
    }
    plan = make(days=100_000)
    for seed in range(150):
        rng = random.Random(seed)
        rates = {arm: 0.12 * (1 + SPREAD * rng.gauss(0, 1)) for arm in ARMS} | {"neutral": 0.08}
        evidence = Evidence(plan)
        for number in range(1, 31):
            evidence.add(simulated(rng, 300, rates, shares, number, plan))
        means, covariance = evidence.posterior()
        for one, other in ((3, 0), (2, 1), (1, 0)):
            variance = covariance[one][one] + covariance[other][other] - 2 * covariance[one][other]
            truth = rates[ARMS[one]] - rates[ARMS[other]]
            yield (means[one] - means[other] - truth) / math.sqrt(variance)


def test_it_is_as_sure_as_it_may_be_on_a_small_noisy_engine() -> None:
    """Two messages get 15 of 300 warnings a day, under noise of the same size, for 30 days; nothing is clipped."""
    found = list(errors_on_small_engines())
    assert 0.92 <= sum(abs(error) < 1.96 for error in found) / len(found) <= 0.97
    assert abs(statistics.fmean(found)) < 4 / math.sqrt(len(found))


counts = st.integers(-3_000, 10_000_000)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(counts, min_size=5, max_size=5),
            st.lists(counts, min_size=5, max_size=5),
            st.lists(st.just(0.0) | st.floats(0.001, 1), min_size=4, max_size=4),
            st.booleans(),
            st.floats(0, 1000),
        ),
        max_size=6,
    )
)
def test_whatever_was_released_gives_usable_weights(
    told: list[tuple[list[int], list[int], list[float], bool, float]],
) -> None:
    history = []
    for warnings, clicks, parts, noise, end in told:
        whole = sum(parts) or 1.0
        shares = {arm: 0.95 * part / whole for arm, part in zip(ARMS, parts, strict=True)} | {"neutral": 0.05}
        values = [dict(zip(EQUAL, each, strict=True)) for each in (warnings, clicks)]
        history.append(dataclasses.replace(window(1, *values, shares=shares, noise=noise), end=end * DAY))
    found = weights(history, PLAN)
    assert found.keys() == set(ARMS)
    assert sum(found.values()) == pytest.approx(0.95)
    assert all(0.01 <= weight <= 0.92 + 1e-9 for weight in found.values())
