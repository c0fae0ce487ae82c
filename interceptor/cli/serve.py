"""``interceptor serve``: the sidecar."""

from __future__ import annotations

import argparse
from typing import Any

from interceptor.cli.options import add_config, add_log_level, add_server, add_state, source
from interceptor.sidecar import supervisor

_EPILOG = """\
Examples:
  interceptor serve --upstream http://127.0.0.1:8888
      in front of an engine, at 127.0.0.1:8080; metrics at 127.0.0.1:9464/metrics
  interceptor serve --config /etc/interceptor.yaml --workers 2
"""


def add(subparsers: Any) -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser(
        "serve",
        help="run the sidecar in front of a search engine",
        description="Run the sidecar: a reverse proxy that screens searches and answers those that match.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_config(parser)
    add_server(parser)
    add_state(parser)
    add_log_level(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    return supervisor.run(source(options), announce=_announce, state=options.state)


def _announce(listening: supervisor.Listening) -> None:
    print(f"serving at {', '.join(listening.public)}; metrics at {listening.admin}/metrics", flush=True)
