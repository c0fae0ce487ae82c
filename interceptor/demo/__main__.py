"""The engine as a process of its own: ``python -m interceptor.demo FD`` serves an inherited socket.

It ends at the end of its standard input: a pipe, held open by the process that started it for as long as that
process lives.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import sys

from aiohttp import web

from interceptor.demo.engine import application, build_index
from interceptor.errors import StartError


async def serve(listener: socket.socket, lifeline: int) -> None:
    """Serve the engine on ``listener`` until the descriptor ``lifeline`` reads its end."""
    runner = web.AppRunner(application(build_index()), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(lifeline, ended.set)
    await ended.wait()
    await runner.cleanup()


def main() -> None:
    """Run the engine: the only argument is the descriptor of the listening socket."""
    # aiohttp's own log quotes the requests that it cannot read.
    logging.disable(logging.CRITICAL)
    listener = socket.socket(fileno=int(sys.argv[1]))
    listener.setblocking(False)
    try:
        asyncio.run(serve(listener, sys.stdin.fileno()))
    except StartError as cause:
        sys.exit(f"interceptor demo: {cause}")


if __name__ == "__main__":
    main()
