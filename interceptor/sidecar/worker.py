"""A worker process: serves the public listener until it is told to stop or its supervisor is gone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable, Sequence

from interceptor.adapters.service import Service
from interceptor.config import Config
from interceptor.protection import lock_memory
from interceptor.recording import Recorder
from interceptor.sidecar import processes
from interceptor.sidecar.app import App
from interceptor.sidecar.bounds import fitted
from interceptor.sidecar.http_server import PublicServer
from interceptor.sidecar.reverse_proxy import ReverseProxy
from interceptor.sidecar.stack import with_room

_new_loop: Callable[[], asyncio.AbstractEventLoop] | None = None
with contextlib.suppress(ImportError):
    # Here, so that it is there when a worker is forked: to import it takes longer than all else a worker begins with.
    import uvloop

    _new_loop = uvloop.new_event_loop


def run(
    config: Config,
    service: Service,
    recorder: Recorder,
    sockets: Sequence[socket.socket],
    lifeline: int,
    ready: int,
) -> int:
    """Serve until told to stop, or until the descriptor ``lifeline`` reads its end; returns the exit status.

    SIGTERM and SIGINT close connections that wait for a request, SIGUSR1 lets them have one more: another worker
    is there to take their next. ``ready`` is a descriptor to write to, once it listens.
    """
    signal.signal(
        signal.SIGHUP, signal.SIG_IGN
    )  # meant for the supervisor, and sent to the whole group at times
    if config.lists_identity.is_named:
        lock_memory()  # a forked process does not inherit it
    serving = _serve(config, service, recorder, sockets, lifeline, ready)
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        with_room(lambda: runner.run(serving))
    processes.give_way(entirely=True)  # giving much memory back takes a while
    return 0


async def _serve(
    config: Config,
    service: Service,
    recorder: Recorder,
    sockets: Sequence[socket.socket],
    lifeline: int,
    ready: int,
) -> None:
    limits = fitted(config.limits, processes.allow_descriptors())
    loop = asyncio.get_running_loop()
    stopped, retired = asyncio.Event(), False

    def retire() -> None:
        nonlocal retired
        retired = True
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    loop.add_signal_handler(signal.SIGUSR1, retire)
    loop.add_reader(lifeline, stopped.set)

    proxy = None
    if config.server.upstream is not None:
        proxy = ReverseProxy(config.server.upstream, limits)
        await proxy.start()
    app = App(service, proxy)
    server = PublicServer(app, limits, recorder.failed, app.immediate)
    await server.start(sockets)
    os.write(ready, b"1")
    os.close(ready)
    await stopped.wait()
    drain = limits.drain.total_seconds()
    if retired:
        stopped.clear()
        drain -= await server.retire(drain, stopped)
    loop.remove_reader(lifeline)
    await server.stop(max(drain, 0.0))
    if proxy is not None:
        await proxy.close()
