"""Engines that speak octets, and the transport in front of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web

from interceptor.addresses import Upstream
from interceptor.config import Limits
from interceptor.sidecar.http_server import Handler, PublicServer, Request
from interceptor.sidecar.reverse_proxy import Annotation, ReverseProxy
from tests.sidecar.wire import Serve, Site, StartAiohttp, StartEngine, Talk, listener


async def _serve(handler: Handler, limits: Limits, stack: contextlib.AsyncExitStack) -> Site:
    bound = listener()
    faults: list[BaseException] = []
    server = PublicServer(handler, limits, faults.append)
    await server.start([bound])
    site = Site(bound.getsockname()[1], server, faults)

    async def end() -> None:
        for client in site.clients:
            client.writer.close()
            with contextlib.suppress(OSError):
                await client.writer.wait_closed()
        await server.stop(1.0)

    stack.push_async_callback(end)
    return site


@pytest.fixture
async def stack() -> AsyncIterator[contextlib.AsyncExitStack]:
    async with contextlib.AsyncExitStack() as entered:
        yield entered


@pytest.fixture
def serve(stack: contextlib.AsyncExitStack) -> Serve:
    """Start the HTTP server alone, with a handler."""

    async def start(handler: Handler, limits: Limits | None = None) -> Site:
        return await _serve(handler, limits or Limits(), stack)

    return start


@pytest.fixture
def engine(stack: contextlib.AsyncExitStack) -> StartEngine:
    """Start an engine that writes octets; the talk begins anew with each connection."""

    async def start(talk: Talk) -> Upstream:
        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await talk(reader, writer)
            except (OSError, asyncio.IncompleteReadError):
                pass  # the other side is gone
            finally:
                writer.close()

        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        stack.push_async_callback(_end_engine, server)
        return Upstream.parse(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")

    return start


async def _end_engine(server: asyncio.Server) -> None:
    server.close()


@pytest.fixture
def aiohttp_engine(stack: contextlib.AsyncExitStack, tmp_path: Path) -> StartAiohttp:
    """Start an engine written with aiohttp, over TCP or over a Unix socket."""

    async def start(
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]], *, unix: bool = False
    ) -> Upstream:
        app = web.Application(client_max_size=1 << 40)
        app.router.add_route("*", "/{tail:.*}", handler)
        runner = web.AppRunner(app, access_log=None, auto_decompress=False)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        if unix:
            path = str(tmp_path / "engine.sock")
            await web.UnixSite(runner, path).start()
            return Upstream.parse(f"unix:{path}")
        bound = listener()
        await web.SockSite(runner, bound).start()
        return Upstream.parse(f"http://127.0.0.1:{bound.getsockname()[1]}")

    return start


@pytest.fixture
def proxy(stack: contextlib.AsyncExitStack) -> Serve:
    """Start server and proxy in front of an engine."""

    async def start(
        upstream: Upstream, limits: Limits | None = None, annotate: Annotation | None = None
    ) -> Site:
        limits = limits or Limits()
        forwarder = ReverseProxy(upstream, limits)
        await forwarder.start()
        stack.push_async_callback(forwarder.close)

        async def handler(request: Request) -> web.StreamResponse:
            return await forwarder.forward(request, annotate=annotate)

        return await _serve(handler, limits, stack)

    return start
