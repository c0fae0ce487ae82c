"""Fault drill: under steady load through nginx, one fault after the other, and what became of the searches.

A row counts the searches from ten seconds before the fault on. *Let through* are matching searches that got the
engine's page, *refused* are searches answered with an error, *lost* those without a whole answer. Recovery is counted
from the fault's beginning, or from its end where it lasts (an engine that is away or hangs, a flood), to the first
search after which all went right. Under `open` no search may be refused while the engine answers; under `closed` no
matching one may be let through.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from benchmarks.drill_load import Load
from benchmarks.drill_site import LIST, Site, running

STEADY = 1.0
"""Seconds of load before a fault and after the service is well again."""
LASTS = 2.0
"""Seconds that a lasting fault lasts."""

Fault = Callable[[Site], Awaitable[float]]
"""Brings the fault about and takes it away; returns the moment from which recovery counts (monotonic)."""


async def kill_worker(site: Site) -> float:
    begun = time.monotonic()
    os.kill(site.workers()[0], signal.SIGKILL)
    await site.until(lambda: len(site.workers()) == 2, "the worker")
    return begun


async def kill_supervisor(site: Site) -> float:
    begun, before = time.monotonic(), site.service.pid
    os.kill(before, signal.SIGKILL)
    await site.until(lambda: site.service.pid != before, "the restart")
    await site.until(lambda: site.readiness().startswith("ready"), "the service")
    return begun


async def kill_fork_server(site: Site) -> float:
    begun, before = time.monotonic(), site.fork_server()
    assert before is not None
    os.kill(before, signal.SIGKILL)
    await site.until(lambda: site.fork_server() not in (None, before), "another fork server")
    await site.until(lambda: site.readiness().startswith("ready"), "the service")
    return begun


async def stop_engine(site: Site) -> float:
    site.engine.kill()
    site.engine.wait()
    await asyncio.sleep(LASTS)
    site.start_engine()
    return time.monotonic()


async def hang_engine(site: Site) -> float:
    os.kill(site.engine.pid, signal.SIGSTOP)
    await asyncio.sleep(LASTS)
    os.kill(site.engine.pid, signal.SIGCONT)
    return time.monotonic()


async def fill_disk(site: Site) -> float:
    begun = time.monotonic()
    ballast = site.folder / "history" / "ballast"
    if not os.path.ismount(ballast.parent):
        raise PermissionError("a disk of its own cannot be mounted here")
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    await asyncio.sleep(LASTS)
    ballast.unlink()
    return begun


async def broken_list(site: Site) -> float:
    begun = time.monotonic()
    site.list_file.write_text("id: garden\nentries: [\n")
    await site.until(lambda: site.readiness().startswith("degraded"), "the refusal")
    site.list_file.write_text(LIST)
    await site.until(lambda: site.readiness().startswith("ready"), "the good list")
    return begun


async def broken_configuration(site: Site) -> float:
    begun, good = time.monotonic(), site.config_file.read_text()
    site.config_file.write_text("mode: sometimes\n")
    await site.until(lambda: site.readiness().startswith("degraded"), "the refusal")
    site.config_file.write_text(good)
    await site.until(lambda: site.readiness().startswith("ready"), "the good configuration")
    return begun


@contextlib.asynccontextmanager
async def _connections(site: Site, number: int) -> AsyncIterator[list[asyncio.StreamWriter]]:
    made: list[asyncio.StreamWriter] = []
    try:
        for _ in range(number):
            with contextlib.suppress(OSError):
                made.append((await asyncio.open_connection("127.0.0.1", site.direct))[1])
        yield made
    finally:
        for writer in made:
            writer.close()


async def exhaust_descriptors(site: Site) -> float:
    async with _connections(site, 1_500):
        await asyncio.sleep(LASTS)
    return time.monotonic()


async def slow_clients(site: Site) -> float:
    async with _connections(site, 600) as writers:
        end = time.monotonic() + LASTS
        octets = b"GET /search?q=weather HTTP/1.1\r\nHost: x\r\nX-Slow: "
        while time.monotonic() < end:
            writers[:] = [writer for writer in writers if not writer.is_closing()]  # the others were cut off
            for writer in writers:
                writer.write(octets)
            octets = b"x"
            await asyncio.sleep(0.2)
    return time.monotonic()


FAULTS: dict[str, Fault] = {
    "kill a worker": kill_worker,
    "kill the process that holds the lists": kill_fork_server,
    "kill the supervisor": kill_supervisor,
    "stop the engine": stop_engine,
    "hang the engine": hang_engine,
    "fill the history's disk": fill_disk,
    "push a broken list": broken_list,
    "push a broken configuration": broken_configuration,
    "exhaust file descriptors": exhaust_descriptors,
    "flood with slow clients": slow_clients,
}
OF_THE_ENGINE = frozenset({"stop the engine", "hang the engine"})


async def drill(policy: str, names: list[str]) -> bool:
    """Print a row for each fault in ``names``; tells whether ``policy`` was kept."""
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        # nginx's workers run as another user.
        Path(folder).chmod(0o755)
        async with running(Path(folder), policy) as site:
            for name in names:
                load, enough = Load(site.port), asyncio.Event()
                searching = asyncio.create_task(load.run(enough))
                await asyncio.sleep(STEADY)
                try:
                    since = await FAULTS[name](site)
                except PermissionError as reason:
                    since = 0.0
                    print(f"| {name} | {policy} | not held: {reason} | | | | |", flush=True)
                await asyncio.sleep(STEADY)
                enough.set()
                await searching
                if not since:
                    continue
                row = load.summary(since)
                kept &= (
                    row.let_through == 0
                    if policy == "closed"
                    else not (row.refused and name not in OF_THE_ENGINE)
                )
                print(
                    f"| {name} | {policy} | {row.requests} | {row.lost} | {row.let_through} | {row.refused} "
                    f"| {row.recovered:.1f} s |",
                    flush=True,
                )
    return kept


def main() -> int:
    """Hold the drill under both policies; returns 1 where one of them was not kept."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--fault", choices=FAULTS, action="append", help="hold this one alone; may be repeated"
    )
    parser.add_argument("--policy", choices=("open", "closed"), action="append", help="default: both")
    options = parser.parse_args()
    print("| fault | policy | searches | lost | let through | refused | recovered after |")
    print("|---|---|---:|---:|---:|---:|---:|")
    kept = [
        asyncio.run(drill(policy, options.fault or list(FAULTS)))
        for policy in options.policy or ("open", "closed")
    ]
    print("Kept." if all(kept) else "NOT kept: see the rows above.")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
