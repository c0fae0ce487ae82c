"""``interceptor lists open``: a sealed list in the clear, on the curator's own machine."""

from __future__ import annotations

import argparse
import os
import stat
import sys
from pathlib import Path

from interceptor.cli.lists.common import EXIT_STATUS, Commands, command
from interceptor.cli.lists.secrets import add_passphrase_file, asker
from interceptor.cli.options import require
from interceptor.errors import CallError
from interceptor.matching import compiled
from interceptor.termlists.reading import read_bytes
from interceptor.termlists.sealing import Identity, is_sealed, read_identity

_DESCRIPTION = f"""\
Open a sealed list and write it in the clear.

Whoever reads that file reads the terms, so you are asked before anything is written to a disk. The service and the
other commands open sealed lists by themselves, in memory: this is for changing a list of your own.

examples:
  interceptor lists open lanterns.yaml.age --identity identity.txt --out lanterns.yaml
  interceptor lists open lanterns.yaml.age --identity identity.txt | less

{EXIT_STATUS}"""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Register the subcommand."""
    parser = command(commands, "open", "open a sealed list", _DESCRIPTION)
    parser.add_argument("file", type=Path, metavar="LIST.age")
    parser.add_argument(
        "--identity", metavar="FILE", type=Path, help="what opens it; none: you are asked for a passphrase"
    )
    add_passphrase_file(parser)
    parser.add_argument("--out", metavar="FILE", type=Path, help="where to write; default: standard output")
    parser.add_argument("--yes", action="store_true", help="write to a disk without asking")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run ``lists open``; return the exit status. Raises `CallError`, `StartError` and `TermListError`."""
    require([args.file])
    if not is_sealed(args.file):
        raise CallError(f"{args.file}: is not sealed")
    if args.out is not None and args.out.exists():
        raise CallError(f"{args.out}: is there already; name another file")
    identity = read_identity(args.identity) if args.identity else Identity(passphrase=asker(args)(args.file))
    data = read_bytes(args.file, identity=identity, max_bytes=compiled.MAX_BYTES)
    if not args.yes and (args.out is not None or _is_a_file(sys.stdout.fileno())):
        _ask(str(args.out or "the file that standard output goes to"))
    if args.out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return 0
    try:
        compiled.write(args.out, data)
    except OSError as cause:
        raise CallError(f"{args.out}: cannot be written ({cause.strerror})") from None
    print(f"{args.out}: written in the clear; delete it when you are done")
    return 0


def _is_a_file(descriptor: int) -> bool:
    return stat.S_ISREG(os.fstat(descriptor).st_mode)


def _ask(place: str) -> None:
    if not sys.stdin.isatty():
        raise CallError(f"{place} would hold every term in the clear; add --yes if it shall")
    print(f"{place} will hold every term in the clear. Write it? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise CallError("nothing was written")
