"""The public listener in one event loop with a client that sends octets and an engine that takes nothing amiss.

What settles the loop are turns without traffic, not times: an input takes as long as its work.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import re
import socket
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from interceptor import Interceptor
from interceptor.adapters.service import Service
from interceptor.addresses import Upstream
from interceptor.banner.render import Banner
from interceptor.config import Config, DecideApi, Limits
from interceptor.experiment.plan import Plan
from interceptor.keeper import Keeper
from interceptor.recording import Labels
from interceptor.settings.authz import Authz, AuthzProtocol
from interceptor.settings.engine import Engine as EngineSettings
from interceptor.settings.engine import SearchBy
from interceptor.sidecar.app import App
from interceptor.sidecar.http_server import PublicServer
from interceptor.sidecar.reverse_proxy import ReverseProxy
from interceptor.termlists.model import Entry, Group, Outcome, TermList, Unless

_QUIET_TURNS = 30
"""Turns of the loop without an octet after which nothing more is to come: a connection takes some ten."""
_END_SECONDS = 3.0

_REQUEST_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([^\x00-\x20\x7f]+) HTTP/1\.[01]")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00\r\n]*)")
_CHUNK = re.compile(rb"([0-9A-Fa-f]+)(?:;[^\x00\r\n]*)?\r\n")


@dataclass(frozen=True)
class Seen:
    """A whole request that the engine got."""

    method: bytes
    target: bytes
    fields: tuple[tuple[bytes, bytes], ...]
    body: bytes


def whole_request(octets: bytes) -> tuple[Seen, bytes] | None:
    """The first request in ``octets`` and what follows; None where it is not complete.

    By the letter of RFC 9112: raises `AssertionError` for whatever two readers might take for different requests.
    """
    head, found, rest = octets.partition(b"\r\n\r\n")
    if not found:
        return None
    first, *lines = head.split(b"\r\n")
    line = _REQUEST_LINE.fullmatch(first)
    assert line, "a request line that is none"
    pairs = []
    for text in lines:
        parts = _FIELD.fullmatch(text)
        assert parts, "a field that is none"
        pairs.append((parts[1].lower(), parts[2].strip(b" \t")))
    lengths = [value for name, value in pairs if name == b"content-length"]
    codings = [value for name, value in pairs if name == b"transfer-encoding"]
    assert len(lengths) + len(codings) <= 1, "two lengths"
    assert len([name for name, _ in pairs if name == b"host"]) == 1, "not one Host"
    body = b""
    if lengths:
        assert re.fullmatch(rb"[0-9]+", lengths[0]), "a length that is no number"
        length = int(lengths[0])
        if len(rest) < length:
            return None
        body, rest = rest[:length], rest[length:]
    elif codings:
        assert codings == [b"chunked"], "a coding that is not undone"
        taken = _chunked(rest)
        if taken is None:
            return None
        body, rest = taken
    return Seen(line[1], line[2], tuple(pairs), body), rest


def _chunked(rest: bytes) -> tuple[bytes, bytes] | None:
    body = b""
    while True:
        size = _CHUNK.match(rest)
        if size is None:
            assert b"\n" not in rest, "a chunk's size that is none"
            return None
        length, rest = int(size[1], 16), rest[size.end() :]
        if length == 0:
            assert b"\r\n".startswith(rest[:2]), "a trailer that nobody announced"
            return (body, rest[2:]) if len(rest) >= 2 else None
        if len(rest) < length + 2:
            return None
        assert rest[length : length + 2] == b"\r\n", "a chunk that does not end"
        body, rest = body + rest[:length], rest[length + 2 :]


@dataclass
class Account:
    """What happened in the course of one input."""

    seen: list[Seen] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    faults: list[BaseException] = field(default_factory=list)
    received: bytearray = field(default_factory=bytearray)
    written: str = ""
    """What reached a log, standard output or standard error."""
    closed: bool = False
    traffic: int = 0


PAGE = (
    b"<!doctype html><html><head><meta charset=utf-8><title>Results</title></head><body>Results</body></html>"
)


class _Engine(asyncio.Protocol):
    """Answers each request with its number; octets behind one that is not answered yet are another's."""

    def __init__(self, world: World) -> None:
        self._world, self._octets = world, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        account = self._world.account
        account.traffic += 1
        self._octets += data
        try:
            taken = whole_request(self._octets)
        except AssertionError as mistake:
            account.broken.append(str(mistake))
            self._transport.abort()
            return
        if taken is None:
            return
        request, self._octets = taken
        if self._octets:
            account.broken.append("octets behind a request")
        account.seen.append(request)
        self._transport.write(
            b"HTTP/1.1 200 Fine\r\nX-Number: %d\r\nContent-Type: text/html; charset=utf-8\r\n"
            b"Content-Length: %d\r\n\r\n%s"
            % (len(account.seen), len(PAGE), b"" if request.method == b"HEAD" else PAGE)
        )


class _Client(asyncio.Protocol):
    def __init__(self, world: World) -> None:
        self._account = world.account

    def data_received(self, data: bytes) -> None:
        self._account.received += data
        self._account.traffic += 1

    def connection_lost(self, exc: BaseException | None) -> None:
        self._account.closed = True
        self._account.traffic += 1


def _limits() -> Limits:
    return replace(Limits(), target=600, headers=700, search_body=3_000, query=500)


class World:
    """Listener, engine and client; made once, and asked once an input."""

    def __init__(self) -> None:
        self.account = Account()
        self._loop = asyncio.new_event_loop()
        self._folder = tempfile.TemporaryDirectory()
        self._path = str(Path(self._folder.name, "public.sock"))
        self._log = io.StringIO()
        logging.basicConfig(stream=self._log, level=logging.INFO, force=True)
        self._loop.run_until_complete(self._start())

    async def _start(self) -> None:
        engine_path = str(Path(self._folder.name, "engine.sock"))
        await self._loop.create_unix_server(lambda: _Engine(self), engine_path)
        open_to_all = AuthzProtocol(enabled=True)
        config = replace(
            Config(),
            limits=_limits(),
            decide_api=DecideApi(enabled=True),
            authz=Authz(open_to_all, open_to_all, open_to_all),
            # The one address of ours that holds a query by design is the way on from the banner's search box.
            engine=EngineSettings(search_by=SearchBy.HOME),
        )
        entry = Entry(
            id="phrase",
            terms=("purple garden lantern",),
            unless=(Unless(then=Outcome.INFORMATIONAL, words=("law",)),),
        )
        gate = Interceptor(
            config, [TermList(id="stand-in", language="en", groups={"a": Group()}, entries=(entry,))]
        )
        banner = Banner(config)
        self._keeper = Keeper(
            config, Labels(banner.messages, banner.languages, banner.counted), Plan.make(config, "wording"), 1
        )
        proxy = ReverseProxy(Upstream.parse(f"unix:{engine_path}"), config.limits)
        await proxy.start()
        app = App(Service(gate, banner, self._keeper.recorder(0)), proxy)
        self._server = PublicServer(app, config.limits, lambda fault: self.account.faults.append(fault))
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self._path)
        listener.setblocking(False)
        await self._server.start([listener])

    def send(self, pieces: list[bytes]) -> Account:
        """Send ``pieces``, each as its own segment, and go away when no more comes; tells what happened."""
        self.account = account = Account()
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown):
            self._loop.run_until_complete(self._send(pieces))
        account.written = shown.getvalue() + self._log.getvalue() + "".join(self._keeper.faults.take())
        self._log.seek(0)
        self._log.truncate()
        return account

    async def _send(self, pieces: list[bytes]) -> None:
        transport, _ = await self._loop.create_unix_connection(lambda: _Client(self), self._path)
        for piece in pieces:
            if self.account.closed:
                break
            transport.write(piece)
            await self._settle()
        transport.abort()
        await self._settle()
        assert self._server._server is not None
        async with asyncio.timeout(_END_SECONDS):
            while self._server._server.open or len(asyncio.all_tasks()) > 1:
                await asyncio.sleep(0)

    async def _settle(self) -> None:
        quiet = 0
        while quiet < _QUIET_TURNS:
            before = self.account.traffic
            await asyncio.sleep(0)
            quiet = quiet + 1 if self.account.traffic == before else 0
