"""An aiohttp handler behind the interceptor's middleware against the same behind one that only reads the query.

Ordinary queries alone, of words that no stand-in is made of: a query that matches is answered with a page of another
size, which is another handler. Two servers, one core each if there are two; wrk (Debian's package) loads them in turn,
and the median of the rounds' ratios counts. Processor time a request is told too, which other work on the machine
disturbs less than requests a second.

Processors that have nothing to do are kept awake meanwhile (`benchmarks.awake`). wrk waits for the server most of the
time: with processors that fall asleep, a loop that did nothing for 5 us, put in place of the interceptor, took 13 more
of the processor for a request.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import awake

SERVER = """
import sys
from aiohttp import web
from benchmarks import standins
from interceptor import Interceptor
from interceptor.adapters.aiohttp import setup
from interceptor.config import Config

PAGE = "<!doctype html><title>Results</title><p>one two three" * 40

async def search(request):
    return web.Response(text=PAGE, content_type="text/html")

@web.middleware
async def read_only(request, handler):
    request.query.get("q")
    return await handler(request)

app = web.Application()
app.router.add_get("/search", search)
if sys.argv[1] == "interceptor":
    setup(app, Interceptor(Config(), [standins.term_list(37_000)]))
else:
    app.middlewares.append(read_only)

async def started(app):
    print("ready", flush=True)

app.on_startup.append(started)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[2]), access_log=None, print=None)
"""

WRK = """
local words = {"weather", "tomorrow", "recipe", "bicycle", "history", "football", "train", "music", "python", "paint"}
local n = 0
request = function()
  n = n + 1
  local q = words[n % 10 + 1] .. "+" .. words[math.floor(n / 10) % 10 + 1] .. "+" .. n
  return wrk.format("GET", "/search?q=" .. q)
end
"""


@contextmanager
def server(kind: str, port: int) -> Iterator[int]:
    """Run one of the two servers; gives the number of its process."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, kind, str(port)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        if process.stdout.readline().strip() != "ready":
            raise SystemExit("the server did not start")
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def processor_seconds(process: int) -> float:
    """What ``process`` has taken of the processor so far (proc_pid_stat(5))."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load(port: int, process: int, script: Path, seconds: int) -> tuple[float, float]:
    """Requests a second that the server at ``port`` answers, and its processor time a request in microseconds."""
    before = processor_seconds(process)
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "-s", str(script), f"http://127.0.0.1:{port}"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output:
        raise SystemExit("the server answered with errors")
    spent = processor_seconds(process) - before
    rate, count = (
        re.search(pattern, output) for pattern in (r"Requests/sec:\s+([\d.]+)", r"(\d+) requests in")
    )
    assert rate is not None and count is not None
    return float(rate[1]), spent / int(count[1]) * 1e6


def run(rounds: int = 9, seconds: int = 2) -> dict[str, float]:
    """Measure; returns requests a second and the ratio."""
    with (
        awake.processors(),
        tempfile.TemporaryDirectory() as folder,
        server("interceptor", 18101) as ours,
        server("bare", 18102) as bare,
    ):
        processes = {18101: ours, 18102: bare}
        script = Path(folder) / "queries.lua"
        script.write_text(WRK)
        for port, process in processes.items():
            load(port, process, script, 1)
        pairs = []
        for number in range(rounds):
            order = (18101, 18102) if number % 2 else (18102, 18101)
            rates = {port: load(port, processes[port], script, seconds) for port in order}
            pairs.append((rates[18101], rates[18102]))
    return {
        "with the interceptor, requests/s": statistics.median(ours[0] for ours, _ in pairs),
        "reading only, requests/s": statistics.median(bare[0] for _, bare in pairs),
        "ratio": statistics.median(ours[0] / bare[0] for ours, bare in pairs),
        "with it, us of processor": statistics.median(ours[1] for ours, _ in pairs),
        "reading only, us of processor": statistics.median(bare[1] for _, bare in pairs),
        "ratio of the latter to the former": statistics.median(bare[1] / ours[1] for ours, bare in pairs),
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=2)
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed: apt install wrk")
    for name, value in run(options.rounds, options.seconds).items():
        print(f"{name:>34}  {value:,.3f}")


if __name__ == "__main__":
    main()
