"""``interceptor lists compile``: term lists as one file that starts fast."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from interceptor.cli.lists.common import EXIT_STATUS, Commands, add_paths, command, count
from interceptor.cli.lists.secrets import add_recipients, identity_of, recipients_of
from interceptor.cli.options import require
from interceptor.errors import CallError
from interceptor.matching import compiled
from interceptor.termlists.reading import COMPILED, files_in, is_compiled, read_lists
from interceptor.termlists.sealing import SEALED, is_sealed, seal

_DESCRIPTION = f"""\
Turn term lists into one compiled file, from which the service starts faster.

Give that file to --lists, or name it under 'lists:' in the configuration, in place of the lists; no other list can be
used beside it. It is made for this version of the interceptor: after an update, compile again. The terms can be read
out of it, so keep it as you keep the lists; it is written so that only you can read it. Of sealed lists it is made
sealed too, for the recipients that you name.

example:
  interceptor lists compile keyword_lists/ my-list.yaml --out lists.compiled

{EXIT_STATUS}"""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Register the subcommand."""
    parser = command(commands, "compile", "turn term lists into a file that starts fast", _DESCRIPTION)
    add_paths(parser)
    parser.add_argument(
        "--out",
        metavar="FILE",
        type=_compiled_file,
        required=True,
        help=f"where to write; ends in {COMPILED}, or {COMPILED}{SEALED} for recipients",
    )
    add_recipients(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run ``lists compile``; return the exit status. Raises `TermListError`."""
    require(args.paths)
    recipients = recipients_of(args)
    files = [file for path in args.paths for file in files_in(path)]
    if is_sealed(args.out) != bool(recipients):
        raise CallError(f"a compiled file for recipients ends in {COMPILED}{SEALED}, and needs --recipient")
    if not recipients and any(map(is_sealed, files)):
        raise CallError(
            f"what is made of a sealed list is sealed: --out lists{COMPILED}{SEALED} --recipient AGE1..."
        )
    data = compiled.compile_lists(lists := read_lists(args.paths, identity=identity_of(args)))
    if recipients:
        data = seal(data, recipients)
    try:
        compiled.write(args.out, data)
    except OSError as cause:
        print(f"{args.out}: cannot be written ({cause.strerror}). Check the folder.", file=sys.stderr)
        return 2
    entries = sum(len(term_list.entries) for term_list in lists)
    print(
        f"{args.out}: {count(len(lists), 'list', 'lists')}, {count(entries, 'entry', 'entries')}, "
        f"{count(len(data), 'byte', 'bytes')}"
    )
    return 0


def _compiled_file(text: str) -> Path:
    path = Path(text)
    if not is_compiled(path):
        raise argparse.ArgumentTypeError(f"does not end in {COMPILED}. Name it so: lists{COMPILED}")
    return path
