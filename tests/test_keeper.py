"""The keeper: what is counted, when it leaves, and what a fault tells."""

from __future__ import annotations

import base64
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from forking import in_processes
from prometheus_client.parser import text_string_to_metric_families

from interceptor.config import Config, FaultPolicy, Mode, Privacy, Tickets
from interceptor.counting.exposition import State
from interceptor.counting.families import Outcome
from interceptor.errors import StartError
from interceptor.keeper import Keeper, Labels, Recorder
from interceptor.ticket import Ticket
from interceptor.vocabulary import Action, Category

LABELS = Labels(("harm-legal", "support"), ("en", "fi"), ("redirection", "crisis"))
STATE = State("0", Mode.ENFORCE, "plan", FaultPolicy.OPEN, True, ())


class Clock:
    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


def make(clock: Clock, rows: int = 2, key_file: Path | None = None) -> Keeper:
    config = Config(privacy=Privacy(timedelta(hours=24)), tickets=Tickets(key_file=key_file))
    return Keeper(config, LABELS, "plan", rows, clock=clock)


def close(keeper: Keeper, clock: Clock) -> None:
    clock.now += keeper.seconds_to_close()
    assert keeper.close_due_window()


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
    return recorder.tickets.mint(category=Category.SEEKING, language=language, message=message, plan="plan")[
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
        for seen in (shared, ticket(recorder, "support", "en")):
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
        ("warnings", "support"): 3,
        ("warnings_by_language", "fi"): 1,
        ("warnings_by_language", "en"): 3,
        ("clicks", "harm-legal"): 1,
        ("clicks", "support"): 3,
        ("clicks_by_resource", "redirection"): 4,  # the one chosen first
        ("returns", "harm-legal", "other"): 1,
        ("returns", "support", "other"): 3,
    }


def test_the_window_closes_at_its_end_and_not_before() -> None:
    clock = Clock()
    keeper = make(clock)
    left = keeper.seconds_to_close()
    assert 0 < left <= 86_400
    clock.now += left - 0.001
    assert not keeper.close_due_window()
    clock.now += 0.001
    assert keeper.close_due_window()
    assert not keeper.close_due_window()
    assert keeper.seconds_to_close() == 86_400


def test_a_ticket_that_names_what_is_no_more_is_not_counted() -> None:
    clock = Clock()
    keeper = make(clock)
    recorder = keeper.recorder(0)
    gone = ticket(recorder, "a message of yesterday", "sv")
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
    text, minted = one.tickets.mint(category=Category.SEEKING, language="en", message="m", plan="p")
    assert two.tickets.open(text) == minted
    file.write_text("short")
    with pytest.raises(StartError):
        make(Clock(), key_file=file)


def test_nothing_printed_holds_the_key() -> None:
    assert repr(make(Clock())) == "Keeper()"
