"""Keeps what a process holds in memory out of files: core dumps, other users' debuggers, swap.

Python cannot wipe a string, and freed memory keeps what stood in it: this bounds where the memory can go, not what
is in it. Swap is only shut out where the system lets the process lock its memory.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
from pathlib import Path

# <linux/prctl.h>, <asm-generic/mman.h>, <linux/capability.h>
_PR_SET_DUMPABLE = 4
_MCL_CURRENT, _MCL_FUTURE, _MCL_ONFAULT = 1, 2, 4
_CAP_IPC_LOCK = 14


def forbid_dumps() -> None:
    """Let no core dump be written of this process, and no other process of the same user read its memory.

    Holds for processes forked from this one too; a program that is started anew begins without it.
    """
    # Some sandboxes forbid to set limits; what comes next is enough by itself.
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def lock_memory() -> bool:
    """Keep this process's memory out of swap, where that is permitted without a bound; tells whether it is.

    With a bound, allocations beyond it would fail later. Pages are locked as they are used, so memory that forked
    processes share stays shared. A forked process has to lock its own.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    if resource.RLIM_INFINITY not in (soft, hard) and not _may_lock():
        return False
    if soft != resource.RLIM_INFINITY and hard == resource.RLIM_INFINITY:
        with contextlib.suppress(OSError):
            resource.setrlimit(resource.RLIMIT_MEMLOCK, (hard, hard))
        if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] != hard:
            return False
    flags = _MCL_CURRENT | _MCL_FUTURE | _MCL_ONFAULT
    return bool(ctypes.CDLL(None, use_errno=True).mlockall(flags) == 0)


def without_secrets(names: tuple[str, ...]) -> dict[str, str]:
    """This process's environment for a program to start, but the variables ``names``."""
    return {name: value for name, value in os.environ.items() if name not in names}


def _may_lock() -> bool:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:"):
            return bool(int(line.split()[1], 16) >> _CAP_IPC_LOCK & 1)
    return False
