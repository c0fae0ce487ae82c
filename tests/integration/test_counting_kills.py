"""Counts over kills: what was released stays, what goes on goes on exactly, and the service is there again soon."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from history_file import ends_in, windows_in
from running import Running, start, until
from searching import SEARCHES, Client

from interceptor.counting.released import ReleasedWindow
from interceptor.history import History

Serve = Callable[..., Running]

pytestmark = pytest.mark.timeout(240)

LIFETIME = 0.4
LATE = 3.0
"""Seconds that a busy machine may be late with a release."""


@dataclass
class Load:
    """Searches from several clients until it is stopped: when they were answered, and how many were cut off."""

    port: int
    kind: str = "replace"
    clients: int = 2
    answered: list[float] = field(default_factory=list)
    cut: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Load:
        self._threads = [threading.Thread(target=self._search) for _ in range(self.clients)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _search(self) -> None:
        client = Client(self.port)
        while not self._stop.is_set():
            try:
                client.get(SEARCHES[self.kind])
                self.answered.append(time.time())
            except ConnectionRefusedError:
                return
            except OSError:
                self.cut += 1
        client.close()


def cpu_seconds(process: int) -> float:
    """The CPU time of a process so far, user and system."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_kill_of_the_service_loses_what_was_not_released_and_totals_go_on(
    serve: Serve, tmp_path: Path
) -> None:
    file = tmp_path / "history.sqlite"
    config = {"history": {"file": str(file)}, "tickets": {"lifetime": f"{LIFETIME * 1000:.0f}ms"}}
    kept: list[dict[tuple[str, ...], int]] = []
    for _ in range(3):
        running = serve(config, "--workers", "2")
        # What was released before stands there from the first scrape.
        before = running.samples()
        assert before["interceptor_release_windows_total"] >= len(kept)
        whole = [window["searches",] for window in windows_in(file)] if kept else []
        assert before["interceptor_searches_total"] == sum(whole)  # nothing has been searched since
        with Load(running.port) as load:
            until(lambda: running.windows_released() >= len(kept) + 3, "three windows")  # noqa: B023
            seen = running.samples()
            killed = time.time()
            os.kill(running.process.pid, signal.SIGKILL)
        running.stop(signal.SIGKILL)
        ends, after = ends_in(file), windows_in(file)
        # All that was ever shown is there, whole.
        assert after[: len(kept)] == kept
        assert len(after) >= seen["interceptor_release_windows_total"]
        assert sum(window["searches",] for window in after) >= seen["interceptor_searches_total"]
        warned = decided = 0
        for window in after:  # a window that closes between a decision and its warning parts them
            warned += window["warnings", "harm-legal"]
            decided += window["interventions", "replace", "seeking"]
            assert warned <= decided
        # Every search that was answered before the end of the last released window is in the history.
        new = sum(window["searches",] for window in after[len(kept) :])
        assert sum(when <= ends[-1] for when in load.answered) <= new <= len(load.answered) + load.cut
        # And that window is the one before those that were open or waited for their tickets.
        assert killed - ends[-1] < 1 + 1 + 1.5 * LIFETIME + LATE
        assert not [path for path in tmp_path.iterdir() if "damaged" in path.name]
        kept = after


def test_a_killed_worker_takes_no_count_with_it(serve: Serve) -> None:
    running = serve({"tickets": {"lifetime": "2s"}}, "--workers", "3")
    with Load(running.port, clients=4) as load:
        for _ in range(4):
            before = running.children()
            enough = len(load.answered) + 200
            until(lambda: len(load.answered) >= enough, "searches")  # noqa: B023
            os.kill(min(before), signal.SIGKILL)
            until(lambda: len(now := running.children()) == 3 and now != before, "another")  # noqa: B023
    answered, cut = len(load.answered), load.cut
    print(f"{answered} answered, {cut} cut off")
    assert 0 < cut <= 4 * load.clients
    until(
        lambda: running.counted("warnings", message="harm-legal") >= answered, "the warnings to be released"
    )
    running.until_window()
    for name, labels in (
        ("searches", {}),
        ("interventions", {"action": "replace", "category": "seeking"}),
        ("warnings", {"message": "harm-legal"}),
        ("warnings_by_language", {"language": "en"}),
    ):
        assert answered <= running.counted(name, **labels) <= answered + cut, name


def test_the_service_is_there_again_soon_after_a_kill(tmp_path: Path) -> None:
    """With the lists that come with it and 100 windows: 2 s are promised of a machine that does nothing else."""
    file = tmp_path / "history.sqlite"
    config: dict[str, object] = {
        "lists": [],
        "history": {"file": str(file)},
        "privacy": {"window": "24h", "release": "private"},
    }
    history, day = History.open(file, timedelta(days=730)), 86_400.0
    today = time.time() // day
    values: dict[tuple[str, ...], int] = {("clicks", f"message-{number}"): number for number in range(100)}
    for back in range(100, 0, -1):
        start_time = (today - back) * day
        history.append(ReleasedWindow(start_time, start_time + day, "fixed", 1.0, values, {"clicks": 4.7}))
    for _ in range(2):
        began = time.monotonic()
        running = start(tmp_path, config, "--workers", "1")
        taken, spent = time.monotonic() - began, cpu_seconds(running.process.pid)
        print(f"ready after {taken:.2f} s, {spent:.2f} s of CPU")
        try:
            assert running.windows_released() == 100
            # Half of it is the interpreter's imports; a machine that others use makes the same work cost more.
            assert spent < 4
        finally:
            running.stop(signal.SIGKILL)
