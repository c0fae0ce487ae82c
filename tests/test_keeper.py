"""The keeper: what is counted, when it leaves, and what a fault tells."""

from __future__ import annotations

import base64
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from forking import in_processes
from prometheus_client.parser import text_string_to_metric_families

from interceptor.config import Config, FaultPolicy, History, Mode, Privacy, ReleaseKind, Tickets
from interceptor.counting.exposition import State
from interceptor.counting.families import Outcome
from interceptor.counting.released import ReleasedWindow
from interceptor.errors import StartError
from interceptor.experiment.plan import Plan
from interceptor.keeper import Keeper
from interceptor.recording import Labels, Recorder
from interceptor.ticket import Ticket
from interceptor.vocabulary import Action, Category

LABELS = Labels(("harm-legal", "supportive", "support"), ("en", "fi"), ("redirection", "crisis"))
PLAN = Plan.make(Config(), "wording")
STATE = State("0", Mode.ENFORCE, "plan", FaultPolicy.OPEN, True, ())


class Clock:
    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


def make(
    clock: Clock,
    rows: int = 2,
    key_file: Path | None = None,
    history: Path | None = None,
    kind: ReleaseKind = ReleaseKind.EXACT,
) -> Keeper:
    config = Config(
        privacy=Privacy(timedelta(hours=24), release=kind),
        tickets=Tickets(key_file=key_file),
        history=History(history),
    )
    return Keeper(config, LABELS, PLAN, rows, clock=clock)


def close(keeper: Keeper, clock: Clock) -> ReleasedWindow:
    """Let time go on until a window is released."""
    for _ in range(300):
        clock.now += keeper.seconds_to_next()
        if released := keeper.tick():
            (window,) = released
            return window
    raise AssertionError("no window was released in three days")


def counted(keeper: Keeper) -> dict[tuple[str, ...], int]:
    """Every counter that is not zero, by its name and its labels' values."""
    return {
        (sample.name.removeprefix("interceptor_").removesuffix("_total"), *sample.labels.values()): int(
            sample.value
        )
        for metric in text_string_to_metric_families(keeper.exposition(STATE).decode())
        for sample in metric.samples
        if metric.type == "counter" and sample.value and "release" not in metric.name
    }


def ticket(recorder: Recorder, message: str = "harm-legal", language: str = "fi") -> Ticket:
    tickets = recorder.tickets
    return tickets.mint(category=Category.SEEKING, language=language, message=message, plan=PLAN.identifier)[
        1
    ]


def test_what_processes_count_leaves_when_the_window_closes() -> None:
    clock = Clock()
    keeper = make(clock, rows=3)
    shared = ticket(keeper.recorder(0))

    def work(row: int) -> None:
        recorder = keeper.recorder(row)
        recorder.searched()
        recorder.searched()
        recorder.intervened(Action.REPLACE, Category.SEEKING)
        for seen in (shared, ticket(recorder, "supportive", "en")):
            for _ in range(2):
                recorder.warned(seen)
                recorder.clicked(seen, "redirection")
                recorder.clicked(seen, "crisis")
                recorder.returned(seen, Outcome.OTHER)
                recorder.returned(seen, Outcome.MATCHING)

    page = keeper.exposition(STATE)
    in_processes(3, work)
    assert keeper.exposition(STATE) == page
    assert counted(keeper) == {}
    close(keeper, clock)
    assert counted(keeper) == {
        ("searches",): 6,
        ("interventions", "replace", "seeking"): 3,
        ("warnings", "harm-legal"): 1,
        ("warnings", "supportive"): 3,
        ("warnings_by_language", "fi"): 1,
        ("warnings_by_language", "en"): 3,
        ("clicks", "harm-legal"): 1,
        ("clicks", "supportive"): 3,
        ("clicks_by_resource", "redirection"): 4,  # the one chosen first
        ("returns", "harm-legal", "other"): 1,
        ("returns", "supportive", "other"): 3,
    }


def test_a_window_is_released_when_its_tickets_have_expired_and_not_before() -> None:
    clock = Clock()
    clock.now = 20_000 * 86_400 + 43_200.0
    keeper = make(clock)
    end = 20_001 * 86_400.0
    released = []
    while clock.now < end + 3 * 3_600:
        left = keeper.seconds_to_next()
        assert 0 < left <= 900  # a quarter of a ticket's life
        clock.now += left - 0.001
        assert keeper.tick() == []
        clock.now += 0.001
        if windows := keeper.tick():
            released.append((clock.now, windows[0].end))
        assert keeper.tick() == []
    assert released == [(end + 5_400, end)]


def test_a_click_belongs_to_the_window_of_its_warning() -> None:
    clock = Clock()
    clock.now = 20_001 * 86_400 - 60.0
    keeper = make(clock)
    recorder = keeper.recorder(0)
    before, after = ticket(recorder), None
    recorder.searched()
    recorder.warned(before)
    clock.now += 61
    keeper.tick()
    recorder.searched()
    recorder.searched()
    after = ticket(recorder, language="en")
    recorder.warned(after)
    for seen in (after, before):
        recorder.clicked(seen, "redirection")
    recorder.warned(before)  # shown again
    first, second = close(keeper, clock), close(keeper, clock)
    assert {key: value for key, value in first.values.items() if value} == {
        ("searches",): 1,
        ("warnings", "harm-legal"): 1,
        ("warnings_by_language", "fi"): 1,
        ("clicks", "harm-legal"): 1,
        ("clicks_by_resource", "redirection"): 1,
    }
    assert {key: value for key, value in second.values.items() if value} == {
        ("searches",): 2,
        ("warnings", "harm-legal"): 1,
        ("warnings_by_language", "en"): 1,
        ("clicks", "harm-legal"): 1,
        ("clicks_by_resource", "redirection"): 1,
    }


def test_a_program_that_follows_every_link_counts_on_neither_side_of_the_rate() -> None:
    clock = Clock()
    keeper = make(clock)
    recorder = keeper.recorder(0)
    person, program = ticket(recorder), ticket(recorder)
    for seen in (person, program):
        recorder.warned(seen)
        recorder.clicked(seen, "crisis")
        recorder.returned(seen, Outcome.OTHER)
    recorder.trapped(program)
    close(keeper, clock)
    assert counted(keeper) == {
        ("warnings", "harm-legal"): 1,
        ("warnings_by_language", "fi"): 1,
        ("clicks", "harm-legal"): 1,
        ("clicks_by_resource", "crisis"): 1,
        ("returns", "harm-legal", "other"): 1,
    }


def test_a_stop_releases_everything_and_nothing_counts_after_it() -> None:
    clock = Clock()
    keeper = make(clock)
    recorder = keeper.recorder(1)
    seen = ticket(recorder)
    recorder.searched()
    recorder.warned(seen)
    recorder.clicked(seen, "crisis")
    assert not keeper.was_seen
    keeper.exposition(STATE)
    assert not keeper.was_seen
    (window,) = keeper.finish()
    assert window.start <= clock.now < window.end == window.start + 86_400
    assert window.values["clicks", "harm-legal"] == window.values["searches",] == 1
    assert not keeper.was_seen
    assert counted(keeper)["clicks", "harm-legal"] == 1
    assert keeper.was_seen


def test_totals_go_on_after_a_restart(tmp_path: Path) -> None:
    clock, file = Clock(), tmp_path / "history.sqlite"
    for number in range(1, 4):
        keeper = make(clock, history=file)
        for _ in range(2):
            keeper.recorder(0).searched()
            close(keeper, clock)
        keeper.recorder(0).searched()  # and then it is killed: the open window is lost
        assert counted(keeper)["searches",] == 2 * number
        again = make(clock, history=file)
        assert counted(again)["searches",] == 2 * number
        assert again.exposition(STATE) == keeper.exposition(STATE)
    assert keeper.history.count == 6


def test_what_is_released_in_private_is_noised_and_says_so(tmp_path: Path) -> None:
    clock = Clock()
    keeper = make(clock, kind=ReleaseKind.PRIVATE)
    for _ in range(400):
        keeper.recorder(0).searched()
    window = close(keeper, clock)
    assert window.epsilon == 1.0
    assert abs(window.values["searches",] - 400) < 50 * window.stddev["searches"]
    noised = [value for key, value in window.values.items() if key[0] != "searches"]
    assert any(value < 0 for value in noised) and any(value > 0 for value in noised)
    # What no configuration counts, or this plan never shows, has no noise either.
    assert window.values["interventions", "replace", "informational"] == 0
    assert window.values["interventions", "replace", "help-seeking"] == 0
    assert window.values["warnings", "support"] == 0
    assert keeper.history.windows() == [window]


def test_tickets_that_live_much_longer_than_a_window_are_refused_at_the_start() -> None:
    config = Config(privacy=Privacy(timedelta(seconds=1)))
    with pytest.raises(StartError, match=r"tickets\.lifetime is too long"):
        Keeper(config, LABELS, PLAN, 1)


def test_a_ticket_that_names_what_is_no_more_is_not_counted() -> None:
    clock = Clock()
    keeper = make(clock)
    recorder = keeper.recorder(0)
    gone = replace(ticket(recorder), message="a message of yesterday", language="sv")
    recorder.warned(gone)
    recorder.clicked(gone, "a resource of yesterday")
    recorder.returned(gone, Outcome.OTHER)
    close(keeper, clock)
    assert counted(keeper) == {}


def test_a_fault_is_told_when_the_window_closes_without_its_message(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    keeper = make(clock)
    with caplog.at_level(logging.DEBUG):
        try:
            raise ValueError("purple garden lantern")
        except ValueError as fault:
            keeper.recorder(1).failed(fault)
        assert caplog.text == ""
        close(keeper, clock)
        assert "a search met a fault: ValueError at test_keeper.py:" in caplog.text
        assert "lantern" not in caplog.text
        caplog.clear()
        close(keeper, clock)
        assert caplog.text == ""


def test_the_key_comes_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(base64.b64encode(bytes(32)))
    one, two = (make(Clock(), key_file=file) for _ in range(2))
    text, minted = one.tickets.mint(
        category=Category.SEEKING, language="en", message="support", plan=PLAN.identifier
    )
    assert two.tickets.open(text) == minted
    file.write_text("short")
    with pytest.raises(StartError):
        make(Clock(), key_file=file)


def test_nothing_printed_holds_the_key() -> None:
    assert repr(make(Clock())) == "Keeper()"
