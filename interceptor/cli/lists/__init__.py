"""``interceptor lists``: what curators do with term lists, one module a subcommand."""

from __future__ import annotations

import argparse

from interceptor.cli.lists import (
    compile,
    diff,
    explain,
    fetch,
    importing,
    keys,
    lint,
    merge,
    open,
    publish,
    seal,
    stats,
    test,
    validate,
)

COMMANDS = (
    importing,
    validate,
    lint,
    test,
    diff,
    stats,
    explain,
    merge,
    compile,
    keys,
    seal,
    open,
    publish,
    fetch,
)
"""Each module has ``add(commands)``; in the order in which ``--help`` shows them."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "lists",
        help="import, check, test, seal and publish term lists",
        description="What curators do with term lists. docs/curators.md leads through the work of a month, "
        "docs/term-lists.md describes the format.",
    )
    commands = parser.add_subparsers(dest="lists_command", metavar="COMMAND", required=True)
    for module in COMMANDS:
        module.add(commands)
