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


def since(cells: Cells, before: list[int]) -> list[int]:
    return [now - then for now, then in zip(cells.sums(), before, strict=True)]


def test_counts_of_many_processes_are_exact() -> None:
    cells = Cells(ROWS, COLUMNS, 2)
    before = cells.sums()

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
    assert since(cells, before) == expected


def test_what_a_killed_process_counted_stays_and_its_row_goes_on() -> None:
    cells = Cells(2, 1)
    before = cells.sums()
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
    assert since(cells, before) == [1_002]


def test_everybody_counts_into_the_buffer_that_is_open() -> None:
    cells = Cells(2, 2, 3)
    before = [cells.sums(buffer) for buffer in range(3)]
    for buffer in (2, 0, 1, 0):
        cells.open(buffer)
        assert cells.current == buffer
        in_processes(2, lambda row: cells.add(row, row))
    cells.add_to(2, 1, 0, 40)
    after = [cells.sums(buffer) for buffer in range(3)]
    changes = [
        [now - then for now, then in zip(*each, strict=True)] for each in zip(after, before, strict=True)
    ]
    assert changes == [[2, 2], [1, 1], [41, 1]]


def test_one_look_at_the_memory_tells_no_count() -> None:
    # A counter begins at a random number below 2^60, so its value is as likely under any count.
    starts = [number for _ in range(50) for number in Cells(4, 5)._view[1:]]
    assert len(set(starts)) == len(starts) == 1_000
    assert min(starts) >= 0
    assert 0.4 < sum(starts) / len(starts) / 2**60 < 0.6
    assert max(starts) < 2**60


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
