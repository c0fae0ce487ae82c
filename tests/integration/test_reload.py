"""Lists and configuration that change under a running service: taken over without a gap, or refused."""

from __future__ import annotations

import asyncio
import json
import signal
import stat
import urllib.request
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest
import yaml
from running import GARDEN, PATIENCE, Engine, Running, until

Serve = Callable[..., Running]

TEAPOT = """
id: garden
version: "8"
language: en
sharing: clear
entries:
  - id: phrase
    terms: [velvet morning teapot]
"""
QUICK = {"server": {"watch": "100ms"}}


def is_warned(running: Running, query: str) -> bool:
    with urllib.request.urlopen(
        f"{running.url}/search?q={query.replace(' ', '+')}", timeout=PATIENCE
    ) as answer:
        return b"redirectionprogram.com" in answer.read()


def readiness(running: Running) -> str:
    with urllib.request.urlopen(f"http://{running.admin}/readyz", timeout=PATIENCE) as answer:
        assert answer.status == 200
        return str(answer.read().decode())


def log(running: Running) -> str:
    return "".join(running.lines)


def file_of(running: Running, name: str = "lists/garden.yaml") -> Path:
    return Path(f"/proc/{running.process.pid}/cwd").readlink() / name


def write(path: Path, text: str) -> None:
    """Put ``text`` in the place of ``path`` in one step, as a careful editor does."""
    path.with_suffix(".part").write_text(text)
    path.with_suffix(".part").replace(path)


def until_reloaded(running: Running, count: int) -> None:
    until(lambda: log(running).count("reloaded (SIGHUP)") == count, "a reload")


async def test_sighup_puts_new_lists_in_force(serve: Serve, engine: Engine) -> None:
    running = serve(None, "--upstream", engine.url, "--workers", "2")
    before = running.children()
    assert await asyncio.to_thread(is_warned, running, "purple garden lantern")
    write(file_of(running), TEAPOT)
    running.process.send_signal(signal.SIGHUP)
    await asyncio.to_thread(until, lambda: "reloaded (SIGHUP)" in log(running), "the reload")
    assert await asyncio.to_thread(is_warned, running, "velvet morning teapot")
    assert not await asyncio.to_thread(is_warned, running, "purple garden lantern")
    samples = await asyncio.to_thread(running.samples)
    assert samples['interceptor_list_info{list="garden",version="8"}'] == 1
    assert 'interceptor_list_info{list="garden",version="7"}' not in samples
    await asyncio.to_thread(until, lambda: not running.children() & before, "the workers from before to end")
    assert len(running.children()) == 2


async def test_a_changed_file_is_noticed(serve: Serve, engine: Engine) -> None:
    running = serve(QUICK, "--upstream", engine.url)
    write(file_of(running), TEAPOT)
    await asyncio.to_thread(until, lambda: "reloaded (a file has changed)" in log(running), "the reload")
    assert await asyncio.to_thread(is_warned, running, "velvet morning teapot")
    write(file_of(running, "lists/second.yaml"), GARDEN.replace("id: garden", "id: second"))
    await asyncio.to_thread(until, lambda: log(running).count("reloaded (a file") == 2, "the second reload")
    assert await asyncio.to_thread(is_warned, running, "purple garden lantern")


async def test_counts_go_on_over_a_reload(serve: Serve, engine: Engine) -> None:
    running = serve(None, "--upstream", engine.url, "--workers", "2")
    for _ in range(20):
        await asyncio.to_thread(is_warned, running, "purple garden lantern")
    running.process.send_signal(signal.SIGHUP)
    await asyncio.to_thread(until, lambda: "reloaded (SIGHUP)" in log(running), "the reload")
    for _ in range(20):
        await asyncio.to_thread(is_warned, running, "purple garden lantern")
    await asyncio.to_thread(running.until_counted, 40, "searches")


async def test_no_request_is_lost_in_a_reload(serve: Serve, engine: Engine) -> None:
    running = serve(None, "--upstream", engine.url, "--workers", "2")
    statuses: list[int] = []
    enough = asyncio.Event()

    async def search(session: aiohttp.ClientSession, number: int) -> None:
        query = "purple+garden+lantern" if number % 2 else "weather"
        while not enough.is_set():
            # Sent once: aiohttp would send a request again where a kept connection turns out to be closed.
            async with session.post(f"{running.url}/search", data={"q": query}) as answer:
                page = await answer.read()
                statuses.append(answer.status)
                assert (b"redirectionprogram.com" in page) == bool(number % 2)
            await asyncio.sleep(0.02)

    async with aiohttp.ClientSession() as session:
        searching = [asyncio.create_task(search(session, number)) for number in range(4)]
        for count in (1, 2, 3):
            running.process.send_signal(signal.SIGHUP)
            await asyncio.to_thread(until_reloaded, running, count)
        enough.set()
        await asyncio.gather(*searching)
    assert set(statuses) == {200} and len(statuses) > 50
    await asyncio.to_thread(running.until_counted, len(statuses), "searches")


@pytest.mark.parametrize(
    ("text", "reason", "told"),
    [
        ("id: garden\nlanguage: en\nentries:\n  - {id: a, terms: [purple}\n", "broken", "garden.yaml:4"),
        (
            TEAPOT.replace("velvet morning teapot", "the").replace("[the]", "[a, the, in, of, to]"),
            "gate",
            "ordinary",
        ),
    ],
    ids=["broken", "acts on ordinary searches"],
)
async def test_bad_lists_are_refused_and_the_last_good_ones_serve_on(
    serve: Serve, engine: Engine, text: str, reason: str, told: str
) -> None:
    running = serve(QUICK, "--upstream", engine.url)
    before = running.children()
    write(file_of(running), text)
    await asyncio.to_thread(until, lambda: "refused (a file has changed)" in log(running), "the refusal")
    assert await asyncio.to_thread(is_warned, running, "purple garden lantern")
    assert running.children() == before
    assert told in log(running)
    said = await asyncio.to_thread(readiness, running)
    assert said.startswith("degraded\n") and told in said and "purple" not in said
    samples = await asyncio.to_thread(running.samples)
    named = "garden" if reason == "broken" else "all"
    assert samples[f'interceptor_list_refused{{list="{named}",reason="{reason}"}}'] == 1
    assert samples["interceptor_ready"] == 1
    write(file_of(running), TEAPOT)
    await asyncio.to_thread(until, lambda: "reloaded (a file" in log(running), "the list that is mended")
    assert (await asyncio.to_thread(readiness, running)).startswith("ready\n")
    samples = await asyncio.to_thread(running.samples)
    assert not any(value for name, value in samples.items() if name.startswith("interceptor_list_refused"))


async def test_a_broken_configuration_is_refused_by_file_and_line(serve: Serve, engine: Engine) -> None:
    running = serve(None, "--upstream", engine.url)
    file = file_of(running, "interceptor.yaml")
    good = file.read_text()
    write(file, good + "mode: sometimes\n")
    running.process.send_signal(signal.SIGHUP)
    await asyncio.to_thread(until, lambda: "refused (SIGHUP)" in log(running), "the refusal")
    assert f"interceptor.yaml:{len(good.splitlines()) + 1}" in log(running)
    assert (await asyncio.to_thread(readiness, running)).startswith("degraded\nmode: enforce\n")
    samples = await asyncio.to_thread(running.samples)
    assert samples['interceptor_list_refused{list="all",reason="configuration"}'] == 1
    assert await asyncio.to_thread(is_warned, running, "purple garden lantern")


async def test_a_changed_configuration_takes_effect_and_what_cannot_is_named(
    serve: Serve, engine: Engine
) -> None:
    running = serve(None, "--upstream", engine.url)
    file = file_of(running, "interceptor.yaml")
    tree = yaml.safe_load(file.read_text())
    tree |= {"mode": "shadow", "privacy": {"window": "1h"}, "banner": {"languages": ["en", "fi"]}}
    write(file, yaml.safe_dump(tree))
    running.process.send_signal(signal.SIGHUP)
    await asyncio.to_thread(until, lambda: "reloaded (SIGHUP)" in log(running), "the reload")
    assert not await asyncio.to_thread(is_warned, running, "purple garden lantern")
    said = await asyncio.to_thread(readiness, running)
    assert "mode: shadow" in said and "in force with a restart" in said and "privacy" in said
    await asyncio.to_thread(running.until_window, 1)  # of one second still


def _start_again(serve: Serve, broken: Path, text: str) -> tuple[Running, Running]:
    """A service that has kept its state and is started again when ``broken`` holds ``text``."""
    state = broken.parent / "state"
    # A configuration of its own, the same for both: `serve` writes another for each service.
    arguments = ("--config", str(broken.parent / "mine.yaml"), "--state", str(state))
    first = serve(None, *arguments)
    until((state / "good" / "manifest.json").exists, "the copies")
    first.stop()
    broken.write_text(text)
    return first, serve(None, *arguments)


@pytest.mark.parametrize("name", ["garden.yaml", "mine.yaml"])
async def test_a_start_with_something_broken_serves_with_what_was_good(
    serve: Serve, tmp_path: Path, name: str
) -> None:
    (tmp_path / "garden.yaml").write_text(GARDEN)
    (tmp_path / "mine.yaml").write_text("lists: garden.yaml\nserver: {watch: 100ms}\n")
    good = (tmp_path / name).read_text()
    _, running = await asyncio.to_thread(_start_again, serve, tmp_path / name, "nonsense: [\n")
    assert f"{name}:" in log(running) and "refused (at start)" in log(running)
    assert (await asyncio.to_thread(readiness, running)).startswith("degraded\n")
    assert await asyncio.to_thread(is_warned, running, "purple garden lantern")
    write(tmp_path / name, good)
    await asyncio.to_thread(until, lambda: "reloaded (a file has changed)" in log(running), "what was mended")
    assert (await asyncio.to_thread(readiness, running)).startswith("ready\n")
    await asyncio.to_thread(running.stop)  # while it keeps copies, one folder takes the place of another
    for path in (tmp_path / "state").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_memory_is_given_back_after_reloads(serve: Serve) -> None:
    running = serve(None)

    def resident() -> int:
        return sum(
            int(line.split()[1])
            for process in (running.process.pid, *running.children("fork server"))
            for line in Path(f"/proc/{process}/status").read_text().splitlines()
            if line.startswith("RssAnon")
        )

    def reload(count: int) -> None:
        running.process.send_signal(signal.SIGHUP)
        until_reloaded(running, count)

    for count in (1, 2, 3):
        reload(count)
    before = resident()
    for count in (4, 5, 6, 7, 8):
        reload(count)
    assert resident() < before * 1.15


def test_the_log_is_json_where_that_is_asked_for(serve: Serve) -> None:
    running = serve({"log": {"format": "json"}})
    running.process.send_signal(signal.SIGHUP)
    until(lambda: "reloaded" in log(running), "the reload")
    running.stop()
    said = [json.loads(line) for line in running.lines if not line.startswith("serving at")]
    assert said and all(set(each) == {"time", "level", "message"} for each in said)


def test_a_keeper_reloads_too(serve: Serve, tmp_path: Path) -> None:
    running = serve({"keeper": {"socket": str(tmp_path / "keeper.sock")}}, command="keeper")
    write(file_of(running), TEAPOT)
    running.process.send_signal(signal.SIGHUP)
    until_reloaded(running, 1)
    assert running.samples()['interceptor_list_info{list="garden",version="8"}'] == 1
    write(file_of(running), "id: garden\nentries: [\n")
    running.process.send_signal(signal.SIGHUP)
    until(lambda: "refused (SIGHUP)" in log(running), "the refusal")
    assert readiness(running).startswith("degraded\n")
    assert running.samples()['interceptor_list_info{list="garden",version="8"}'] == 1
