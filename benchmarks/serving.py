"""What the sidecar costs, beside bare aiohttp servers that do the same work without deciding anything.

Four ratios, each the median over rounds of requests a second, in turn, in one run: the reverse proxy to a bare
aiohttp streaming proxy; ``authz/auth-request`` to a bare aiohttp handler that parses the same input and sends the same
headers, asked directly and by nginx as it ships in ``deploy/nginx``; 2 and 4 workers to one, of the reverse proxy and
of ``authz/auth-request``. Beside requests a second stand those for the same processor time of the server, which other
work on the machine disturbs less. Then, at 70 % of the most requests a second, the 99th percentile of latency while
lists are reloaded every five seconds to that of the steady state, and, where asked for, a soak at the same load, with
the memory of every process. All with 37,000 stand-in terms in compiled form, on uvloop. Where there are two cores or
more, servers (nginx among them) run on the first, the engine and wrk (Debian's package) on the others, except for the
comparison of workers.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import yaml

from benchmarks import standins
from benchmarks.drill_site import free_port, nginx_configuration
from benchmarks.processes import called, children
from interceptor.matching import compiled

TERMS = 37_000
CONNECTIONS = 16
LOAD = 0.7
"""The share of the most requests a second at which a service is looked at that is not at its end."""
RELOADING, RELOAD_EVERY = 15.0, 5.0
"""Seconds of one look at reloads, and from one reload to the next."""

Both = tuple[float, float, float, float]
"""Medians of ours and of the one beside it, of their ratio, and of that for the same processor time."""

ENGINE = """
import asyncio, sys, uvloop
PAGE = b"<!doctype html><title>Results</title><p>one two three" * 40
ANSWER = b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (len(PAGE), PAGE)

class Talk(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
    def data_received(self, data):
        self.transport.write(ANSWER * data.count(b"\\r\\n\\r\\n"))

async def main():
    server = await asyncio.get_running_loop().create_server(Talk, "127.0.0.1", int(sys.argv[1]))
    print("ready", flush=True)
    await server.serve_forever()

uvloop.run(main())
"""

BARE = """
import asyncio, json, sys, uvloop
from urllib.parse import parse_qs, urlsplit
import aiohttp
from aiohttp import web

kind, port, argument = sys.argv[1], int(sys.argv[2]), sys.argv[3]
DROPPED = {"connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer", "host"}

async def proxy(request):
    headers = {name: value for name, value in request.headers.items() if name.lower() not in DROPPED}
    async with request.app["session"].request(
        request.method, argument + request.raw_path, headers=headers, allow_redirects=False
    ) as answer:
        fields = {name: value for name, value in answer.headers.items() if name.lower() not in DROPPED}
        response = web.StreamResponse(status=answer.status, headers=fields)
        await response.prepare(request)
        async for piece in answer.content.iter_any():
            await response.write(piece)
        await response.write_eof()
        return response

async def authz(request):
    parse_qs(urlsplit(request.headers["X-Original-URI"]).query).get("q")
    request.headers["X-Original-Method"]
    return web.Response(headers=FIELDS)

async def started(app):
    app["session"] = aiohttp.ClientSession(auto_decompress=False, connector=aiohttp.TCPConnector(limit=512))
    print("ready", flush=True)

FIELDS = json.loads(argument) if kind == "authz" else {}
app = web.Application()
app.router.add_route("*", "/{tail:.*}", proxy if kind == "proxy" else authz)
app.on_startup.append(started)
uvloop.install()
web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None)
"""

WRK = """
local words = {"weather", "tomorrow", "recipe", "bicycle", "history", "football", "train", "music", "python", "paint"}
local n = 0
request = function()
  n = n + 1
  local target = "/search?q=" .. words[n %% 10 + 1] .. "+" .. words[math.floor(n / 10) %% 10 + 1] .. "+" .. n
  if %(authz)s then
    return wrk.format("GET", "/_interceptor/authz/auth-request",
      {["X-Original-URI"] = target, ["X-Original-Method"] = "GET"})
  end
  return wrk.format("GET", target)
end
%(more)s
"""


def cores() -> tuple[set[int], set[int]]:
    """The cores of servers and those of all else; the same where there is but one."""
    first, *others = sorted(os.sched_getaffinity(0))
    return {first}, set(others) or {first}


@contextmanager
def program(code: str, *arguments: str, on: set[int]) -> Iterator[subprocess.Popen[str]]:
    """Run Python ``code`` on the cores ``on`` until it is ready, and to the end of the context."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # tracebacks of connections that wrk cuts at its end
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, on),
    )
    with ending(process):
        yield process


@contextmanager
def ending(process: subprocess.Popen[str]) -> Iterator[None]:
    """Wait for a server's first line; end it with the context."""
    try:
        assert process.stdout is not None
        if not process.stdout.readline():
            raise SystemExit("a server did not start")
        yield
    finally:
        process.terminate()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@contextmanager
def sidecar(folder: Path, engine: int, *, workers: int = 1, on: set[int]) -> Iterator[tuple[int, int]]:
    """Run ``interceptor serve``; yields its port and its process id."""
    port, admin = free_port(), free_port()
    tree = {
        "lists": str(folder / "lists.compiled"),
        "authz": {"auth_request": {"enabled": True}},
        "privacy": {"linger": "0s"},
        "server": {
            "listen": f"127.0.0.1:{port}",
            "admin": f"127.0.0.1:{admin}",
            "upstream": f"http://127.0.0.1:{engine}",
            "workers": workers,
        },
    }
    config = folder / f"{port}.yaml"
    config.write_text(yaml.safe_dump(tree))
    process = subprocess.Popen(
        [sys.executable, "-m", "interceptor", "serve", "--config", str(config), "--log-level", "error"],
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, on),
    )
    with ending(process):
        yield port, process.pid


@contextmanager
def nginx(folder: Path, handler: int, engine: int, on: set[int]) -> Iterator[int]:
    """Run nginx as it ships, which asks at port ``handler`` before it forwards to ``engine``; yields its port."""
    program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    assert program is not None
    port = free_port()
    folder.mkdir()
    nginx_configuration(folder, "open", port, handler, engine)
    process = subprocess.Popen(
        [program, "-p", str(folder), "-c", str(folder / "nginx.conf")],
        preexec_fn=lambda: os.sched_setaffinity(0, on),
    )
    try:
        deadline = time.monotonic() + 20.0
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/search?q=weather").close()
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise SystemExit("nginx did not start") from None
                time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait()


class Wrk:
    """Loads a server; its scripts lie in ``folder``."""

    def __init__(self, folder: Path, on: set[int]) -> None:
        self._folder, self._on = folder, on

    def __call__(
        self,
        port: int,
        seconds: float,
        *,
        authz: bool = False,
        connections: int = CONNECTIONS,
        delay: float = 0.0,
    ) -> tuple[float, float]:
        """Requests a second and the 99th percentile of latency in milliseconds; ``delay`` waits between requests."""
        more = f"delay = function() return {delay:.0f} end" if delay else ""
        script = self._folder / f"{authz}-{bool(delay)}.lua"
        script.write_text(WRK % {"authz": str(authz).lower(), "more": more})
        done = subprocess.run(
            [
                *("wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--latency"),
                *("-s", str(script), f"http://127.0.0.1:{port}"),
            ],
            capture_output=True,
            text=True,
            check=True,
            preexec_fn=lambda: os.sched_setaffinity(0, self._on),
        ).stdout
        if "Non-2xx" in done or "Socket errors" in done:
            raise SystemExit(f"errors under load:\n{done}")
        rate, late = re.search(r"Requests/sec:\s+([\d.]+)", done), re.search(r"99%\s+([\d.]+)(us|ms|s)", done)
        assert rate is not None
        assert late is not None
        return float(rate[1]), float(late[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[late[2]]

    def rate(self, port: int, seconds: float, *, authz: bool) -> float:
        """Requests a second."""
        return self(port, seconds, authz=authz)[0]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two servers that are compared: where it listens, and its process, whose time is counted."""

    port: int
    process: int

    def spent(self) -> int:
        """Clock ticks that the process has taken so far."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])


def by_time(wrk: Wrk, ours: Side, bare: Side, seconds: float, rounds: int, *, authz: bool) -> Both:
    """Requests a second, and in the last place the ratio of those for the same processor time."""
    costs: dict[Side, list[float]] = {ours: [], bare: []}

    def load(side: Side) -> float:
        before = side.spent()
        rate = wrk.rate(side.port, seconds, authz=authz)
        costs[side].append((side.spent() - before) / rate)
        return rate

    found = ratio(lambda: load(ours), lambda: load(bare), rounds)
    pairs = list(zip(costs[bare], costs[ours], strict=True))[1:]
    return *found, statistics.median(other / own for other, own in pairs)


def ratio(ours: Callable[[], float], bare: Callable[[], float], rounds: int) -> tuple[float, float, float]:
    """Medians of both and of their ratio, measured in turn."""
    pairs = []
    for number in range(rounds + 1):
        if number % 2:
            first = ours()
            pairs.append((first, bare()))
        else:
            second = bare()
            pairs.append((ours(), second))
    pairs = pairs[1:]  # the first warms both up
    return (
        statistics.median(ours for ours, _ in pairs),
        statistics.median(bare for _, bare in pairs),
        statistics.median(ours / bare for ours, bare in pairs),
    )


def show(name: str, ours: float, bare: float, both: float, timed: float | None, goal: str) -> None:
    """Print a row."""
    last = "" if timed is None else f"{timed:.2f}"
    print(f"| {name} | {ours:,.1f} | {bare:,.1f} | {both:.2f} | {last} | {goal} |", flush=True)


def reload(process: int) -> float:
    """Have lists reloaded; returns the seconds until they are in force, and the fork server before is gone."""
    before, start = called("fork server", process), time.monotonic()
    os.kill(process, signal.SIGHUP)
    while not set(called("fork server", process)).isdisjoint(before):
        if time.monotonic() - start > 120:
            raise SystemExit("a reload does not come to its end")
        time.sleep(0.02)
    return time.monotonic() - start


def reloading(
    wrk: Wrk, port: int, process: int, rate: float, rounds: int
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """The 99th percentile of latency in milliseconds with reloads and without, and seconds that one takes.

    As `ratio` has them, at ``rate`` requests a second; one reload every `RELOAD_EVERY` seconds.
    """
    idle, loaded = [reload(process)], []

    def latency() -> float:
        return wrk(port, RELOADING, connections=8, delay=1000 * 8 / rate)[1]

    def latency_under() -> float:
        stop = threading.Event()

        def again() -> None:
            start = time.monotonic()
            while not stop.wait(max(0.0, start + len(taken) * RELOAD_EVERY - time.monotonic())):
                taken.append(reload(process))

        taken: list[float] = []
        thread = threading.Thread(target=again)
        thread.start()
        try:
            return latency()
        finally:
            stop.set()
            thread.join()
            loaded.extend(taken)

    late = ratio(latency_under, latency, rounds)
    idle.append(reload(process))
    whole, alone = statistics.median(loaded), statistics.median(idle)
    return late, (whole, alone, whole / alone)


def resident(process: int) -> int:
    """Memory of ``process`` and its children that no other holds, in kB (``Pss_Anon``)."""
    total = 0
    for each in (process, *children(process)):
        lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        total += int(next(line for line in lines if line.startswith("Pss_Anon")).split()[1])
    return total


def soak(wrk: Wrk, port: int, process: int, most: float, minutes: float) -> None:
    """Load at `LOAD` of ``most`` requests a second, and print the memory as it goes."""
    connections = 64
    delay = 1000 * connections / (LOAD * most)
    print(f"\nSoak: {LOAD * most:,.0f} requests/s wanted, {minutes:g} minutes")
    step = max(minutes * 6, 1)
    for number in range(10):
        rate, late = wrk(port, step, connections=connections, delay=delay)
        print(
            f"{(number + 1) * step / 60:5.1f} min  {rate:8,.0f} requests/s  99 % within {late:6.1f} ms"
            f"  {resident(process):,} kB",
            flush=True,
        )


def run(rounds: int, seconds: int, minutes: float) -> None:
    """Measure and print."""
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores before the run\n")
    servers, others = cores()
    everywhere = servers | others
    print("| what | interceptor | beside | ratio | for the same processor time | goal |")
    print("|---|---:|---:|---:|---:|---:|", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        compiled.write(folder / "lists.compiled", compiled.compile_lists([standins.term_list(TERMS)]))
        wrk = Wrk(folder, others)
        engine, bare = free_port(), free_port()
        stack.enter_context(program(ENGINE, str(engine), on=others))
        with ExitStack() as one:
            port, process = one.enter_context(sidecar(folder, engine, on=servers))
            plain = one.enter_context(
                program(BARE, "proxy", str(bare), f"http://127.0.0.1:{engine}", on=servers)
            )
            ours = Side(port, called("worker", process)[0])
            proxy = by_time(wrk, ours, Side(bare, plain.pid), seconds, rounds, authz=False)
            show("reverse proxy, requests/s", *proxy, "0.85")

            asked = urllib.request.Request(
                f"http://127.0.0.1:{port}/_interceptor/authz/auth-request",
                headers={"X-Original-URI": "/search?q=weather", "X-Original-Method": "GET"},
            )
            with urllib.request.urlopen(asked) as answer:
                fields = {
                    name: value
                    for name, value in answer.headers.items()
                    if name.lower() not in ("date", "content-length", "connection")
                }
            handler = free_port()
            plain = one.enter_context(program(BARE, "authz", str(handler), json.dumps(fields), on=servers))
            authz = by_time(wrk, ours, Side(handler, plain.pid), seconds, rounds, authz=True)
            show("authz/auth-request, requests/s", *authz, "0.85")

            fronts = [
                one.enter_context(nginx(folder / f"nginx-{asked_at}", asked_at, engine, servers))
                for asked_at in (port, handler)
            ]
            behind = ratio(lambda: wrk(fronts[0], seconds)[0], lambda: wrk(fronts[1], seconds)[0], rounds)
            show("nginx that asks them, requests/s", *behind, None, "0.9")

            late, in_force = reloading(wrk, port, process, LOAD * proxy[0], rounds)
            show("99th percentile while reloading, ms", *late, None, "at most 2")
            show("reload until in force, under load and idle, s", *in_force, None, "")
            if minutes:
                time.sleep(1)
                soak(wrk, port, process, proxy[0], minutes)
        if not minutes:
            with ExitStack() as several:
                ports = {
                    workers: several.enter_context(sidecar(folder, engine, workers=workers, on=everywhere))[0]
                    for workers in (1, 2, 4)
                }
                free = Wrk(folder, everywhere)
                for what, asks in (("proxy", False), ("authz/auth-request", True)):
                    for workers in (2, 4):
                        several_to_one = ratio(
                            partial(free.rate, ports[workers], seconds, authz=asks),
                            partial(free.rate, ports[1], seconds, authz=asks),
                            rounds,
                        )
                        name = f"{what}, {workers} workers to one, requests/s"
                        show(name, *several_to_one, None, f"{len(everywhere)} cores")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of each load")
    parser.add_argument(
        "--soak", type=float, default=0.0, metavar="MINUTES", help="a soak in place of more workers"
    )
    options = parser.parse_args()
    for tool in ("wrk", "nginx"):
        if shutil.which(tool, path=os.environ.get("PATH", "") + ":/usr/sbin") is None:
            raise SystemExit(f"{tool} is not installed: .ci/install-system installs it")
    run(options.rounds, options.seconds, options.soak)


if __name__ == "__main__":
    main()
