"""Windows out of a real Prometheus server, which scraped what the service really shows."""

from __future__ import annotations

import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from socket import socket

import pytest

from interceptor.config import FaultPolicy, Mode, Privacy
from interceptor.counting.budget import Budget
from interceptor.counting.cells import Cells
from interceptor.counting.exposition import State, exposition
from interceptor.counting.families import Families
from interceptor.counting.release import Before, Release, buffers
from interceptor.counting.released import ReleasedWindow
from interceptor.counting.windows import Windows
from interceptor.report.sources import prometheus
from interceptor.report.windows import merged
from interceptor.ticket import GRAINS

pytestmark = pytest.mark.skipif(
    not shutil.which("prometheus") or not shutil.which("promtool"),
    reason="Debian's package prometheus is missing",
)

LENGTH = timedelta(hours=6)
LATE = 5_400  # a window waits so long for its tickets
SCRAPE = 60
START = 1_790_000_000 // 21_600 * 21_600
FAMILIES = Families(messages=("a", "b"), languages=("en",), resources=("crisis",))


class Instance:
    """A service that releases windows, and what it shows at each scrape."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.released: list[ReleasedWindow] = []
        self.lines: list[str] = []
        self._cells = Cells(1, len(FAMILIES), buffers(LENGTH.total_seconds(), 900.0 * GRAINS))
        self._start(Before.nothing(len(FAMILIES)))

    def _start(self, before: Before) -> None:
        self._release = Release(self._cells, FAMILIES, Budget.of(Privacy()), Windows(LENGTH), before)

    def run(self, first: float, last: float) -> None:
        """Serve from ``first`` to ``last``, scraped each minute."""
        plan = "weighted-1"
        self._release.open(first, plan, {"a": 0.5, "b": 0.5})
        closed: float | None = None
        now = first
        while now < last:
            for column in range(0, len(FAMILIES), 3):
                self._cells.add(0, column)
            if self._release.is_over(now):
                closed = self._release.end()
                plan = "weighted-2" if now > START + 50_000 else plan
                self._release.close(0)
                self._release.open(now, plan, {"a": 0.5, "b": 0.5})
            if closed is not None and now >= closed + LATE:
                closed = None
                self.released += self._release.release_due(10_000)
            self.scrape(now, plan)
            now += SCRAPE
        # A stop cuts the open window short; the service lingers for one more scrape.
        self._release.close(0)
        self.released += self._release.release_due(None)
        self.scrape(now, plan)
        self._start(
            Before(
                self._release.released.totals,
                self._release.released.totals,
                self._release.released.last,
                self._release.released.windows,
            )
        )

    def scrape(self, now: float, plan: str) -> None:
        state = State("0.1.0", Mode.ENFORCE, plan, FaultPolicy.OPEN, True, ())
        page = exposition(FAMILIES, self._release.released, state).decode()
        for line in page.splitlines():
            if not line.startswith("#"):
                name, _, number = line.rpartition(" ")
                name, brace, labels = name.partition("{")
                labels = f'instance="{self.name}",job="interceptor"' + (f",{labels[:-1]}" if brace else "")
                self.lines.append(f"{name}{{{labels}}} {number} {now:.0f}")


@contextmanager
def serving(lines: list[str], folder: Path) -> Iterator[str]:
    """A Prometheus server that has scraped ``lines``."""
    text = folder / "scraped.txt"
    text.write_text("\n".join([*lines, "# EOF", ""]), "utf-8")
    data = folder / "data"
    subprocess.run(
        ["promtool", "tsdb", "create-blocks-from", "openmetrics", text, data], check=True, capture_output=True
    )
    (folder / "prometheus.yml").write_text("{}\n", "utf-8")
    with closing(socket()) as place:
        place.bind(("127.0.0.1", 0))
        port = place.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [
            "prometheus",
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={data}",
            "--storage.tsdb.retention.time=100y",
            f"--web.listen-address=127.0.0.1:{port}",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{url}/-/ready", timeout=5).close()
                break
            except OSError as fault:
                if isinstance(fault, urllib.error.HTTPError):
                    fault.close()
                assert time.monotonic() < deadline, "Prometheus does not start"
                assert server.poll() is None, "Prometheus has ended"
                time.sleep(0.1)
        yield url
    finally:
        server.terminate()
        server.wait()


def test_windows_of_replicas_are_those_that_were_released(tmp_path: Path) -> None:
    one, other = Instance("one:9464"), Instance("other:9464")
    hour = 3_600
    one.run(START + hour, START + 20 * hour)
    one.run(START + 20 * hour + 300, START + 34 * hour)  # begun anew with its history
    other.run(START + 2 * hour, START + 34 * hour)
    assert len(one.released) == 7
    assert len(other.released) == 6
    with serving(one.lines + other.lines, tmp_path) as url:
        found = prometheus.read(url, START, START + 40 * hour)
        alone = prometheus.read(url, START, START + 40 * hour, selector='instance="other:9464"')
    expected = [*one.released, *other.released]
    assert found.missed == 0
    assert len(found.windows) == len(expected)
    for mine, true in zip(merged(found.windows), merged(expected), strict=True):
        assert (mine.start, mine.end, mine.plan, mine.epsilon) == (
            true.start,
            true.end,
            true.plan,
            true.epsilon,
        )
        assert mine.values == true.values
        assert mine.stddev == pytest.approx(true.stddev)
    assert [window.values for window in alone.windows] == [window.values for window in other.released]


def test_windows_that_no_scrape_saw_are_told(tmp_path: Path) -> None:
    one = Instance("one:9464")
    one.run(START, START + 33 * 3_600)
    hole = range(START + 10 * 3_600, START + 22 * 3_600)
    kept = [line for line in one.lines if int(line.rpartition(" ")[2]) not in hole]
    with serving(kept, tmp_path) as url:
        found = prometheus.read(url, START, START + 40 * 3_600)
    assert len(one.released) == 6
    assert found.missed == 1
    assert len(found.windows) == 5
