import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass
class Demo:
    process: subprocess.Popen[str]
    output: str
    folder: Path

    @property
    def searches(self) -> list[str]:
        return re.findall(r"http://\S+/search\?q=\S+", self.output)

    @property
    def base(self) -> str:
        return self.searches[0].partition("/search")[0]

    @property
    def metrics(self) -> str:
        match = re.search(r"http://\S+/metrics", self.output)
        assert match
        return match[0]

    def stop(self) -> str:
        """Press Ctrl-C, as a terminal does: every process of the foreground group gets the signal."""
        os.killpg(self.process.pid, signal.SIGINT)
        rest, _ = self.process.communicate(timeout=30)
        return rest


@contextlib.contextmanager
def run_demo(folder: Path, *arguments: str) -> Iterator[Demo]:
    process = subprocess.Popen(
        [sys.executable, "-m", "interceptor", "demo", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env=os.environ | {"HOME": str(folder), "TMPDIR": str(folder)},
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        output = ""
        while "Ctrl-C" not in output:
            line = process.stdout.readline()
            assert line, f"the demo ended: {output}"
            output += line
        yield Demo(process, output, folder)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        assert process.stdout is not None
        process.stdout.close()


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as response:
        assert response.status == 200
        return str(response.read().decode())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    arguments = ("--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0")
    with run_demo(tmp_path_factory.mktemp("demo"), *arguments) as running:
        yield running


def test_the_three_searches_do_what_they_are_said_to(demo: Demo) -> None:
    ordinary, seeking, question = map(fetch, demo.searches)
    assert "zipfile" in ordinary
    assert "_interceptor/" not in ordinary
    assert "_interceptor/" in seeking
    assert 'name="q" value="child sexual' not in seeking
    assert "_interceptor/" in question
    assert "<ol>" in question, "the engine's results stay"


def test_an_ordinary_page_has_no_trace_of_the_interceptor(demo: Demo) -> None:
    with urllib.request.urlopen(demo.searches[0], timeout=30) as response:
        names = {name.lower() for name in response.headers}
    assert not {name for name in names if "interceptor" in name or "via" in name}


def test_counts_come_with_the_end_of_a_window(demo: Demo) -> None:
    fetch(demo.searches[1])
    deadline = time.monotonic() + 60
    while not re.search(
        r'interventions_total\{action="replace",category="seeking"\} [1-9]', fetch(demo.metrics)
    ):
        assert time.monotonic() < deadline, "no window closed within a minute"
        time.sleep(0.5)


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    with run_demo(tmp_path, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0") as demo:
        fetch(demo.searches[0])
        # Every process of the demo holds this output: that it ends tells that all of them have.
        rest = demo.stop()
        assert demo.process.returncode == 0
        assert "Nothing is left behind" in rest
        assert "Traceback" not in rest
        assert list(tmp_path.iterdir()) == []
        with pytest.raises(OSError, match="refused"):
            urllib.request.urlopen(demo.base, timeout=5)


def test_taken_ports_give_way_to_free_ones(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        for port in (8080, 9464):
            with contextlib.suppress(OSError):  # taken by somebody else: just as well
                stack.enter_context(socket.create_server(("127.0.0.1", port)))
        demo = stack.enter_context(run_demo(tmp_path))
        assert not demo.base.endswith(":8080")
        assert ":9464" not in demo.metrics
        fetch(demo.searches[0])
        demo.stop()


def test_an_address_that_was_asked_for_has_to_be_free(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        result = subprocess.run(
            [sys.executable, "-m", "interceptor", "demo", "--listen", address],
            capture_output=True,
            text=True,
            timeout=60,
            cwd=tmp_path,
        )
    assert result.returncode == 2
    assert f"cannot listen at {address}" in result.stderr
    assert "Traceback" not in result.stderr
