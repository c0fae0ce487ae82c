"""Counters in shared memory, counted by real processes."""

from __future__ import annotations

import os
import random
import signal

import pytest
from forking import in_processes

from interceptor.counting.cells import Cells
from interceptor.counting.faults import Faults

ROWS, COLUMNS, EACH = 8, 5, 20_000


def test_counts_of_many_processes_are_exact() -> None:
    cells = Cells(ROWS, COLUMNS)

    def work(row: int) -> None:
        chosen = random.Random(row)
        for _ in range(EACH):
            cells.add(row, chosen.randrange(COLUMNS))

    expected = [0] * COLUMNS
    for row in range(ROWS):
        chosen = random.Random(row)
        for _ in range(EACH):
            expected[chosen.randrange(COLUMNS)] += 1
    in_processes(ROWS, work)
    assert cells.sums() == expected


def test_what_a_killed_process_counted_stays_and_its_row_goes_on() -> None:
    cells = Cells(2, 1)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            for _ in range(1_000):
                cells.add(1, 0)
            os.write(write, b"x")
            signal.pause()
        finally:
            os._exit(1)
    assert os.read(read, 1) == b"x"
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(read)
    os.close(write)
    cells.add(1, 0)
    cells.add(0, 0)
    assert cells.sums() == [1_002]


def test_a_place_that_is_not_there_is_refused() -> None:
    with pytest.raises(IndexError):
        Cells(2, 2).add(2, 0)


def test_faults_are_told_once_by_type_and_place_alone() -> None:
    faults = Faults(3)

    def work(row: int) -> None:
        try:
            raise ValueError("purple garden lantern")
        except ValueError as fault:
            faults.note(row, fault)

    in_processes(2, work)
    (text,) = faults.take()
    assert text.startswith("ValueError at test_cells.py:")
    assert "lantern" not in text
    assert faults.take() == ()


def test_only_the_last_fault_of_a_process_is_kept_and_a_long_one_is_cut() -> None:
    faults = Faults(1)
    faults.note(0, KeyError("x"))
    faults.note(0, type("Ä" * 300, (Exception,), {})("x"))
    (text,) = faults.take()
    assert text.startswith("ÄÄÄ")
    assert len(text) < 256
