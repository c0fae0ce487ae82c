"""Released windows over restarts, and whatever can happen to their file."""

from __future__ import annotations

import logging
import math
import os
import random
import sqlite3
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from interceptor.counting.released import ReleasedWindow
from interceptor.history import History, Total, schema, store

DAY = 86_400.0
YEARS = timedelta(days=730)


def window(number: int, value: int = 5, epsilon: float = 1.0) -> ReleasedWindow:
    return ReleasedWindow(
        start=number * DAY,
        end=(number + 1) * DAY,
        plan="fixed-0123456789",
        epsilon=epsilon,
        values={("searches",): value, ("interventions", "replace", "seeking"): -number},
        stddev={"searches": 28.28, "interventions": 9.4},
        shares={"harm-legal": 1.0},
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


@pytest.fixture(params=["file", "memory"])
def history(request: pytest.FixtureRequest, file: Path) -> History:
    return History.open(file if request.param == "file" else None, YEARS)


def test_windows_come_back_as_they_were_released(history: History) -> None:
    added = [window(1), window(2, epsilon=math.inf), window(2, value=-3), window(1, value=2**62)]
    assert history.windows() == []
    assert history.latest() is None
    for each in added:
        history.append(each)
        assert history.latest() == each
    assert history.windows() == added
    assert history.windows(since=2 * DAY) == added[1:3]
    assert history.windows(until=2 * DAY) == [added[0], added[3]]
    assert history.windows(since=3 * DAY) == []
    assert history.count == 4


def test_totals_are_sums_and_their_running_maximum(history: History) -> None:
    for value in (5, -9, 3, 2, 8):
        history.append(window(1, value))
    assert history.sums()["searches",] == Total(9, 9)
    history.append(window(1, -4))
    assert history.sums() == {
        ("searches",): Total(5, 9),
        ("interventions", "replace", "seeking"): Total(-6, 0),
    }


def test_it_goes_on_after_a_restart(file: Path) -> None:
    for number in range(6):
        history = History.open(file, YEARS)
        assert history.count == number
        history.append(window(number))
    again = History.open(file, YEARS)
    assert again.windows() == [window(number) for number in range(6)]
    assert again.latest() == window(5)
    assert again.sums()["searches",] == Total(30, 30)


def test_between_windows_the_history_is_one_file_for_its_owner(file: Path) -> None:
    before = os.umask(0)
    try:
        history = History.open(file, YEARS)
    finally:
        os.umask(before)
    history.append(window(1))
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    with sqlite3.connect(file) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert schema.version(database) == len(schema.MIGRATIONS)
    database.close()


def test_old_windows_go_and_totals_stay(history: History) -> None:
    history._keep = timedelta(days=10)
    for number in range(100):
        history.append(window(number))
    kept = [each.end / DAY for each in history.windows()]
    assert kept == list(range(84, 101))  # ten days, counted from the window seven before the newest
    assert history.sums()["searches",] == Total(500, 500)
    assert history.count == 100


@pytest.mark.parametrize("jumps", [1, 6])
def test_a_clock_that_was_wrong_for_some_windows_makes_nothing_old(history: History, jumps: int) -> None:
    history._keep = timedelta(days=30)
    right = [window(number) for number in range(20)]
    for each in right:
        history.append(each)
    for number in range(jumps):
        history.append(window(50_000 + number))
    history.append(window(20))
    assert history.windows(until=100 * DAY) == [*right, window(20)]


def damage(file: Path, kind: str) -> None:
    if kind == "text":
        file.write_text("this is no database, but the notes of somebody who chose the wrong name\n" * 90)
    elif kind == "cut":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    elif kind == "scrambled":
        content = bytearray(file.read_bytes())
        content[4096:] = random.Random(1).randbytes(len(content) - 4096)
        file.write_bytes(content)
    elif kind == "newer":
        with sqlite3.connect(file) as database:
            database.execute("PRAGMA user_version = 99")
        database.close()
    elif kind == "other":
        file.unlink()
        with sqlite3.connect(file) as database:
            database.execute("CREATE TABLE windows (id INTEGER)")
        database.close()
    elif kind == "nonsense":
        with sqlite3.connect(file) as database:
            database.execute("UPDATE totals SET sum = 'many'")
        database.close()


@pytest.mark.parametrize("kind", ["text", "cut", "scrambled", "newer", "other", "nonsense"])
def test_a_file_that_cannot_be_used_is_set_aside_and_said(
    file: Path, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    before = History.open(file, YEARS)
    for number in range(60):
        before.append(window(number))
    damage(file, kind)
    content = file.read_bytes()
    history = History.open(file, YEARS)
    assert history.count == 0 and history.sums() == {}
    (aside,) = [path for path in file.parent.iterdir() if path != file]
    assert aside.name.startswith(f"history.sqlite.{'newer' if kind == 'newer' else 'damaged'}-")
    assert aside.read_bytes() == content
    assert f"it is set aside as {aside.name}" in caplog.text
    history.append(window(7))
    assert History.open(file, YEARS).windows() == [window(7)]


def test_an_empty_file_is_a_new_one(file: Path) -> None:
    file.touch()
    history = History.open(file, YEARS)
    history.append(window(1))
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("place", ["folder", "below a file", "no such folder"])
def test_where_no_file_can_be_made_windows_stay_in_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, place: str
) -> None:
    (tmp_path / "file").touch()
    paths = {
        "folder": tmp_path,
        "below a file": tmp_path / "file" / "h",
        "no such folder": tmp_path / "none" / "h",
    }
    history = History.open(paths[place], YEARS)
    assert "the history cannot be used" in caplog.text
    for number in range(3):
        history.append(window(number))
    assert history.windows() == [window(number) for number in range(3)]
    assert history.sums()["searches",] == Total(15, 15)
    assert "3 windows wait in memory and are tried again" in caplog.text


def test_a_folder_that_comes_back_gets_what_waited(tmp_path: Path) -> None:
    folder = tmp_path / "mounted"
    history = History.open(folder / "h", YEARS)
    history.append(window(1))
    folder.mkdir()
    history.append(window(2))
    assert History.open(folder / "h", YEARS).windows() == [window(1), window(2)]
    assert history.windows() == [window(1), window(2)]


FULL = """
import resource, signal, sys
from datetime import timedelta
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_history import window
from interceptor.history import History
file = Path(sys.argv[1])
history = History.open(file, timedelta(days=730))
history.append(window(0))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size, resource.RLIM_INFINITY))
for number in range(1, 40):
    history.append(window(number))
assert history.windows()[-1] == window(39)
assert history.count == 40
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
history.append(window(40))
assert History.open(file, timedelta(days=730)).windows() == [window(number) for number in range(41)]
"""


def test_a_full_disk_loses_nothing_that_was_released(file: Path) -> None:
    # A limit on the size of files, as the kernel's answer to a write is that of a full disk: an error, half-way.
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(file), str(Path(__file__).parent)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "the history cannot be written" in done.stderr


def test_a_locked_file_is_waited_for_and_then_tried_again(
    file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(store, "_PATIENCE", 0.05)
    history = History.open(file, YEARS)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    history.append(window(1))
    assert "1 windows wait" in caplog.text
    assert history.windows() == [window(1)]
    other.execute("ROLLBACK")
    other.close()
    history.append(window(2))
    assert History.open(file, YEARS).windows() == [window(1), window(2)]


KILLED = """
import os, sys
from datetime import timedelta
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_history import window
from interceptor.history import History
history = History.open(Path(sys.argv[1]), timedelta(days=730))
number = history.count
while True:
    history.append(window(number))
    number += 1
    print(number, flush=True)
"""


def test_a_kill_loses_nothing_that_was_appended(file: Path) -> None:
    for _ in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, str(file), str(Path(__file__).parent)],
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            said = 0
            for _ in range(random.Random(said).randrange(3, 9)):
                said = int(process.stdout.readline())
            process.kill()
            rest = process.stdout.read().split()
        said = int(rest[-1]) if rest else said
        history = History.open(file, YEARS)
        assert history.count in (said, said + 1)  # it was killed before it could say so
        assert history.windows() == [window(number) for number in range(history.count)]
        assert history.sums()["searches",].sum == 5 * history.count
    assert not [path for path in file.parent.iterdir() if "damaged" in path.name]


def test_ten_years_of_windows_are_opened_at_once(file: Path) -> None:
    history = History.open(file, timedelta(days=4_000))
    many = ReleasedWindow(0, 1, "p", 1.0, {("f", str(cell)): cell for cell in range(150)}, {"f": 1.0})
    history._waiting = [many] * 3_650
    history.append(many)
    script = (
        "import sys, time; from datetime import timedelta; from pathlib import Path\n"
        "from interceptor.history import History\n"
        "began = time.monotonic(); History.open(Path(sys.argv[1]), timedelta(days=4000))\n"
        "print(time.monotonic() - began)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(file)], capture_output=True, text=True, timeout=60
    )
    assert float(done.stdout) < 1.0, done.stderr


def test_nothing_it_says_holds_a_value(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        history = History.open(file, YEARS)
        history.append(window(1, 123_456))
    assert caplog.text == ""
    assert repr(history) == "History(1 windows)"


def test_a_file_that_is_locked_at_the_start_keeps_its_totals(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_PATIENCE", 0.05)
    before = History.open(file, YEARS)
    for number in range(4):
        before.append(window(number))
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    history = History.open(file, YEARS)
    assert history.count == 0
    other.execute("ROLLBACK")
    other.close()
    history.append(window(4))
    assert history.count == 5
    assert history.sums()["searches",] == Total(25, 25)
    assert history.windows() == [window(number) for number in range(5)]
