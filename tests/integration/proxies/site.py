"""A proxy of the real software with the configuration that ships, the real service, and an engine behind them."""

from __future__ import annotations

import asyncio
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from running import PATIENCE, Engine, Running, start, until

DEPLOY = Path(__file__).parents[3] / "deploy"

PEER = "127.0.0.77"
"""The address that clients speak from."""

AGENT = "canary-agent/1.0"


def free_port() -> int:
    """A port of the loopback interface that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass(frozen=True)
class Answer:
    """What a client got."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_banner(self) -> bool:
        return b"redirectionprogram.com" in self.body and b"Results" not in self.body

    @property
    def is_page(self) -> bool:
        return self.body == Engine.PAGE


@dataclass(frozen=True)
class Places:
    """Where everything of one site listens."""

    public: int
    sidecar: int
    engine: int
    spare: int
    folder: Path


@dataclass(frozen=True)
class Proxy:
    """One kind of proxy: how it is found, set up and started, and what it can do."""

    name: str
    files: tuple[str, ...]
    """Its configuration in deploy/, by file."""
    places: Callable[[Places], Mapping[str, str]]
    """What of the shipped configuration is replaced for a test, each text by another; each has to stand there."""
    command: Callable[[str, Places], list[str]]
    """The command line, from the program's path."""
    program: str
    service: Mapping[str, object]
    """What the configuration of the interceptor needs for it."""
    closed: Mapping[str, str]
    """What of the shipped configuration is replaced to fail closed."""
    wrapper: Callable[[Places], Mapping[str, str]] = lambda places: {}
    """Files that the shipped ones are included from, as an operator's own would; they log as much as they can."""
    replaced: int = 200
    """Status of the page in place of results."""
    annotates: bool = True
    semicolon: str = ";"
    """How a semicolon of the query reaches the engine."""

    def find(self) -> str:
        """The program; skips the test where it is not there."""
        beside = Path(sys.executable).parent / self.program
        found = (
            str(beside)
            if beside.exists()
            else shutil.which(self.program, path="/usr/sbin:/usr/bin:/usr/local/bin")
        )
        if found is None:
            pytest.skip(f"{self.program} is not there: run .ci/install-system and pip install '.[proxies]'")
        return found


class ThreadedEngine(Engine):
    """The engine, in a thread with a loop of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def begin(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.__aenter__(), self._loop).result(PATIENCE)

    def end(self) -> None:
        """Stop it; a second time does nothing."""
        if self._loop.is_closed():
            return

        async def cancel() -> None:
            await self.__aexit__()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(cancel(), self._loop).result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()


@dataclass
class Site:
    """All three, running."""

    proxy: Proxy
    places: Places
    engine: ThreadedEngine
    service: Running | None
    process: subprocess.Popen[bytes]
    config: Mapping[str, object]
    generations: int = 1
    blockers: list[socket.socket] = field(default_factory=list)

    # ---- what a client does

    def send(
        self,
        target: str,
        *headers: str,
        method: str = "GET",
        body: bytes = b"",
        chunked: bool = False,
        port: int | None = None,
    ) -> Answer:
        """Send one request from `PEER`, octet for octet, and return the answer."""
        head = [
            f"{method} {target} HTTP/1.1",
            "Host: search.example",
            f"User-Agent: {AGENT}",
            "Connection: close",
        ]
        if chunked:
            head.append("Transfer-Encoding: chunked")
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        elif body:
            head.append(f"Content-Length: {len(body)}")
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            client.bind((PEER, 0))
            client.settimeout(PATIENCE)
            client.connect(("127.0.0.1", port or self.places.public))
            client.sendall("\r\n".join([*head, *headers, "", ""]).encode() + body)
            response = http.client.HTTPResponse(client, method=method)
            response.begin()
            data = response.read()
            fields: dict[str, str] = {}
            for name, value in response.getheaders():
                fields[name.lower()] = f"{fields[name.lower()]}, {value}" if name.lower() in fields else value
            return Answer(response.status, fields, data)

    # ---- what befalls the service

    def stop_service(self) -> None:
        if self.service is not None:
            assert self.service.stop() == 0
            self.service = None

    def hang_service(self) -> None:
        """Put something in the service's place that takes connections and never answers."""
        self.stop_service()
        hanging = socket.create_server(("127.0.0.1", self.places.sidecar))
        self.blockers.append(hanging)

    def start_service(self) -> None:
        self.unblock()
        if self.service is None:
            folder = self.places.folder / f"service-{self.generations}"
            folder.mkdir()
            self.generations += 1
            self.service = _start_service(folder, self.config, self.places)

    # ---- the end

    def stop_proxy(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self) -> None:
        self.stop_proxy()
        self.unblock()
        if self.service is not None:
            self.service.stop()
            self.service = None
        self.engine.end()

    def unblock(self) -> None:
        for blocker in self.blockers:
            blocker.close()
        self.blockers.clear()

    def written(self) -> dict[Path, bytes]:
        """Everything that is written below the site's folder."""
        return {path: path.read_bytes() for path in self.places.folder.rglob("*") if path.is_file()}


def _start_service(folder: Path, config: Mapping[str, object], places: Places) -> Running:
    return start(
        folder,
        dict(config),
        "--upstream",
        f"http://127.0.0.1:{places.engine}",
        "--listen",
        f"127.0.0.1:{places.sidecar}",
    )


def substituted(text: str, table: Mapping[str, str]) -> str:
    """``text`` with each key of ``table``, which has to stand in it, replaced."""
    for shipped, here in table.items():
        assert shipped in text, f"{shipped!r} stands in the shipped configuration no longer"
        text = text.replace(shipped, here)
    return text


def start_site(
    proxy: Proxy, folder: Path, *, closed: bool = False, config: Mapping[str, object] | None = None
) -> Site:
    """Start the engine, the service, and the proxy in front of both; return when it answers."""
    program = proxy.find()
    engine = ThreadedEngine()
    engine.begin()
    places = Places(free_port(), free_port(), int(engine.url.rpartition(":")[2]), free_port(), folder)
    tree: dict[str, object] = {"privacy": {"window": "1s"}, **proxy.service, **(config or {})}
    (folder / "service-0").mkdir()
    try:
        service = _start_service(folder / "service-0", tree, places)
    except BaseException:
        engine.end()
        raise
    table = {**(proxy.closed if closed else {}), **proxy.places(places)}
    texts = {name: (DEPLOY / proxy.name / name).read_text() for name in proxy.files}
    whole = "\0".join(texts.values())
    for name, text in zip(texts, substituted(whole, table).split("\0"), strict=True):
        (folder / name).write_text(text)
    for name, text in proxy.wrapper(places).items():
        (folder / name).write_text(text)
    with (folder / "output.log").open("wb") as output:
        process = subprocess.Popen(
            proxy.command(program, places),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, "HOME": str(folder), "TMPDIR": str(folder), "XDG_DATA_HOME": str(folder)},
        )
    site = Site(proxy, places, engine, service, process, tree)

    def answers() -> bool:
        if process.poll() is not None:
            return True
        try:
            return site.send("/ready").status == 200
        except (OSError, http.client.HTTPException):
            return False

    try:
        until(answers, f"{proxy.name} to answer")
    except AssertionError:
        output_text = (folder / "output.log").read_text(errors="replace")
        site.stop()
        raise AssertionError(f"{proxy.name} does not answer:\n{output_text}") from None
    if process.poll() is not None:
        output_text = (folder / "output.log").read_text(errors="replace")
        site.stop()
        raise AssertionError(f"{proxy.name} did not start:\n{output_text}")
    engine.seen.clear()
    return site
