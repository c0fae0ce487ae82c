"""Where windows are read from, and what becomes of files and servers that are not what they should be."""

from __future__ import annotations

import json
import math
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from released import NOISE, released

from interceptor.errors import CallError
from interceptor.history import History
from interceptor.report.exporting import as_csv, as_json
from interceptor.report.sources import csv_file, history_file, prometheus

WINDOWS = [
    released(
        20_000 + day,
        {
            ("searches",): 1_000 + day,
            ("interventions", "replace", "seeking"): 9 - day,
            ("warnings", "a"): 50,
            ("warnings", "neutral:ambiguous"): -3,
            ("returns", "a", "other"): 2,
        },
        noise={family: NOISE[family] for family in ("searches", "interventions", "warnings", "returns")},
        shares={"a": 0.25},
        epsilon=math.inf if day == 2 else 0.2,
    )
    for day in (0, 1, 1, 2)
]


def test_csv_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "windows.csv"
    path.write_text("".join(as_csv(WINDOWS)), "utf-8")
    assert csv_file.read(path) == WINDOWS
    assert path.read_text("utf-8").splitlines()[:3] == [
        "window,start,end,plan,epsilon,family,cell,value,noise_stddev,share",
        "1,2024-10-04T00:00:00Z,2024-10-05T00:00:00Z,weighted-0123456789,0.2,searches,,1000,28.3,",
        '1,2024-10-04T00:00:00Z,2024-10-05T00:00:00Z,weighted-0123456789,0.2,interventions,"replace,seeking",9,9.4,',
    ]


def test_csv_of_another_program_with_a_mark_and_other_columns_is_read(tmp_path: Path) -> None:
    path = tmp_path / "windows.csv"
    lines = "".join(as_csv(WINDOWS)).splitlines()
    marked = "\r\n".join([f"note,{lines[0]}", *(f"x,{line}" for line in lines[1:])])
    path.write_text(marked, "utf-8-sig")
    assert csv_file.read(path) == WINDOWS


def test_json_says_all(tmp_path: Path) -> None:
    data = json.loads(as_json(WINDOWS))
    assert len(data) == 4
    assert data[0]["counts"][1] == {"family": "interventions", "cell": ["replace", "seeking"], "value": 9}
    assert (data[0]["epsilon"], data[3]["epsilon"]) == (0.2, None)
    assert data[0]["noise_stddev"]["warnings"] == 14.1
    assert data[0]["shares"] == {"a": 0.25}


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        (lambda text: text.replace("noise_stddev,", ""), ":1", "has no column 'noise_stddev'"),
        (
            lambda text: text.replace(",family,cell", ",kind,what"),
            ":1",
            "has no column 'family' and no 'cell'",
        ),
        (lambda text: "", ":1", "has no column 'window' and no 'start'"),
        (lambda text: text.replace(",50,", ",5o,", 1), ":4", "something else"),
        (lambda text: text.replace(",50,", ",5.5,", 1), ":4", "something else"),
        (lambda text: text.replace("2024-10-04T", "04.10.2024 "), ":2", "something else"),
        (lambda text: text.replace(",28.3,", ",nan,", 1), ":2", "something else"),
        (lambda text: text.replace(",28.3,\n", "\n", 1), ":2", "something else"),
        (lambda text: text.replace(",28.3,\n", ",28.3,,,\n", 1), ":2", "something else"),
        (lambda text: text + text.splitlines()[-1] + "\n", ":22", "something else"),
        (lambda text: text.replace(",", ";"), ":1", "has no column"),
    ],
)
def test_a_csv_at_fault_is_told_with_its_line(
    tmp_path: Path, change: Callable[[str], str], place: str, said: str
) -> None:
    path = tmp_path / "windows.csv"
    path.write_text(change("".join(as_csv(WINDOWS))), "utf-8")
    with pytest.raises(csv_file.CsvError) as raised:
        csv_file.read(path)
    assert str(raised.value).startswith(f"{path}{place}: ")
    assert said in str(raised.value)


def test_what_is_no_csv_is_told(tmp_path: Path) -> None:
    with pytest.raises(csv_file.CsvError, match="cannot be read"):
        csv_file.read(tmp_path / "none.csv")
    path = tmp_path / "bytes.csv"
    path.write_bytes(b"\xff\xfe\x00window")
    with pytest.raises(csv_file.CsvError, match="is not UTF-8"):
        csv_file.read(path)


def test_a_history_is_read_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    history = History.open(path, timedelta(days=10_000))
    for window in WINDOWS:
        history.append(window)
    before = path.read_bytes()
    assert history_file.read(path) == WINDOWS
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["history.sqlite"]


def test_a_history_at_fault_is_told_and_stays_where_it_is(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="there is no such file"):
        history_file.read(tmp_path / "none.sqlite")

    path = tmp_path / "newer.sqlite"
    History.open(path, timedelta(days=1)).append(WINDOWS[0])
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(CallError, match="written by a newer version"):
        history_file.read(path)

    path.write_bytes(b"SQLite format 3\0" + bytes(4_000))
    with pytest.raises(CallError, match="damaged, or no history file"):
        history_file.read(path)
    path.write_text("lantern")
    with pytest.raises(CallError, match="damaged, or no history file"):
        history_file.read(path)

    empty = tmp_path / "other.sqlite"
    with sqlite3.connect(empty) as database:
        database.execute("CREATE TABLE lanterns (colour TEXT)")
    database.close()
    with pytest.raises(CallError, match="no such table"):
        history_file.read(empty)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["newer.sqlite", "other.sqlite"]


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, b"<html>a purple garden lantern</html>", "does not answer as Prometheus does"),
        (200, b"", "does not answer as Prometheus does"),
        (200, b"[]", "does not answer as Prometheus does"),
        (200, b'{"status": "error"}', "does not answer as Prometheus does"),
        (
            200,
            b'{"status": "success", "data": {"result": [{"metric": {}}]}}',
            "does not answer as Prometheus does",
        ),
        (
            200,
            b'{"status": "success", "data": {"result": [{"metric": {}, "values": [[1, "lantern"]]}]}}',
            "does not answer as Prometheus does",
        ),
        (401, b"no", "answers with status 401"),
        (503, b"", "answers with status 503"),
    ],
)
def test_a_server_that_answers_nonsense_is_told(status: int, body: bytes, said: str) -> None:
    with answering(status, body) as url, pytest.raises(CallError) as raised:
        prometheus.read(url, 0, 1_000)
    assert said in str(raised.value)
    assert "lantern" not in str(raised.value)


def test_a_server_that_is_not_there_is_told() -> None:
    with answering(200, b"") as url:
        pass
    with pytest.raises(CallError, match="cannot be reached"):
        prometheus.read(url, 0, 1_000)


@pytest.mark.parametrize("url", ["127.0.0.1:9090", "file:///etc/passwd", "http://", "http://h/?q=1"])
def test_what_is_no_address_of_a_server_is_told(url: str) -> None:
    with pytest.raises(CallError, match="is no address of a server"):
        prometheus.read(url, 0, 1_000)


def test_a_selector_is_labels_alone() -> None:
    with pytest.raises(CallError, match="--selector"):
        prometheus.read("http://127.0.0.1:9", 0, 1_000, selector="up} or {")


def test_a_server_that_knows_nothing_has_no_windows() -> None:
    with answering(200, b'{"status": "success", "data": {"resultType": "matrix", "result": []}}') as url:
        assert prometheus.read(url, 0, 10_000_000).windows == []
