"""Day-blocks: drawn in secret, the same for every replica, and what is compared."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from interceptor.config import Config, Experiment, PlanKind, Privacy
from interceptor.errors import ConfigError
from interceptor.experiment import blocks, eligibility
from interceptor.experiment.allocation import allocate
from interceptor.experiment.blocks import Block, Outcome
from interceptor.experiment.plan import Plan

DAY = 86_400.0
ONE, OTHER = bytes(range(32)), bytes(range(1, 33))


def make(*, hours: int = 24, wording: str = "w") -> Plan:
    experiment = Experiment(
        kind=PlanKind.BLOCKS,
        policies={"telling": {"harm-legal": 3, "control-gain": 1}, "flat": {"neutral": 1}},
        ends=date(2100, 1, 1),
        approval="board",
        stop_rule="complaints",
    )
    return Plan.make(Config(experiment=experiment, privacy=Privacy(timedelta(hours=hours))), wording)


@pytest.mark.parametrize(
    ("window", "block"), [(1, 24), (6, 24), (24, 24), (7, 28), (36, 36), (168, 168), (25, 25)]
)
def test_a_block_is_whole_windows_and_at_least_a_day(window: int, block: int) -> None:
    assert blocks.length(timedelta(hours=window)) == timedelta(hours=block)


def test_every_window_of_a_block_has_its_policy() -> None:
    plan = make(hours=6)
    for day in range(200):
        opens = [day * DAY + part * 6 * 3600 for part in range(4)]
        assert len({allocate(plan, (), ONE, start, start + 6 * 3600).policy for start in opens}) == 1


def test_the_policy_decides_what_is_shown() -> None:
    plan = make()
    shown = {}
    for day in range(40):
        allocation = allocate(plan, (), ONE, day * DAY, (day + 1) * DAY)
        shown[allocation.policy] = allocation.shares
    assert shown == {"telling": {"harm-legal": 0.75, "control-gain": 0.25}, "flat": {"neutral": 1.0}}


def test_replicas_with_the_key_agree_and_nobody_else_can_tell() -> None:
    def course(plan: Plan, key: bytes) -> list[str]:
        return [blocks.policy(plan, key, day * DAY) for day in range(4_000)]

    ours = course(make(), ONE)
    assert ours == course(make(), bytes(ONE))
    for foreign in (
        course(make(), OTHER),
        course(make(wording="other"), ONE),
        ours[1:] + ours[:1],
        ["flat"] * 4_000,
    ):
        agreeing = sum(one == other for one, other in zip(ours, foreign, strict=True))
        # 7 standard deviations of fair coins; the keys are fixed, so this never changes.
        assert agreeing == pytest.approx(2_000, abs=221)


def test_blocks_need_a_key_that_outlasts_a_restart() -> None:
    path = Path(__file__).parents[1] / "config" / "good" / "experiment-blocks.yaml"
    config = Config.load(path)
    reviews = {
        "en": dict.fromkeys(
            ("neutral", "harm-legal", "control-gain", "supportive", "informational"), "programme"
        )
    }
    eligibility.check(config, reviews)
    with pytest.raises(ConfigError, match=r"ticket key.*tickets\.key_file"):
        eligibility.check(Config(experiment=config.experiment), reviews)


def test_outcomes_are_matching_searches_over_all_searches() -> None:
    found = blocks.outcomes(
        [
            Block("a", 1000, 110),
            Block("b", 2000, 180),
            Block("a", 3000, 290),
            Block("b", 2000, 220),
            Block("c", 0, 1),
        ]
    )
    assert found["a"].share == pytest.approx(400 / 4000)
    assert found["b"].share == pytest.approx(400 / 4000)
    # Cochran 1977, 6.4: residuals 10 and -10 over a mean of 2,000 searches in each of two blocks.
    assert found["a"].error == pytest.approx((2 * (10**2 + 10**2)) ** 0.5 / 4000)
    assert found["c"] == Outcome("c", 1, None, None)
    assert blocks.difference(found["a"], found["c"]) is None
    single = blocks.outcomes([Block("a", 1000, 110)])["a"]
    assert (single.share, single.error) == (0.11, None)
    assert blocks.difference(single, found["b"]) is None


def test_a_policy_that_stops_people_is_told_from_one_that_does_not() -> None:
    """Of searches 11 % match; one policy stops one in ten of those, and weekends differ more than that."""
    rng = random.Random(5)
    covered = errors = 0
    for run in range(300):
        plan = make(wording=f"run {run}")
        days = []
        for day in range(140):
            policy = blocks.policy(plan, ONE, day * DAY)
            share = 0.11 * (0.9 if policy == "telling" else 1.0) * (1.2 if day % 7 in (5, 6) else 1.0)
            share *= 1 + rng.gauss(0, 0.05)
            searches = round(rng.gauss(190_000, 9_000))
            days.append(
                Block(policy, searches + round(rng.gauss(0, 28)), round(searches * share + rng.gauss(0, 28)))
            )
        found = blocks.outcomes(days)
        difference = blocks.difference(found["telling"], found["flat"])
        assert difference is not None
        truth = -0.011 * (5 + 2 * 1.2) / 7
        covered += abs(difference.value - truth) < 1.96 * difference.error
        errors += difference.value > 0
    assert errors == 0
    assert 0.92 <= covered / 300 <= 0.98


def test_analysis_takes_negative_sums_as_they_are() -> None:
    found = blocks.outcomes([Block("a", 10, -5), Block("a", 10, 3)])["a"]
    assert found.share == pytest.approx(-0.1)
