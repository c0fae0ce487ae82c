"""Each ticket counts once, however many processes see it."""

from __future__ import annotations

import os
import random
import signal
import threading

import pytest
from forking import in_processes

from interceptor.counting.cells import Cells
from interceptor.counting.marks import Mark, Marks
from interceptor.ticket import GRAINS

SLOT = 500_000


def serials_of(tickets: int) -> list[int]:
    chosen = random.Random(1)
    return [chosen.getrandbits(64) for _ in range(tickets)]


def test_a_ticket_is_marked_once_for_each_use() -> None:
    marks = Marks(100)
    for use in Mark:
        assert marks.mark(7, SLOT, use)
        assert not marks.mark(7, SLOT, use)
    assert marks.mark(8, SLOT, Mark.CLICKED)
    assert marks.mark(7, SLOT + 1, Mark.CLICKED)  # another ticket: serials are random, not unique


def test_every_serial_can_be_marked() -> None:
    marks = Marks(1_000)
    for serial in (0, 2, 2**63, 2**64 - 1):
        assert marks.mark(serial, SLOT, Mark.WARNED)
        assert not marks.mark(serial, SLOT, Mark.WARNED)


def test_processes_that_see_the_same_tickets_count_each_once() -> None:
    processes, tickets = 6, 400
    marks, cells = Marks(10_000), Cells(processes, len(Mark))
    serials = serials_of(tickets)

    def work(row: int) -> None:
        order = serials * 2
        random.Random(row).shuffle(order)
        for serial in order:
            for column, use in enumerate(Mark):
                if marks.mark(serial, SLOT + serial % GRAINS, use):
                    cells.add(row, column)

    in_processes(processes, work)
    assert cells.sums() == [tickets] * len(Mark)


@pytest.mark.parametrize("capacity", [1, 100, 1_000])
def test_about_as_many_as_configured_fit(capacity: int) -> None:
    marks = Marks(capacity)
    serials = serials_of(capacity)
    # A lifetime's tickets, spread over the grains in which they expire.
    assert all(
        marks.mark(serial, SLOT + number % GRAINS, Mark.WARNED) for number, serial in enumerate(serials)
    )


def test_a_full_region_counts_nothing_more_and_forgets_nothing() -> None:
    marks = Marks(100)
    known = []
    for serial in range(1, 10_000):
        if not marks.mark(serial, SLOT, Mark.WARNED):
            break
        known.append(serial)
    assert 0 < len(known) < 1_000
    for serial in range(20_000, 20_200):
        assert not marks.mark(serial, SLOT, Mark.WARNED)
    for serial in known:
        assert not marks.mark(serial, SLOT, Mark.WARNED)
        assert marks.mark(serial, SLOT, Mark.CLICKED)  # what is known goes on being counted
    assert marks.mark(1, SLOT + 1, Mark.WARNED)  # and so do other regions


def test_a_region_is_used_again_when_its_time_has_passed() -> None:
    marks = Marks(100)
    for slot in range(SLOT, SLOT + 60):
        assert marks.mark(7, slot, Mark.WARNED)
        assert not marks.mark(7, slot, Mark.WARNED)
        # All that can be alive beside it is still known.
        for other in range(max(SLOT, slot - GRAINS), slot):
            assert not marks.mark(7, other, Mark.WARNED)
    # One that is long gone must not empty the region of a living one.
    assert not marks.mark(9, SLOT, Mark.WARNED)
    assert not marks.mark(7, SLOT + 59, Mark.WARNED)


def test_the_lock_of_a_killed_process_is_free() -> None:
    marks = Marks(100)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with marks._locked():
                os.write(write, b"x")
                signal.pause()
        finally:
            os._exit(1)
    assert os.read(read, 1) == b"x"
    done = threading.Event()

    def mark() -> None:
        assert marks.mark(1, SLOT, Mark.WARNED)
        done.set()

    waiting = threading.Thread(target=mark)
    waiting.start()
    assert not done.wait(0.2)  # the child holds the lock
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert done.wait(20)
    waiting.join()
    os.close(read)
    os.close(write)


def test_nothing_printed_holds_a_serial() -> None:
    marks = Marks(100)
    marks.mark(123_456_789, SLOT, Mark.WARNED)
    assert repr(marks) == "Marks()"
