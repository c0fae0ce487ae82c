"""The plan: what it is made of, when it is in force, what it settles without a draw."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from interceptor.config import Banner, Config, Experiment, PlanKind, Privacy
from interceptor.experiment.allocation import allocate
from interceptor.experiment.plan import Plan
from interceptor.vocabulary import Category

DAY = 86_400.0
KEY = bytes(32)


def adaptive(**changes: Any) -> Experiment:
    settings: dict[str, Any] = {
        "kind": PlanKind.ADAPTIVE,
        "messages": ("legal-loss", "harm-gain", "control-gain"),
        "neutral": 0.05,
        "ends": date(2027, 3, 1),
        "approval": "board",
        "stop_rule": "complaints",
    }
    return Experiment(**(settings | changes))


def make(experiment: Experiment, *, wording: str = "w", message: str = "harm-legal", hours: int = 24) -> Plan:
    return Plan.make(
        Config(
            banner=Banner(message=message), experiment=experiment, privacy=Privacy(timedelta(hours=hours))
        ),
        wording,
    )


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def test_the_identifier_is_the_same_in_every_process() -> None:
    program = (
        "from datetime import date\n"
        "from interceptor.config import Config, Experiment, PlanKind\n"
        "from interceptor.experiment.plan import Plan\n"
        "print(Plan.make(Config(experiment=Experiment(kind=PlanKind.ADAPTIVE, messages=('legal-loss', 'harm-gain'),"
        "neutral=0.05, ends=date(2027, 3, 1), approval='a', stop_rule='s')), 'w').identifier)"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program], check=True, capture_output=True, text=True
        ).stdout.strip()
        for _ in range(2)
    }
    here = make(adaptive(messages=("legal-loss", "harm-gain"), approval="a", stop_rule="s")).identifier
    assert found == {here}
    assert here.startswith("adaptive-")


@pytest.mark.parametrize(
    "changed",
    [
        make(adaptive(messages=("legal-loss", "harm-gain"))),
        make(adaptive(neutral=0.1)),
        make(adaptive(floor=0.02)),
        make(adaptive(half_life=timedelta(days=30))),
        make(adaptive(starts=date(2026, 1, 1))),
        make(adaptive(ends=date(2027, 3, 2))),
        make(adaptive(after={2: "distress-gain"})),
        make(adaptive(kind=PlanKind.WEIGHTED)),
        make(adaptive(), message="neutral"),
        make(adaptive(), wording="reworded"),
        make(adaptive(), hours=12),
    ],
)
def test_whatever_shapes_the_plan_gives_it_another_identifier(changed: Plan) -> None:
    assert changed.identifier != make(adaptive()).identifier


def test_records_shape_nothing() -> None:
    assert make(adaptive(approval="other", stop_rule="other")) == make(adaptive())


def test_a_plan_is_in_force_only_for_windows_that_lie_within_its_days() -> None:
    plan = make(adaptive(starts=date(2027, 2, 1), ends=date(2027, 3, 1)))
    resting = make(Experiment())
    assert plan.resting == resting
    days = {
        "2027-01-31": resting,
        "2027-02-01": plan,
        "2027-03-01": plan,
        "2027-03-02": resting,
    }
    assert {day: plan.in_force(at(day), at(day) + DAY) for day in days} == days
    # A window of a week that reaches over the end, and one that began before the start.
    assert plan.in_force(at("2027-02-26"), at("2027-03-05")) == resting
    assert plan.in_force(at("2027-01-29"), at("2027-02-05")) == resting


def test_after_its_end_the_fixed_message_is_all_that_is_shown() -> None:
    plan = make(adaptive(), message="harm-legal")
    ended = allocate(plan, (), KEY, at("2027-03-02"), at("2027-03-03"))
    assert ended.shares == {"harm-legal": 1.0}
    assert ended.plan == make(Experiment()).identifier != plan.identifier


def test_a_fixed_kind_shows_the_fixed_message_whatever_else_is_configured() -> None:
    switched_off = dataclasses.replace(adaptive(), kind=PlanKind.FIXED)
    plan = make(switched_off)
    assert plan.identifier == make(Experiment()).identifier
    assert allocate(plan, (), KEY, 0, DAY).shares == {"harm-legal": 1.0}


def test_weights_are_shared_out_beside_the_share_held_out() -> None:
    experiment = adaptive(kind=PlanKind.WEIGHTED, weights={"harm-gain": 2}, neutral=0.2)
    shares = allocate(make(experiment), (), KEY, 0, DAY).shares
    assert shares == pytest.approx({"legal-loss": 0.2, "harm-gain": 0.4, "control-gain": 0.2, "neutral": 0.2})


def test_an_experiment_without_held_out_share_draws_no_neutral_message() -> None:
    plan = make(adaptive(kind=PlanKind.WEIGHTED, neutral=0.0))
    assert "neutral" not in allocate(plan, (), KEY, 0, DAY).shares


def test_other_searches_keep_their_own_messages() -> None:
    plan = make(adaptive(after={1: "distress-gain"}))
    for category, message in {
        Category.AMBIGUOUS: "neutral",
        Category.HELP_SEEKING: "supportive",
        Category.INFORMATIONAL: "informational",
    }.items():
        assert {plan.settled(category, prior) for prior in range(4)} == {message}


def test_earlier_warnings_lead_to_another_message() -> None:
    plan = make(adaptive(after={1: "control-gain", 3: "distress-gain"}))
    settled = [plan.settled(Category.SEEKING, prior) for prior in range(4)]
    assert settled == [None, "control-gain", "control-gain", "distress-gain"]
    assert [make(adaptive()).settled(Category.SEEKING, prior) for prior in range(4)] == [None] * 4


def test_what_is_not_drawn_is_counted_apart_from_what_is() -> None:
    plan = make(adaptive(after={2: "control-gain"}))
    assert plan.cell("control-gain", Category.SEEKING, 0) == "control-gain"
    assert plan.cell("control-gain", Category.SEEKING, 1) == "control-gain"
    assert plan.cell("control-gain", Category.SEEKING, 2) == "control-gain:again"
    assert plan.cell("neutral", Category.SEEKING, 0) == "neutral"
    assert plan.cell("neutral", Category.AMBIGUOUS, 0) == "neutral:ambiguous"
    assert plan.cell("supportive", Category.HELP_SEEKING, 3) == "supportive"
    assert plan.other_cells() == ("neutral:ambiguous", "control-gain:again")


def test_every_configured_example_makes_a_plan() -> None:
    for path in (Path(__file__).parents[1] / "config" / "good").glob("*.yaml"):
        config = Config.load(path)
        plan = Plan.make(config, "w")
        opens = config.privacy.window.total_seconds() * 20_000
        allocation = allocate(plan, (), KEY, opens, opens + config.privacy.window.total_seconds())
        assert sum(allocation.shares.values()) == pytest.approx(1)
        assert allocation.shares.keys() <= set(plan.drawn)
