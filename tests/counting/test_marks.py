"""Each ticket counts once, at its expiry, however many processes see it and in whatever order."""

from __future__ import annotations

import itertools
import os
import random
import signal
import threading

import pytest
from forking import in_processes

from interceptor.counting.cells import Cells
from interceptor.counting.marks import MOST, Marks, Seen
from interceptor.ticket import GRAINS

SLOT = 500_000
SPAN = GRAINS + 1  # grains ahead in which a ticket expires that is minted now


def serials_of(tickets: int) -> list[int]:
    chosen = random.Random(1)
    return [chosen.getrandbits(64) for _ in range(tickets)]


def warn(marks: Marks, serial: int, expires: int = SLOT + SPAN, slot: int = SLOT, message: int = 1) -> bool:
    return marks.warned(serial, expires, slot, window=2, message=message, language=3)


def test_everything_counts_once_and_the_first_choice_stays() -> None:
    marks, key = Marks(100), (7, SLOT + SPAN, SLOT)
    assert marks.warned(*key, window=255, message=MOST, language=MOST)
    assert not marks.warned(*key, window=1, message=0, language=0)
    assert marks.clicked(*key, 0)
    assert not marks.clicked(*key, 5)
    assert marks.returned(*key, 1)
    assert not marks.returned(*key, 0)
    assert marks.sweep(SLOT + SPAN) == []  # it may be alive in a process whose clock is a little behind
    assert marks.sweep(SLOT + SPAN + 1) == [(Seen(255, MOST, MOST, 0, 1), 1)]
    assert marks.sweep(SLOT + SPAN + 2) == []


@pytest.mark.parametrize("order", list(itertools.permutations(("warned", "clicked", "returned"))))
def test_the_order_does_not_matter(order: tuple[str, ...]) -> None:
    marks, key = Marks(100), (7, SLOT + SPAN, SLOT)
    for verb in order:
        if verb == "warned":
            marks.warned(*key, window=0, message=4, language=None)
        elif verb == "clicked":
            marks.clicked(*key, MOST)
        else:
            marks.returned(*key, 0)
    assert marks.sweep(None) == [(Seen(0, 4, None, MOST, 0), 1)]


@pytest.mark.parametrize("trapped_first", [True, False])
def test_a_trapped_ticket_counts_nothing(trapped_first: bool) -> None:
    marks, key = Marks(100), (7, SLOT + SPAN, SLOT)
    if trapped_first:
        assert marks.trapped(*key)
    warn(marks, 7)
    marks.clicked(*key, 1)
    marks.returned(*key, 1)
    if not trapped_first:
        assert marks.trapped(*key)
    assert not marks.trapped(*key)
    assert marks.sweep(None) == []


def test_without_a_warning_nothing_counts() -> None:
    marks, key = Marks(100), (7, SLOT + SPAN, SLOT)
    assert marks.clicked(*key, 1)
    assert marks.returned(*key, 1)
    assert marks.sweep(None) == []


def test_every_serial_can_be_marked() -> None:
    marks = Marks(1_000)
    for serial in (0, 2, 2**63, 2**64 - 1):
        assert warn(marks, serial)
        assert not warn(marks, serial)
    assert marks.sweep(None) == [(Seen(2, 1, 3, None, None), 4)]


def test_processes_that_see_the_same_tickets_count_each_once() -> None:
    processes, tickets = 6, 400
    marks, cells = Marks(10_000), Cells(processes, 3)
    before = cells.sums()
    serials = serials_of(tickets)

    def work(row: int) -> None:
        order = serials * 2
        random.Random(row).shuffle(order)
        for serial in order:
            key = serial, SLOT + 1 + serial % GRAINS, SLOT
            for column, noted in enumerate(
                (warn(marks, serial, key[1]), marks.clicked(*key, row), marks.returned(*key, 0))
            ):
                if noted:
                    cells.add(row, column)

    in_processes(processes, work)
    assert [now - then for now, then in zip(cells.sums(), before, strict=True)] == [tickets] * 3
    assert sum(count for _, count in marks.sweep(None)) == tickets


@pytest.mark.parametrize("capacity", [1, 100, 1_000])
def test_about_as_many_as_configured_fit(capacity: int) -> None:
    marks = Marks(capacity)
    # A lifetime's tickets, spread over the grains in which they expire.
    for number, serial in enumerate(serials_of(capacity)):
        assert warn(marks, serial, SLOT + 1 + number % GRAINS)


def test_a_full_table_counts_nothing_more_and_forgets_nothing() -> None:
    marks = Marks(100)
    known = 0
    for serial in range(1, 10_000):
        if not warn(marks, serial):
            break
        known += 1
    assert 0 < known < 1_000
    for serial in range(20_000, 20_200):
        assert not warn(marks, serial)
    for serial in range(1, known + 1):
        assert not warn(marks, serial)
        assert marks.clicked(serial, SLOT + SPAN, SLOT, 0)  # what is known goes on being noted
    assert warn(marks, 1, SLOT + 1)  # and so do tickets of another grain
    assert marks.sweep(None) == [(Seen(2, 1, 3, 0, None), known), (Seen(2, 1, 3, None, None), 1)]


def test_over_a_long_time_each_is_counted_when_its_grain_has_passed() -> None:
    marks = Marks(100)
    counted = 0
    for slot in range(SLOT, SLOT + 60):
        for seen, count in marks.sweep(slot):
            assert seen == Seen(2, 1, 3, None, None)
            counted += count
        assert warn(marks, slot, slot + SPAN, slot)
        assert not warn(marks, slot, slot + SPAN, slot)
        for alive in range(max(SLOT, slot - GRAINS), slot):  # all that can be alive beside it is still known
            assert not warn(marks, alive, alive + SPAN, slot)
    assert counted == 60 - SPAN - 1
    assert sum(count for _, count in marks.sweep(None)) == SPAN + 1


def test_one_that_was_counted_cannot_come_back() -> None:
    marks = Marks(100)
    assert warn(marks, 7)
    assert len(marks.sweep(SLOT + SPAN + 1)) == 1
    assert not warn(marks, 7, SLOT + SPAN, SLOT)  # reported late, by a process that was held up
    assert not marks.clicked(7, SLOT + SPAN, SLOT, 1)
    assert marks.sweep(None) == []
    assert not warn(marks, 8, SLOT + SPAN + 2, SLOT + SPAN + 1)  # after the end nothing counts


def test_one_that_cannot_be_minted_yet_is_refused() -> None:
    marks = Marks(100)
    assert not warn(marks, 7, SLOT + SPAN + 2)
    assert not warn(marks, 7, 2**62)


@pytest.mark.parametrize("back", [GRAINS, 50, 400_000])
def test_after_a_clock_was_set_back_counting_goes_on(back: int) -> None:
    marks = Marks(100)
    marks.sweep(SLOT)
    for ahead in range(1, SPAN + 1):
        assert warn(marks, ahead, SLOT + ahead)
    now = SLOT - back
    counted = sum(count for _, count in marks.sweep(now))
    for serial in range(20):
        assert warn(marks, 100 + serial, now + SPAN, now)
    counted += sum(count for _, count in marks.sweep(now + SPAN + 1))
    assert counted + sum(count for _, count in marks.sweep(None)) == SPAN + 20


def test_a_sweep_that_comes_too_late_loses_nothing_that_was_noted() -> None:
    marks = Marks(100)
    noted = 0
    for slot in range(SLOT, SLOT + 40):
        noted += warn(marks, slot, slot + SPAN, slot)
    assert 0 < noted < 40
    assert sum(count for _, count in marks.sweep(SLOT + 100)) == noted
    assert warn(marks, 1, SLOT + 100 + SPAN, SLOT + 100)


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
        assert warn(marks, 1)
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
    warn(marks, 123_456_789)
    assert repr(marks) == "Marks()"
