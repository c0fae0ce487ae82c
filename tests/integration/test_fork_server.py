"""The process that holds the lists, and the one that reads the next: their priority, and what their end does."""

from __future__ import annotations

import json
import os
import signal
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from running import GARDEN, PATIENCE, Running, until

Serve = Callable[..., Running]

SHADES = [
    f"{one}{other}"
    for one in "bcdfghklmnprstvz"
    for other in ("ab", "eb", "ib", "ob", "ub", "am", "em", "im")
]
LONG = GARDEN + "".join(
    f"  - {{id: long-{number}, terms: [{first}{second} {third} lantern]}}\n"
    for number, (first, second, third) in enumerate(
        (first, second, third) for first in SHADES for second in SHADES[:20] for third in SHADES[::40]
    )
)
"""A list that takes a while to read."""


def log(running: Running) -> str:
    return "".join(running.lines)


def is_warned(running: Running) -> bool:
    with urllib.request.urlopen(f"{running.url}/search?q=purple+garden+lantern", timeout=PATIENCE) as answer:
        return b"redirectionprogram.com" in answer.read()


def readiness(running: Running) -> str:
    with urllib.request.urlopen(f"http://{running.admin}/readyz", timeout=PATIENCE) as answer:
        return str(answer.read().decode())


def list_of(running: Running) -> Path:
    return Path(f"/proc/{running.process.pid}/cwd").readlink() / "lists" / "garden.yaml"


def only(processes: set[int]) -> int:
    (found,) = processes
    return found


def kill_the_fork_server(running: Running) -> int:
    killed = only(running.children("fork server"))
    os.kill(killed, signal.SIGKILL)
    until(lambda: "the process that holds the lists ended (killed by SIGKILL)" in log(running), "the log")
    return killed


def until_building(running: Running) -> int:
    """Have a long list read, and return the process that does."""
    list_of(running).write_text(LONG)
    running.process.send_signal(signal.SIGHUP)
    until(lambda: bool(running.children("list builder")), "the list builder")
    return only(running.children("list builder"))


def is_there(process: int) -> bool:
    return Path(f"/proc/{process}/cmdline").exists()


def policies(process: int) -> set[int]:
    return {os.sched_getscheduler(int(each.name)) for each in Path(f"/proc/{process}/task").iterdir()}


def test_reading_lists_gives_way_and_what_comes_of_it_does_not(serve: Serve) -> None:
    running = serve({"lists_gate": {"share": 1.0}}, "--workers", "2")
    before = running.children()
    builder = until_building(running)
    until(lambda: os.SCHED_IDLE in policies(builder), "the priority")
    until(lambda: "reloaded (SIGHUP)" in log(running) and not running.children() & before, "the reload")
    assert running.children("fork server") == {builder}
    for process in (running.process.pid, builder, *running.children()):
        assert policies(process) == {os.SCHED_OTHER}
    assert is_warned(running)


def test_a_fork_server_that_is_killed_is_replaced(serve: Serve) -> None:
    running = serve({"privacy": {"window": "1s"}}, "--workers", "2")
    assert is_warned(running)
    before = running.children()
    killed = kill_the_fork_server(running)
    assert is_warned(running)
    until(lambda: "lists are held again" in log(running), "another")
    assert only(running.children("fork server")) != killed
    assert len(running.children()) == 2 and not running.children() & before
    os.kill(min(running.children()), signal.SIGKILL)
    until(lambda: "a worker ended (killed by SIGKILL)" in log(running), "the log")
    until(lambda: len(running.children()) == 2, "another worker")
    assert is_warned(running)
    assert readiness(running).startswith("ready\n")
    running.until_counted(3, "searches")


def test_without_good_lists_for_another_the_workers_go_on(serve: Serve) -> None:
    running = serve({"server": {"watch": "100ms"}})
    good, before = list_of(running).read_text(), running.children()
    list_of(running).write_text("nonsense: [\n")
    kill_the_fork_server(running)
    until(lambda: "refused (no process held the lists)" in log(running), "the refusal")
    assert readiness(running).startswith("degraded\n")
    assert "no process holds the lists" in readiness(running)
    assert is_warned(running) and running.children() == before
    list_of(running).write_text(good)
    until(lambda: readiness(running).startswith("ready\n"), "the lists to be held again")
    assert is_warned(running) and not running.children("list builder")


def test_what_was_kept_does_for_another(serve: Serve, tmp_path: Path) -> None:
    running = serve(None, "--state", str(tmp_path / "state"))
    until((tmp_path / "state" / "good" / "manifest.json").exists, "the copies")
    list_of(running).write_text("nonsense: [\n")
    kill_the_fork_server(running)
    until(lambda: "lists are held again" in log(running), "what was kept")
    assert readiness(running).startswith("degraded\n") and "garden.yaml" in readiness(running)
    assert is_warned(running)


def test_a_list_builder_that_is_killed_refuses_the_reload(serve: Serve) -> None:
    running = serve({"lists_gate": {"share": 1.0}})
    before = running.children() | running.children("fork server")
    os.kill(until_building(running), signal.SIGKILL)
    until(lambda: "refused (SIGHUP)" in log(running), "the refusal")
    assert "the process that reads the lists ended (killed by SIGKILL)" in log(running)
    assert running.children() | running.children("fork server") == before
    assert is_warned(running)
    running.process.send_signal(signal.SIGHUP)
    until(lambda: "reloaded (SIGHUP)" in log(running), "the next")
    assert is_warned(running)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_an_end_while_lists_are_read_leaves_no_process(serve: Serve, number: signal.Signals) -> None:
    running = serve({"lists_gate": {"share": 1.0}})
    processes = {until_building(running), *running.children(), *running.children("fork server")}
    assert len(processes) == 3
    assert running.stop(number) == (0 if number == signal.SIGTERM else -number)
    until(lambda: not any(map(is_there, processes)), "its processes to end")


def test_a_signal_for_the_whole_group_drains_all_the_same(serve: Serve) -> None:
    running = serve({"log": {"format": "json"}})
    processes = [running.process.pid, *running.children(), *running.children("fork server")]
    for process in processes:
        os.kill(process, signal.SIGTERM)
    assert running.process.wait(PATIENCE) == 0
    until(lambda: not any(map(is_there, processes[1:])), "its processes to end")
    running.stop()
    said = [json.loads(line) for line in running.lines if not line.startswith("serving at")]
    assert not [each for each in said if "holds the lists" in each["message"]]
