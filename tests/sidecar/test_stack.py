"""Room for frames, wherever on the stack the work begins."""

from __future__ import annotations

import resource
from collections.abc import Callable

from interceptor.sidecar.stack import with_room

DEPTHS = range(0, 160, 2)


def faults() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def leaf(a: int, b: int, c: int) -> int:
    d, e, f, g, h = a + b, b + c, c + a, a, b
    return d + e + f + g + h


def work(found: list[int]) -> None:
    before = faults()
    for _ in range(500):
        leaf(1, 2, 3)
    found.append(faults() - before)


def at_depth(depth: int, do: Callable[[], None]) -> None:
    if depth:
        at_depth(depth - 1, do)
    else:
        do()


def test_with_room_no_depth_takes_memory_for_every_call() -> None:
    found: list[int] = []
    for depth in DEPTHS:
        at_depth(depth, lambda: with_room(lambda: work(found)))
    assert len(found) == len(DEPTHS)
    # Without it, one depth in some seventy takes a page for each of the 500 calls.
    assert max(found) < 250


def test_what_is_raised_comes_out() -> None:
    def fail() -> None:
        raise LookupError

    try:
        with_room(fail)
    except LookupError:
        return
    raise AssertionError
