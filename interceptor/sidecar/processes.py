"""Forking processes out of a running event loop, safely; whose children they are, and how they give way."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import resource
import signal
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, NoReturn

# <linux/prctl.h>
_PR_SET_NAME, _PR_SET_CHILD_SUBREAPER = 15, 36

_NICE: Final = 5
"""How far a thread that gives way stands behind others, on the scale of nice(1)."""

_LOOK_SECONDS: Final = 0.05
"""Seconds between two looks at a process that the system does not tell of."""

_HANDLED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, signal.SIGUSR1, signal.SIGUSR2)


def fork(work: Callable[[], int], keep: Iterable[int]) -> int:
    """Run ``work`` in a new process, which ends with the number it returns; returns the process id.

    The child keeps the descriptors ``keep`` and the standard three. Every other one is pointed at ``/dev/null``
    rather than closed: objects of the parent's event loop still hold these numbers, and closing one of them later
    must not hit a socket that the child has opened since.
    """
    return _parted(keep) or _end_with(work)


def fork_for_ancestor(work: Callable[[], int], keep: Iterable[int]) -> int:
    """As `fork`, but the new process is a child of the nearest process above this one that called `adopt_orphans`.

    It is one already when this returns. Raises `OSError` where the system gives no more processes.
    """
    return part_for_ancestor(keep) or _end_with(work)


def part_for_ancestor(keep: Iterable[int]) -> int:
    """As `fork_for_ancestor`, but the new process goes on from here as well, and is told by the 0 that it gets."""
    keep = [*keep]
    hears, tells = os.pipe()
    try:
        try:
            between = _parted([*keep, tells])
            if not between:
                try:
                    child = _parted(keep)
                    if not child:
                        return 0
                    os.write(tells, child.to_bytes(8, "little"))
                    os._exit(0)
                except OSError:
                    os._exit(70)
        finally:
            os.close(tells)
        told = os.read(hears, 8)
        os.waitpid(between, 0)  # with its end, its child is an orphan
    finally:
        os.close(hears)
    if not told:
        raise OSError("the process between could not fork")
    return int.from_bytes(told, "little")


def adopt_orphans() -> None:
    """Make processes that were forked below this one children of this one, when their parent ends."""
    _libc().prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def be_called(name: str) -> None:
    """Give this process the ``name`` (at most 15 characters) that ps and top show beside its command."""
    _libc().prctl(_PR_SET_NAME, name.encode(), 0, 0, 0)


def give_way(*, entirely: bool) -> None:
    """Have this thread, and what is forked from it, take less of the processors; there is no way back.

    ``entirely``: only time that nothing else wants. A lower priority alone lets the thread finish its slice while a
    request waits, up to 4 ms where the kernel has 250 ticks a second.
    """
    with contextlib.suppress(OSError):  # some sandboxes forbid it
        if entirely:
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
        else:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)  # Linux: of this thread alone


def processor_seconds(process: int) -> float:
    """Seconds that ``process`` has had a processor; zero where it is gone."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def ended(child: int) -> int:
    """Wait for the ``child`` to end; its status as `os.waitpid` has it. To be called once for a child."""
    loop = asyncio.get_running_loop()
    try:
        watched = os.pidfd_open(child)
    except OSError:  # before Linux 5.3, and in some sandboxes
        while not (found := os.waitpid(child, os.WNOHANG))[0]:
            await asyncio.sleep(_LOOK_SECONDS)
        return found[1]
    try:
        over = asyncio.Event()
        loop.add_reader(watched, over.set)
        try:
            await over.wait()
        finally:
            loop.remove_reader(watched)
    finally:
        os.close(watched)
    return os.waitpid(child, 0)[1]


def how_it_ended(status: int) -> str:
    """Say how a process ended, of its status as `os.waitpid` has it."""
    if os.WIFSIGNALED(status):
        return f"killed by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"exit status {os.WEXITSTATUS(status)}"


def allow_descriptors() -> int:
    """Raise this process's limit of open files to what it may have; returns that. Its children inherit it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def _parted(keep: Iterable[int]) -> int:
    """Fork as `os.fork` does; the child has none of the parent's signal handlers and descriptors but ``keep``."""
    # No signal may arrive between fork and reset: the child would write it into the parent's wake-up pipe.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HANDLED)
    try:
        child = os.fork()
        if not child:
            try:
                signal.set_wakeup_fd(-1)
                for number in _HANDLED:
                    signal.signal(number, signal.SIG_DFL)
                _let_go(frozenset(keep))
            except BaseException:
                os._exit(70)
        return child
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with(work: Callable[[], int]) -> NoReturn:
    code = 70
    try:
        code = work()
    finally:
        os._exit(code)


def _let_go(keep: frozenset[int]) -> None:
    nothing = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    for number in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        if number > 2 and number != nothing and number not in keep:
            try:
                os.fstat(number)
            except OSError:
                continue  # the descriptor of this very listing
            os.dup2(nothing, number, inheritable=False)
    os.close(nothing)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
