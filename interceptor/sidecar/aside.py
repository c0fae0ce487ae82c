"""Work beside the event loop, in a thread that gives way to everything else."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

from interceptor.sidecar import processes

T = TypeVar("T")


async def aside(work: Callable[[], T]) -> T:
    """Do ``work`` in a thread of its own, behind everything else in priority; gone when this returns.

    Not for work that takes long without input or output: its thread would keep the event loop waiting.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()
    results: list[T] = []
    faults: list[Exception] = []

    def tell() -> None:
        if not done.done():
            done.set_result(None)

    def run() -> None:
        processes.give_way(entirely=False)
        try:
            results.append(work())
        except Exception as fault:
            faults.append(fault)
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile: the service has stopped
            loop.call_soon_threadsafe(tell)

    thread = threading.Thread(target=run, name="reload", daemon=True)
    thread.start()
    await done
    thread.join()  # no other thread may be there when a process is forked
    if faults:
        raise faults[0]
    return results[0]
