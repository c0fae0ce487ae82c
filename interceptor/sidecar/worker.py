"""A worker process: serves the public listener until it is told to stop or its supervisor is gone."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Sequence

from interceptor.adapters.service import Service
from interceptor.config import Config
from interceptor.keeper import Recorder
from interceptor.sidecar.app import App
from interceptor.sidecar.http_server import PublicServer
from interceptor.sidecar.reverse_proxy import ReverseProxy


def run(
    config: Config, service: Service, recorder: Recorder, sockets: Sequence[socket.socket], lifeline: int
) -> int:
    """Serve until SIGTERM or SIGINT, or until the descriptor ``lifeline`` reads its end; returns the exit status."""
    try:
        import uvloop
    except ImportError:
        asyncio.run(_serve(config, service, recorder, sockets, lifeline))
    else:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(config, service, recorder, sockets, lifeline))
    return 0


async def _serve(
    config: Config, service: Service, recorder: Recorder, sockets: Sequence[socket.socket], lifeline: int
) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    loop.add_reader(lifeline, stopped.set)

    proxy = None
    if config.server.upstream is not None:
        proxy = ReverseProxy(config.server.upstream, config.limits)
        await proxy.start()
    server = PublicServer(App(service, proxy), config.limits, recorder.failed)
    await server.start(sockets)
    await stopped.wait()
    loop.remove_reader(lifeline)
    await server.stop(config.limits.drain.total_seconds())
    if proxy is not None:
        await proxy.close()
