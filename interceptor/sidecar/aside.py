"""Long work beside the event loop, in a thread that gives way to everything else."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")

_NICE: Final = 5
"""How far the thread gives way to other processes and threads, on the scale of nice(1)."""


async def aside(work: Callable[[], T]) -> T:
    """Do ``work`` in a thread of its own, behind everything else in priority; gone when this returns."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()
    results: list[T] = []
    faults: list[Exception] = []

    def tell() -> None:
        if not done.done():
            done.set_result(None)

    def run() -> None:
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)  # Linux: of this thread alone
        try:
            results.append(work())
        except Exception as fault:
            faults.append(fault)
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile: the service has stopped
            loop.call_soon_threadsafe(tell)

    thread = threading.Thread(target=run, name="reload", daemon=True)
    thread.start()
    await done
    thread.join()  # no other thread may be there when workers are forked
    if faults:
        raise faults[0]
    return results[0]
