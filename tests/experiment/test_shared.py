"""The allocation in shared memory, read by real processes while it is written."""

from __future__ import annotations

import os

import pytest
from forking import in_processes

from interceptor.config import Config, Experiment, PlanKind
from interceptor.experiment.allocation import Allocation
from interceptor.experiment.plan import Plan
from interceptor.experiment.shared import SharedAllocation

MESSAGES = ("legal-loss", "harm-gain", "control-gain", "distress-gain")


def make(messages: tuple[str, ...] = MESSAGES) -> Plan:
    return Plan.make(Config(experiment=Experiment(kind=PlanKind.WEIGHTED, messages=messages)), "w")


PLAN = make()


def test_what_is_written_is_read_and_the_policy_stays() -> None:
    shared = SharedAllocation(PLAN)
    shared.write(Allocation(PLAN.identifier, {"legal-loss": 0.25, "neutral": 0.75}, "one"))
    assert shared.read() == Allocation(PLAN.identifier, {"legal-loss": 0.25, "neutral": 0.75})


def test_before_the_first_write_it_is_the_fixed_message() -> None:
    assert PLAN.resting is not None
    assert SharedAllocation(PLAN).read() == Allocation(PLAN.resting.identifier, {"harm-legal": 1.0})


def test_a_message_that_the_plan_does_not_draw_is_refused_without_its_name() -> None:
    with pytest.raises(ValueError, match="does not draw 1 of the messages"):
        SharedAllocation(PLAN).write(Allocation(PLAN.identifier, {"supportive": 1.0}))


def test_a_damaged_record_and_one_of_another_plan_are_not_read() -> None:
    shared = SharedAllocation(PLAN)
    record = shared.encode(Allocation(PLAN.identifier, {"legal-loss": 1.0}))
    assert shared.decode(record) == Allocation(PLAN.identifier, {"legal-loss": 1.0})
    for place in range(len(record)):
        damaged = bytearray(record)
        damaged[place] ^= 1
        assert shared.decode(bytes(damaged)) is None
    assert shared.decode(record[:-1]) is None
    assert shared.decode(b"") is None
    assert SharedAllocation(make(MESSAGES[::-1])).decode(record) is None


def test_readers_in_other_processes_see_whole_records_only() -> None:
    shared = SharedAllocation(PLAN)
    ends, ended = os.pipe()
    expected = [
        Allocation(PLAN.identifier, dict.fromkeys(MESSAGES[:number], 1.0 / number)) for number in (1, 2, 4)
    ]
    shared.write(expected[0])

    def work(index: int) -> None:
        if index == 0:
            for turn in range(30_000):
                shared.write(expected[turn % 3])
            os.write(ended, b"x" * 2)
            return
        seen = []
        for _ in range(60_000):
            if (read := shared.read()) not in seen:
                seen.append(read)
        os.read(ends, 1)
        assert all(each in expected for each in seen)
        assert shared.read() == expected[(30_000 - 1) % 3]

    in_processes(3, work)
    assert shared.read() == expected[(30_000 - 1) % 3]
