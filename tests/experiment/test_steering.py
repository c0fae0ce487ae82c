"""Allocations put in force window by window, from what was released."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from interceptor.config import Config, Experiment, PlanKind, Privacy, Tickets
from interceptor.config import History as HistorySettings
from interceptor.counting.released import ReleasedWindow
from interceptor.errors import ConfigError
from interceptor.experiment.plan import Plan
from interceptor.experiment.steering import Steering, planned
from interceptor.keeper import Keeper
from interceptor.recording import Labels
from interceptor.vocabulary import Category

ADAPTIVE = Experiment(
    kind=PlanKind.ADAPTIVE,
    messages=("legal-loss", "harm-gain"),
    ends=date(2027, 12, 31),
    approval="a",
    stop_rule="s",
)
PLAN = Plan.make(Config(experiment=ADAPTIVE), "w")
DAY = 86_400.0
OPENS = 20_700 * DAY
DELAY = 6_300.0


def released(end: float, clicks: int, plan: str = PLAN.identifier, warnings: int = 1_000) -> ReleasedWindow:
    """A window in which the messages were even and ``harm-gain`` drew ``clicks``, the other 100."""
    return ReleasedWindow(
        start=end - DAY,
        end=end,
        plan=plan,
        epsilon=1.0,
        values={
            ("warnings", "legal-loss"): warnings,
            ("warnings", "harm-gain"): warnings,
            ("clicks", "legal-loss"): 100,
            ("clicks", "harm-gain"): clicks,
        },
        stddev={"warnings": 14.0, "clicks": 4.7},
        shares={"legal-loss": 0.5, "harm-gain": 0.5},
    )


def share(steering: Steering) -> float:
    return steering.shared.read().shares["harm-gain"]


def steering(windows: Iterable[ReleasedWindow] = ()) -> Steering:
    made = Steering(PLAN, bytes(32), DELAY)
    made.windows_closed(windows)
    made.window_opens(OPENS, OPENS + DAY)
    return made


def test_nothing_changes_inside_a_window() -> None:
    made = steering()
    assert share(made) == pytest.approx(0.5)
    made.windows_closed([released(OPENS, 200)])
    assert share(made) == pytest.approx(0.5)
    made.window_opens(OPENS + DAY, OPENS + 2 * DAY)
    assert share(made) > 0.9


def test_a_restart_in_the_middle_of_a_window_works_out_the_same_shares() -> None:
    before = [released(OPENS - 2 * DAY, 130), released(OPENS - DAY, 120)]
    first = steering(before)
    # What was released since the window opened is in the history, too.
    second = steering([*before, released(OPENS, 300)])
    assert second.allocation == first.allocation
    assert second.record == first.record


def test_windows_of_other_plans_and_of_unknown_shares_tell_nothing() -> None:
    assert PLAN.resting is not None
    unknown = ReleasedWindow(OPENS - 3 * DAY, OPENS - 2 * DAY, PLAN.identifier, 1.0, {}, {})
    other = released(OPENS - 2 * DAY, 300, plan=PLAN.resting.identifier)
    assert steering([unknown, other]).allocation == steering().allocation


def test_who_watches_is_told_of_every_window() -> None:
    made = steering([released(OPENS - DAY, 200)])
    told: list[bytes] = []
    made.watch(told.append)
    made.window_opens(OPENS + DAY, OPENS + 2 * DAY)
    assert told == [made.record]
    found = made.shared.decode(told[0])
    assert found is not None
    assert found.shares == pytest.approx(made.allocation.shares)


def test_what_may_not_be_shown_makes_no_plan() -> None:
    with pytest.raises(ConfigError, match="does not have"):
        planned(Config(experiment=ADAPTIVE), {"en": {"neutral": "programme"}}, "w")
    assert planned(Config(), {"en": {}}, "w").kind is PlanKind.FIXED


class Clock:
    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def test_a_keeper_steers_by_its_history_over_restarts(tmp_path: Path) -> None:
    """Days of a real keeper: warnings and clicks come in, shares move when a window opens and are found again."""
    key = tmp_path / "key"
    key.write_bytes(base64.b64encode(bytes(32)))
    config = Config(
        experiment=ADAPTIVE,
        privacy=Privacy(timedelta(hours=24)),
        tickets=Tickets(key, timedelta(hours=1), capacity=20_000),
        history=HistorySettings(tmp_path / "history.sqlite"),
    )
    labels = Labels(("harm-legal", "legal-loss", "harm-gain", "neutral"), ("en",), ("redirection",))
    plan = Plan.make(config, "w")
    clock = Clock(OPENS)

    def keeper() -> Keeper:
        return Keeper(config, labels, plan, 1, clock=clock)

    running, seen = keeper(), []
    for _ in range(4):
        recorder = running.recorder(0)
        for _ in range(1_500):
            message, identifier = recorder.chooser.choose(Category.SEEKING)
            _, ticket = recorder.tickets.mint(
                category=Category.SEEKING, language="en", message=message, plan=identifier
            )
            recorder.warned(ticket)
            if ticket.serial % 10 < (3 if message == "harm-gain" else 1):
                recorder.clicked(ticket, "redirection")
        shares = [running.steering.allocation.shares["harm-gain"]]
        # All through the day, the release of the day before included, nothing moves.
        for _ in range(int(DAY / 1_800) - 1):
            clock.now += 1_800
            running.tick()
            shares.append(running.steering.allocation.shares["harm-gain"])
        assert len(set(shares)) == 1
        seen.append(shares[0])
        again = keeper()
        assert again.steering.allocation == running.steering.allocation
        clock.now += 1_800
        running.tick()
    # The first day's clicks are released on the second, so they steer the third.
    assert seen[0] == seen[1] == pytest.approx(0.5)
    assert 0.9 < seen[2] <= 0.99
    assert 0.9 < seen[3] <= 0.99
