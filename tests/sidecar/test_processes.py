"""Whose child a forked process is, what it keeps, and how it ends."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from interceptor.sidecar import processes

LINEAGE = """
import asyncio, json, os, signal
from interceptor.sidecar import processes

hears, tells = os.pipe()

def generation(further):
    child = processes.part_for_ancestor([tells])
    if child:
        os.write(tells, b"%d " % child)
        return
    if further:
        generation(further - 1)
        os._exit(0)
    processes.be_called("youngest")
    signal.pause()

def called(process):
    return open(f"/proc/{process}/comm").read().strip()

async def main():
    processes.adopt_orphans()
    generation(2)
    said = b""
    while said.count(b" ") < 3:
        said += os.read(hears, 100)
    children = [int(each) for each in said.split()]
    mine = set(map(int, open(f"/proc/self/task/{os.getpid()}/children").read().split())) == set(children)
    while not (youngest := [each for each in children if called(each) == "youngest"]):
        await asyncio.sleep(0.01)
    os.kill(youngest[0], signal.SIGKILL)
    ends = [processes.how_it_ended(await processes.ended(child)) for child in children]
    print(json.dumps({"mine": mine, "ends": sorted(ends)}))

asyncio.run(main())
"""


def said_by(code: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_processes_of_any_generation_are_children_of_the_one_that_adopts() -> None:
    said = said_by(LINEAGE)
    assert said["mine"]
    assert said["ends"] == ["exit status 0", "exit status 0", "killed by SIGKILL"]


def test_giving_way_is_for_the_thread_that_does_and_what_it_forks() -> None:
    said = said_by("""
import json, os, threading
from interceptor.sidecar import processes
said = {}
def work():
    processes.give_way(entirely=True)
    said["thread"] = os.sched_getscheduler(0)
    child = os.fork()
    if not child:
        os._exit(os.sched_getscheduler(0))
    said["its child"] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
def lower():
    processes.give_way(entirely=False)
    said["nice"] = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
for each in (work, lower):
    thread = threading.Thread(target=each)
    thread.start()
    thread.join()
said["main"] = [os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0)]
print(json.dumps(said))
""")
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    assert said == {
        "thread": os.SCHED_IDLE,
        "its child": os.SCHED_IDLE,
        "nice": processes._NICE,
        "main": [os.SCHED_OTHER, nice],
    }


async def test_a_fault_ends_the_process_that_met_it() -> None:
    def work() -> int:
        raise ValueError

    assert processes.how_it_ended(await processes.ended(processes.fork(work, []))) == "exit status 70"


async def test_an_end_is_noticed_without_help_of_the_system_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "pidfd_open", refuse)
    hears, tells = os.pipe()
    child = processes.fork(lambda: len(os.read(hears, 1)), [hears])
    end = asyncio.ensure_future(processes.ended(child))
    await asyncio.sleep(0)
    assert not end.done()
    os.write(tells, b"x")
    assert processes.how_it_ended(await asyncio.wait_for(end, 10)) == "exit status 1"
    os.close(hears)
    os.close(tells)


async def test_only_what_is_kept_stays_open() -> None:
    kept, other = os.pipe()

    def work() -> int:
        nothing = [Path(f"/proc/self/fd/{each}").readlink() == Path(os.devnull) for each in (kept, other)]
        return 0 if nothing == [False, True] else 1

    child = processes.fork(work, [kept])
    assert os.waitstatus_to_exitcode(await processes.ended(child)) == 0
    os.close(kept)
    os.close(other)


def test_processor_time_of_every_thread_counts() -> None:
    assert processes.processor_seconds(os.getpid()) > 0
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert processes.processor_seconds(child.pid) == 0


@pytest.mark.parametrize(
    ("status", "said"),
    [(0, "exit status 0"), (signal.SIGSEGV, "killed by SIGSEGV"), (3 << 8, "exit status 3")],
)
def test_how_a_process_ended_is_said(status: int, said: str) -> None:
    assert processes.how_it_ended(status) == said
