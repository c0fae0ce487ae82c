"""``interceptor demo``: the sidecar in front of a small search engine, on this machine only."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus

from interceptor.addresses import Address, Upstream
from interceptor.binding import format_duration
from interceptor.cli.logs import start_log
from interceptor.cli.options import add_listeners
from interceptor.config import Config, Engine, Privacy, ReleaseKind, Search, Server, Tickets
from interceptor.errors import StartError
from interceptor.sidecar import sockets, supervisor

_EPILOG = """\
The engine searches the documentation that comes with Python, in memory. Nothing is downloaded, nothing is
written, and nothing runs on after Ctrl-C.
"""

_WINDOW = timedelta(seconds=10)
"""How often counts leave in the demo, so that they can be watched; 24 hours are the default elsewhere."""

_LIFETIME = timedelta(seconds=16)
"""How long a page counts a click in the demo; a window waits half as much again for its pages."""

_PATIENCE = 60.0
"""Seconds that the engine gets to read the documentation; two or three are usual."""

_SEARCHES = (
    ("an ordinary search: the engine's own page", "compress a file"),
    ("a search for such material: the warning", "child sexual abuse material"),
    ("a question about the law: results, with a note", "is csam illegal"),
)


def add(subparsers: Any) -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser(
        "demo",
        help="try it: the sidecar in front of a small search engine",
        description="Run the sidecar and a small search engine on this machine, and print searches to try.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_listeners(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run engine and sidecar until told to stop."""
    start_log("warning")
    usual = Server()
    # Only an address that nobody asked for gives way to a free one.
    server = Server(
        listen=tuple(options.listen or map(_free, usual.listen)), admin=options.admin or _free(usual.admin)
    )
    print("Reading the documentation of Python ...", flush=True)
    with _engine() as upstream:
        config = Config(
            engine=Engine(name="Library Search", search="/search?q={query}"),
            searches=(Search("/search", ("q",)), Search("/search.json", ("q",))),
            privacy=Privacy(window=_WINDOW, release=ReleaseKind.EXACT, linger=timedelta()),
            tickets=Tickets(lifetime=_LIFETIME),
            server=dataclasses.replace(server, upstream=upstream),
        )
        status = supervisor.run(config, announce=_announce)
    print("Stopped. Nothing is left behind.")
    return status


def _free(address: Address) -> Address:
    """``address``, or a free port beside it where another process listens there."""
    try:
        sockets.bind(address).close()
    except StartError:
        return dataclasses.replace(address, port=0)
    return address


@contextlib.contextmanager
def _engine() -> Iterator[Upstream]:
    """Run the engine in a process of its own, on a free port of the loopback interface.

    Raises `StartError` where it does not come up.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        descriptor = listener.fileno()
        process = subprocess.Popen(  # noqa: S603  (this very Python, with a number)
            [sys.executable, "-P", "-m", "interceptor.demo", str(descriptor)],
            pass_fds=[descriptor],
            stdin=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,  # Ctrl-C is for this process, which ends the engine after the last search
        )
    try:
        _wait_for(port)
        yield Upstream.parse(f"http://127.0.0.1:{port}")
    finally:
        assert process.stdin is not None
        process.stdin.close()  # which tells the engine to end
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int) -> None:
    """Wait until the engine answers; its socket listens already, so the first request waits in the queue."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        connection.request("HEAD", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        raise StartError("the demo's search engine did not start") from None
    finally:
        connection.close()


def _announce(listening: supervisor.Listening) -> None:
    base, window = _base(listening.public[0]), format_duration(_WINDOW)
    print(f"\nThe demo is at {base}/")
    print(
        f"Counts leave for {_base(listening.admin)}/metrics every {window}, half a minute late, as they are"
    )
    print("(in service: once in 24h, an hour and a half late, with noise).")
    print("\nThree searches to try:")
    for what, query in _SEARCHES:
        print(f"\n  {what}\n  {base}/search?q={quote_plus(query)}")
    print("\nCtrl-C stops it.", flush=True)


def _base(address: str) -> str:
    """The beginning of an address to open, or to give to curl where it is a Unix socket."""
    if address.startswith("unix:"):
        return f"--unix-socket {address.removeprefix('unix:')} http://localhost"
    return f"http://{address}"
