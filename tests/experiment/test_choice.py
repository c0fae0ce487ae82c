"""The message of one warning."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interceptor.config import Config, Experiment, PlanKind
from interceptor.experiment.allocation import Allocation, allocate
from interceptor.experiment.choice import MessageChooser, draw
from interceptor.experiment.plan import Plan
from interceptor.experiment.shared import SharedAllocation
from interceptor.vocabulary import Category

WEIGHTED = Experiment(
    kind=PlanKind.WEIGHTED,
    messages=("legal-loss", "harm-gain"),
    weights={"harm-gain": 3},
    after={2: "control-gain"},
)
PLAN = Plan.make(Config(experiment=WEIGHTED), "w")


def chooser(plan: Plan) -> MessageChooser:
    shared = SharedAllocation(plan)
    shared.write(allocate(plan, (), bytes(32), 0, 86_400))
    return MessageChooser(plan, shared)


def test_each_message_is_shown_with_its_share() -> None:
    choose = chooser(PLAN).choose
    counts = Counter(choose(Category.SEEKING) for _ in range(20_000))
    assert {choice.plan for choice in counts} == {PLAN.identifier}
    shown = {choice.message: count for choice, count in counts.items()}
    assert shown.keys() == {"legal-loss", "harm-gain"}
    # 10 standard deviations: fails by chance less than once in 10^22 runs.
    assert shown["harm-gain"] == pytest.approx(15_000, abs=613)


def test_one_warning_says_nothing_of_the_next() -> None:
    choose = chooser(PLAN).choose
    messages = [choose(Category.SEEKING).message for _ in range(20_000)]
    repeats = sum(one == other for one, other in itertools.pairwise(messages))
    assert repeats == pytest.approx(20_000 * (0.75**2 + 0.25**2), abs=702)


def test_what_is_settled_is_not_drawn() -> None:
    choose = chooser(PLAN).choose
    for _ in range(100):
        assert choose(Category.AMBIGUOUS).message == "neutral"
        assert choose(Category.HELP_SEEKING, 2).message == "supportive"
        assert choose(Category.INFORMATIONAL).message == "informational"
        assert choose(Category.SEEKING, 2).message == "control-gain"
        assert choose(Category.SEEKING, 1).message != "control-gain"


def test_without_an_experiment_it_is_the_configured_message() -> None:
    plan = Plan.make(Config(), "w")
    assert {chooser(plan).choose(Category.SEEKING, prior) for prior in range(4)} == {
        ("harm-legal", plan.identifier)
    }


def test_a_change_of_shares_reaches_a_running_chooser() -> None:
    shared = SharedAllocation(PLAN)
    choose = MessageChooser(PLAN, shared).choose
    assert PLAN.resting is not None
    assert choose(Category.SEEKING) == ("harm-legal", PLAN.resting.identifier)
    for message in ("legal-loss", "harm-gain"):
        shared.write(Allocation(PLAN.identifier, {message: 1.0}))
        assert {choose(Category.SEEKING) for _ in range(50)} == {(message, PLAN.identifier)}


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=20), st.floats(0, 1, exclude_max=True))
def test_a_draw_always_gives_a_message(weights: list[float], number: float) -> None:
    total = sum(weights)
    shares = {f"m{place}": weight / total for place, weight in enumerate(weights)}
    message = draw(shares, number)
    below = sum(share for name, share in shares.items() if int(name[1:]) < int(message[1:]))
    assert below <= number + 1e-9
    assert number <= below + shares[message] + 1e-9
