"""``interceptor keeper``: the keeper alone, for adapters inside web applications."""

from __future__ import annotations

import argparse
from typing import Any

from interceptor.addresses import Address
from interceptor.cli.options import add_config, add_log_level, add_state, source, value
from interceptor.sidecar import supervisor

_EPILOG = """\
Example:
  interceptor keeper --config /etc/interceptor.yaml
      with 'keeper: {socket: /run/interceptor/keeper.sock}' in the file, which the application reads too
"""


def add(subparsers: Any) -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser(
        "keeper",
        help="count for adapters inside web applications",
        description="Run the keeper alone: it takes in what adapters count, over its Unix socket (keeper.socket), "
        "and serves metrics and health. Start it before the application.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_config(parser)
    parser.add_argument("--admin", metavar="ADDR", type=value(Address.parse), help="where metrics are served")
    add_state(parser)
    add_log_level(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Keep until told to stop."""
    return supervisor.run(source(options), announce=_announce, keeper_only=True, state=options.state)


def _announce(listening: supervisor.Listening) -> None:
    print(f"keeping; metrics at {listening.admin}/metrics", flush=True)
