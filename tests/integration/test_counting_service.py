"""Counting in the real service: exact under load, private by default, and whole over kills and stops."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from running import GARDEN, Running, until

Serve = Callable[..., Running]

SEARCHES = {
    "pass": b"/search?q=weather+tomorrow",
    "replace": b"/search?q=purple+garden+lantern",
    "annotate": b"/search?q=purple+garden+lantern+law",
}

QUIETLY = ["--config", "c.yaml", "--log-level", "debug", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]


class Client:
    """Searches over one connection after another; knows what was answered."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def get(self, target: bytes) -> bytes:
        """The whole answer, whose length the service states. Raises `OSError` where it does not come."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=20)
        try:
            self._socket.sendall(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % target)
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += self._receive()
            head, _, body = answer.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            while len(body) < length:
                body += self._receive()
        except OSError:
            self.close()
            raise
        return head + b"\r\n\r\n" + body

    def _receive(self) -> bytes:
        assert self._socket is not None
        if not (piece := self._socket.recv(65536)):
            raise ConnectionResetError
        return piece

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def in_threads(number: int, work: Callable[[int], None]) -> None:
    """Run ``work`` in so many threads at once; fail where one of them did."""
    faults: list[BaseException] = []

    def guarded(which: int) -> None:
        try:
            work(which)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=guarded, args=(which,)) for which in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


@pytest.mark.timeout(240)
def test_with_eight_workers_released_totals_are_what_was_sent_to_the_last_one(serve: Serve) -> None:
    running = serve({"tickets": {"lifetime": "12s"}, "privacy": {"window": "3s"}}, "--workers", "8")
    sent: Counter[str] = Counter()
    lock = threading.Lock()

    def load(_: int) -> None:
        client, mine = Client(running.port), Counter[str]()
        for number in range(1_000):
            kind = "pass" if number % 5 else ("annotate", "replace")[number // 5 % 2]
            answer = client.get(SEARCHES[kind])
            mine[kind] += 1
            if number % 200 == 5:
                ticket = answer.partition(b"/go/redirection/")[2].partition(b'"')[0]
                for _ in range(2):
                    client.get(b"/_interceptor/go/redirection/" + ticket)
                mine["click"] += 1
            if number % 100 == 50:
                client.get(b"/_interceptor/go/redirection/" + b"A" * 48)  # forged
            if number % 250 == 0:
                client.close()  # so that each worker gets some of each
        client.close()
        with lock:
            sent.update(mine)

    began = time.monotonic()
    in_threads(8, load)
    print(f"{sum(sent.values())} events in {time.monotonic() - began:.1f} s")
    searches = sent["pass"] + sent["replace"] + sent["annotate"]
    assert searches == 8_000
    deadline = time.monotonic() + 60
    while running.counted("warnings", message="harm-legal") < sent["replace"]:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    running.until_window()
    assert running.counted("searches") == searches
    assert running.counted("interventions", action="replace", category="seeking") == sent["replace"]
    assert running.counted("interventions", action="annotate", category="informational") == sent["annotate"]
    assert running.counted("warnings", message="harm-legal") == sent["replace"]
    assert running.counted("warnings_by_language", language="en") == sent["replace"]
    assert running.counted("clicks", message="harm-legal") == sent["click"]
    assert running.counted("clicks_by_resource", resource="redirection") == sent["click"]


def test_the_metrics_are_constant_within_a_window_under_load(serve: Serve) -> None:
    running = serve({"privacy": {"window": "1h", "release": "private"}}, "--workers", "2")
    pages = {running.metrics_text()}

    def load(which: int) -> None:
        client = Client(running.port)
        for number in range(150):
            if which == 0 and number % 15 == 0:
                pages.add(running.metrics_text())
            client.get(list(SEARCHES.values())[number % 3])
        client.close()

    in_threads(3, load)
    pages.add(running.metrics_text())
    # A window that ends just now is the one thing that may change it.
    assert len(pages) == 1 or running.windows_released() > 0


def test_a_private_release_says_what_it_is(serve: Serve) -> None:
    running = serve({"privacy": {"window": "1s", "release": "private"}, "tickets": {"lifetime": "400ms"}})
    until(lambda: running.windows_released() >= 4, "four windows")
    samples = running.samples()
    assert samples["interceptor_release_epsilon"] == 1
    assert samples['interceptor_release_noise_stddev{family="clicks"}'] == pytest.approx(4.696, abs=0.001)
    last = {name: value for name, value in samples.items() if name.startswith("interceptor_released{")}
    assert sum(value != 0 for value in last.values()) > len(last) / 4
    assert any(value < 0 for value in last.values())
    assert last['interceptor_released{cell="replace,informational",family="interventions"}'] == 0
    totals = [value for name, value in samples.items() if "_total" in name]
    assert min(totals) >= 0


def test_exact_counts_are_for_the_loopback_interface(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("privacy: {release: exact}")
    call = [sys.executable, "-m", "interceptor", "serve", "--config", str(tmp_path / "c.yaml")]
    call += ["--listen", "127.0.0.1:0", "--admin", "0.0.0.0:0"]
    done = subprocess.run(call, capture_output=True, text=True, timeout=60)
    assert done.returncode in (1, 2)
    assert "privacy.release is exact, and server.admin is not on the loopback interface" in done.stderr


def windows_in(file: Path) -> list[dict[tuple[str, ...], int]]:
    """What the history file holds, by its own reader's leave: read while the service writes it."""
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)
    try:
        rows = database.execute("SELECT cells FROM windows ORDER BY id").fetchall()
    finally:
        database.close()
    return [{tuple(cell): value for value, *cell in json.loads(text)} for (text,) in rows]


@pytest.mark.timeout(240)
def test_a_kill_under_load_loses_the_open_windows_alone_and_totals_go_on(
    serve: Serve, tmp_path: Path
) -> None:
    file = tmp_path / "history.sqlite"
    config = {"history": {"file": str(file)}, "tickets": {"lifetime": "400ms"}}
    answered = lost = 0
    for round_ in range(3):
        kept = windows_in(file) if file.exists() else []
        running = serve(config, "--workers", "2")
        # What was released before stands there from the first scrape.
        before = running.samples()
        assert before["interceptor_release_windows_total"] >= len(kept)
        assert before["interceptor_searches_total"] == sum(window["searches",] for window in kept)
        stop, counts, port = threading.Event(), [0, 0], running.port

        def load(
            which: int, port: int = port, stop: threading.Event = stop, counts: list[int] = counts
        ) -> None:
            client = Client(port)
            try:
                while not stop.is_set():
                    client.get(SEARCHES["replace"])
                    counts[which] += 1
            except OSError:
                pass
            finally:
                client.close()

        threads = [threading.Thread(target=load, args=(which,)) for which in (0, 1)]
        for thread in threads:
            thread.start()
        until(lambda: running.windows_released() >= len(kept) + 3, "three windows")  # noqa: B023
        seen = running.samples()
        os.kill(running.process.pid, signal.SIGKILL)
        stop.set()
        for thread in threads:
            thread.join()
        running.stop(signal.SIGKILL)
        answered += sum(counts)
        after = windows_in(file)
        # All that was ever shown is there, whole.
        assert len(after) >= seen["interceptor_release_windows_total"]
        assert sum(window["searches",] for window in after) >= seen["interceptor_searches_total"]
        assert after[: len(kept)] == kept
        for window in after:
            assert window["warnings", "harm-legal"] <= window["interventions", "replace", "seeking"]
        lost = answered - sum(window["searches",] for window in after)
        assert lost >= -2  # one answer of each client may have been cut off after it was counted
        answered -= lost
        assert not [path for path in tmp_path.iterdir() if "damaged" in path.name], round_
    assert lost < answered


def test_a_stop_releases_the_window_that_it_cuts_short_and_waits_for_a_scrape(
    serve: Serve, tmp_path: Path
) -> None:
    file = tmp_path / "history.sqlite"
    running = serve({"privacy": {"window": "1h", "linger": "20s"}, "history": {"file": str(file)}})
    client = Client(running.port)
    ticket = client.get(SEARCHES["replace"]).partition(b"/go/redirection/")[2].partition(b'"')[0]
    client.get(b"/_interceptor/go/redirection/" + ticket)
    client.close()
    end = running.next_release()
    running.process.send_signal(signal.SIGTERM)
    until(lambda: file.exists() and windows_in(file) != [], "the last window")
    assert running.process.poll() is None
    last = running.samples()
    assert last["interceptor_searches_total"] == 1
    assert last['interceptor_clicks_total{message="harm-legal"}'] == 1
    assert running.process.wait(10) == 0  # it has been scraped
    (window,) = windows_in(file)
    assert window["clicks_by_resource", "redirection"] == 1
    database = sqlite3.connect(file)
    assert database.execute("SELECT end_time FROM windows").fetchall() == [(end,)]
    database.close()


def test_a_stop_that_nobody_scrapes_does_not_wait_for_ever(serve: Serve) -> None:
    running = serve({"privacy": {"linger": "300ms"}})
    began = time.monotonic()
    assert running.stop() == 0
    assert time.monotonic() - began < 15


def test_a_search_changes_no_file_and_no_line_of_the_log(tmp_path: Path) -> None:
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "garden.yaml").write_text(GARDEN)
    told = []
    for name, searches in (("quiet", 0), ("loud", 30)):
        folder = tmp_path / name
        folder.mkdir()
        tree = {"lists": str(lists), "history": {"file": "history.sqlite"}, "privacy": {"linger": "0s"}}
        (folder / "c.yaml").write_text(yaml.safe_dump(tree))
        with subprocess.Popen(
            [sys.executable, "-m", "interceptor", "serve", *QUIETLY],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout is not None
            line = ""
            while "serving at" not in line:
                line = process.stdout.readline()
                assert line, "the service ended"
            client = Client(int(line.partition("serving at 127.0.0.1:")[2].partition(";")[0]))
            for _ in range(searches):
                client.get(SEARCHES["replace"])
            client.close()
            process.send_signal(signal.SIGTERM)
            rest = process.stdout.read()
            assert process.wait(30) == 0
        (window,) = windows_in(folder / "history.sqlite")
        files = {path.name: path.stat().st_size for path in folder.rglob("*") if path.is_file()}
        told.append((rest, sorted(files), sorted(window)))
    assert told[0] == told[1]
