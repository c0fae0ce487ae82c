"""Counting in the real service: exact under load, private by default, and whole over kills and stops."""

from __future__ import annotations

import itertools
import re
import signal
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
from history_file import windows_in
from running import GARDEN, Running, until
from searching import SEARCHES, Client, in_threads

Serve = Callable[..., Running]

_windows = re.compile(r"^interceptor_release_windows_total (\S+)$", re.MULTILINE)

QUIETLY = ["--config", "c.yaml", "--log-level", "debug", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]


LOAD_SECONDS, FEWEST_SEARCHES = 30.0, 4_000


@pytest.mark.timeout(240)
def test_with_eight_workers_released_totals_are_what_was_sent_to_the_last_one(serve: Serve) -> None:
    running = serve({"tickets": {"lifetime": "6s"}, "privacy": {"window": "2s"}}, "--workers", "8")
    sent: Counter[str] = Counter()
    lock = threading.Lock()
    began = time.monotonic()

    def load(_: int) -> None:
        client, mine = Client(running.port), Counter[str]()
        for number in itertools.count():
            if time.monotonic() - began > LOAD_SECONDS:
                break
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

    in_threads(8, load)
    searches = sent["pass"] + sent["replace"] + sent["annotate"]
    print(f"{searches} searches in {time.monotonic() - began:.1f} s")
    assert searches >= FEWEST_SEARCHES
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


@pytest.mark.parametrize("release", ["exact", "private"])
def test_the_metrics_are_constant_within_a_window_under_load(serve: Serve, release: str) -> None:
    running = serve(
        {"privacy": {"window": "2s", "release": release}, "tickets": {"lifetime": "400ms"}}, "--workers", "2"
    )
    stop, searches, pages = threading.Event(), [0, 0], list[str]()

    def load(which: int) -> None:
        client = Client(running.port)
        while not stop.is_set():
            client.get(list(SEARCHES.values())[searches[which] % 3])
            searches[which] += 1
        client.close()

    def scrape(_: int) -> None:
        try:
            released = running.windows_released()
            while running.windows_released() < released + 4:
                pages.extend(running.metrics_text() for _ in range(10))
        finally:
            stop.set()

    in_threads(3, lambda which: scrape(which) if which == 2 else load(which))
    closes = {match[1] for page in pages for match in _windows.finditer(page)}
    print(f"{sum(searches)} searches, {len(pages)} scrapes, {len(closes)} windows")
    # Every octet: from one release to the next there is one page.
    assert 4 <= len(closes) == len(set(pages)) < len(pages) / 4


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
