"""Work done by real processes, forked from the test."""

from __future__ import annotations

import os
from collections.abc import Callable


def in_processes(number: int, work: Callable[[int], None]) -> None:
    """Run ``work(0)``, ``work(1)``, … at the same time, each in a process of its own; fail where one fails."""
    gate_read, gate_write = os.pipe()
    children = []
    for index in range(number):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                os.close(gate_write)
                os.read(gate_read, 1)  # ends for all at once, when the parent closes its end
                work(index)
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    os.close(gate_read)
    os.close(gate_write)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * number
