"""What the subcommands of ``interceptor lists`` have in common."""

from __future__ import annotations

import argparse
from pathlib import Path

from interceptor.cli.lists.secrets import add_identity

EXIT_STATUS = "Exit status: 0 all is well, 1 a list is at fault, 2 the command was called wrongly."

Commands = argparse._SubParsersAction  # the type has no public name


def command(
    commands: Commands[argparse.ArgumentParser], name: str, summary: str, description: str
) -> argparse.ArgumentParser:
    """Register the subcommand ``name``; its options are the caller's to add."""
    return commands.add_parser(
        name, help=summary, description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def add_paths(parser: argparse.ArgumentParser, *, least: int = 1) -> None:
    """Add the lists that a subcommand works on, ``least`` (0 or 1) of them."""
    parser.add_argument(
        "paths",
        nargs="+" if least else "*",
        type=Path,
        metavar="PATH",
        help="a list (.yaml .yml .txt .csv, sealed: .age behind it), or a folder of lists",
    )
    add_identity(parser)


def count(number: int, one: str, many: str) -> str:
    """Write a number of things."""
    return f"{number:,} {one if number == 1 else many}"
