"""The real service as a process, and an engine to put behind it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from prometheus_client.parser import text_string_to_metric_families

PATIENCE = 20.0
"""Seconds after which something that was waited for counts as missing."""

GARDEN = """
id: garden
version: "7"
language: en
sharing: clear
groups:
  law: [law, statute]
  stop: [how do i stop]
entries:
  - id: phrase
    terms: [purple garden lantern]
    samples: {match: [purple garden lantern]}
    unless:
      - {then: help-seeking, groups: [stop]}
      - {then: informational, groups: [law]}
  - id: suomi
    language: fi
    match: prefix
    terms: [violetti puutarhalyhty]
  - id: unclear
    category: ambiguous
    terms: [lantern festival]
"""
"""A stand-in for a real list: neutral words that behave like its terms."""


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait until ``condition`` holds; fail after `PATIENCE` seconds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what}")
        threading.Event().wait(0.02)


@dataclass
class Running:
    """A service that runs, and everything that it wrote."""

    process: subprocess.Popen[str]
    public: str
    admin: str
    lines: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{self.public}"

    @property
    def port(self) -> int:
        return int(self.public.rpartition(":")[2])

    def children(self, name: str = "worker") -> set[int]:
        """The processes of the service that ps calls ``name``: worker, fork server or list builder."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return {child for child in map(int, listed.split()) if _called(child) == name}

    def metrics_text(self) -> str:
        with urllib.request.urlopen(f"http://{self.admin}/metrics", timeout=PATIENCE) as answer:
            text: str = answer.read().decode()
        return text

    def samples(self) -> dict[str, float]:
        """The metrics page as ``name{label="value"}`` to value."""
        found = {}
        for family in text_string_to_metric_families(self.metrics_text()):
            for sample in family.samples:
                labels = ",".join(f'{name}="{value}"' for name, value in sorted(sample.labels.items()))
                found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
        return found

    def counted(self, name: str, **labels: str) -> int:
        text = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
        return int(
            self.samples()[f"interceptor_{name}_total{{{text}}}" if text else f"interceptor_{name}_total"]
        )

    def until_counted(self, count: int, name: str, **labels: str) -> None:
        """Wait for a window's close to show ``count``, and see that it is not passed by."""
        until(lambda: self.counted(name, **labels) >= count, f"{name} {labels} to reach {count}")
        assert self.counted(name, **labels) == count

    def windows_released(self) -> int:
        return int(self.samples()["interceptor_release_windows_total"])

    def next_release(self) -> float:
        """The end of the window that is released next."""
        return self.samples()["interceptor_release_window_end_timestamp_seconds"]

    def until_window(self, more: int = 2) -> None:
        """Wait until the open window and ``more - 1`` after it are released: all that was counted before is out."""
        now = time.time()
        until(lambda: self.next_release() > now, "the windows before to be released")
        before = self.windows_released()
        until(lambda: self.windows_released() >= before + more, "a window to be released")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the service; returns its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        return status

    _readers: list[threading.Thread] = field(default_factory=list)


def start(
    folder: Path,
    config: dict[str, object] | None = None,
    *arguments: str,
    command: str = "serve",
    python: tuple[str, ...] = ("-m", "interceptor"),
) -> Running:
    """Start ``interceptor serve`` (or ``keeper``) with stand-in lists on free ports of the loopback interface.

    ``python`` are the interpreter's arguments, for a test that has to break something inside the process.
    """
    lists = folder / "lists"
    if not lists.exists():
        lists.mkdir()
        (lists / "garden.yaml").write_text(GARDEN)
    tree: dict[str, Any] = {"lists": str(lists), **(config or {})}
    # Exact, or no test could see what it sent; tickets that expire soon, because a window waits for its tickets.
    tree["privacy"] = {"window": "1s", "release": "exact", "linger": "0s"} | tree.get("privacy", {})
    tree["tickets"] = {"lifetime": "3s"} | tree.get("tickets", {})
    file = folder / "interceptor.yaml"
    file.write_text(yaml.safe_dump(tree))
    ports = ["--admin", "127.0.0.1:0"]
    if command == "serve" and "--listen" not in arguments:
        ports += ["--listen", "127.0.0.1:0"]
    process = subprocess.Popen(
        [sys.executable, *python, command, "--config", str(file), *ports, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, "HOME": str(folder), "TMPDIR": str(folder)},
    )
    running = Running(process, "", "")
    for stream in (process.stdout, process.stderr):
        assert stream is not None
        reader = threading.Thread(target=lambda lines=stream: running.lines.extend(lines), daemon=True)
        reader.start()
        running._readers.append(reader)
    pattern = re.compile(r"(?:serving at ([^;]+)|keeping); metrics at (\S+)/metrics")
    try:
        until(
            lambda: process.poll() is not None or any(map(pattern.search, list(running.lines))), "the start"
        )
    except AssertionError:
        running.stop(signal.SIGKILL)
        raise
    found = next((match for line in running.lines if (match := pattern.search(line))), None)
    if found is None:
        raise AssertionError("the service did not start:\n" + "".join(running.lines))
    running.public, running.admin = found[1] or "", found[2]
    return running


@dataclass
class Seen:
    """One request that reached the engine, octet for octet."""

    head: bytes
    body: bytes

    @property
    def target(self) -> bytes:
        return self.head.split(b" ", 2)[1]

    @property
    def method(self) -> bytes:
        return self.head.split(b" ", 1)[0]


class Engine:
    """A search engine on a socket that keeps what it was sent and answers with fixed octets."""

    PAGE = (
        b"<!doctype html><html><head><meta charset=utf-8><title>Results</title></head>"
        b"<body class=results><h1>Results</h1><p>\xc3\xa4 one, two, three</p></body></html>"
    )

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.headers = b'Content-Type: text/html; charset=utf-8\r\nETag: "abc"\r\nX-Engine: yes\r\n'
        self.page = self.PAGE
        self.hang = False
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Engine:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *error: object) -> None:
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
                body = await reader.readexactly(int(length[1])) if length else b""
                self.seen.append(Seen(head, body))
                if self.hang:
                    await asyncio.sleep(3600)
                page = b"" if head.startswith(b"HEAD") else self.page
                writer.write(
                    b"HTTP/1.1 200 Fine\r\n%sContent-Length: %d\r\n\r\n%s"
                    % (self.headers, len(self.page), page)
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            writer.close()


def _called(process: int) -> str:
    try:
        return Path(f"/proc/{process}/comm").read_text().strip()
    except OSError:
        return ""
