"""What a process holds stays out of core dumps and, where that is permitted, out of swap."""

from __future__ import annotations

import subprocess
import sys

import pytest

from interceptor.protection import without_secrets

_CODE = """
import ctypes, os, resource
from pathlib import Path
from interceptor.protection import forbid_dumps, lock_memory
{before}
forbid_dumps()
locked = lock_memory()
status = Path("/proc/self/status").read_text()
held = int(status.partition("VmLck:")[2].split()[0])
bytearray(30_000_000)  # more than a bound would allow
child = os.fork()
if not child:
    os._exit(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))  # PR_GET_DUMPABLE
_, ended = os.waitpid(child, 0)
print(resource.getrlimit(resource.RLIMIT_CORE)[0], ended, len(os.listdir("/proc/self/fd")) > 0, locked, held > 0)
"""

_ORDINARY_USER = """
resource.setrlimit(resource.RLIMIT_MEMLOCK, (8_000_000, 8_000_000))
if os.geteuid() == 0:
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
"""


@pytest.mark.parametrize("before", ["", _ORDINARY_USER], ids=["as it is", "an ordinary user"])
def test_no_dumps_and_no_half_locked_memory(before: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CODE.format(before=before)], capture_output=True, text=True, check=True
    )
    limit, dumpable, lists_itself, locked, held = done.stdout.split()
    assert (limit, dumpable, lists_itself) == ("0", "0", "True")
    assert locked == held
    if before:
        assert locked == "False"


def test_a_program_that_is_started_gets_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LISTS_IDENTITY", "secret")
    monkeypatch.setenv("LANG", "C")
    environment = without_secrets(("LISTS_IDENTITY",))
    assert "LISTS_IDENTITY" not in environment and environment["LANG"] == "C"
