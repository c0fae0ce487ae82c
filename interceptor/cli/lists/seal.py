"""``interceptor lists seal``: a list that only those can read whom it is sealed for."""

from __future__ import annotations

import argparse
from pathlib import Path

from interceptor.cli.lists.common import EXIT_STATUS, Commands, command
from interceptor.cli.lists.secrets import add_passphrase_file, add_recipients, asker, recipients_of
from interceptor.cli.options import require
from interceptor.errors import CallError
from interceptor.matching import compiled
from interceptor.termlists.reading import is_compiled, read_bytes, read_list
from interceptor.termlists.sealing import SEALED, is_sealed, seal, seal_with_passphrase

_DESCRIPTION = f"""\
Seal a list with age, for recipients or with a passphrase.

Each recipient is the age1... that 'lists keys identity' printed for an operator; with several, each of them can open
it. The list is checked first. The sealed file has the name of the list and {SEALED} behind it; it is what you hand
over or publish. The file in the clear stays where it is: keep it safe, or delete it.

examples:
  interceptor lists seal lanterns.yaml --recipients operators.txt
  interceptor lists seal lanterns.yaml --passphrase

{EXIT_STATUS}"""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Register the subcommand."""
    parser = command(commands, "seal", "seal a list for its recipients", _DESCRIPTION)
    parser.add_argument("file", type=Path, metavar="LIST", help="a list, or compiled lists")
    add_recipients(parser)
    parser.add_argument("--passphrase", action="store_true", help="seal it with a passphrase instead")
    add_passphrase_file(parser)
    parser.add_argument("--out", metavar="FILE", type=Path, help=f"where to write; default: LIST{SEALED}")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run ``lists seal``; return the exit status. Raises `CallError` and `TermListError`."""
    require([args.file])
    if is_sealed(args.file):
        raise CallError(f"{args.file}: is sealed already")
    out = args.out or args.file.with_name(f"{args.file.name}{SEALED}")
    if out.suffix.lower() != SEALED:
        raise CallError(f"{out}: does not end in {SEALED}")
    recipients = recipients_of(args)
    with_passphrase = args.passphrase or args.passphrase_file is not None
    if bool(recipients) == with_passphrase:
        raise CallError("name recipients, or --passphrase; not both")
    if is_compiled(args.file):
        compiled.read(args.file)
    else:
        read_list(args.file)
    data = read_bytes(args.file, identity=None, max_bytes=compiled.MAX_BYTES)
    sealed = (
        seal_with_passphrase(data, asker(args, twice=True)(out))
        if with_passphrase
        else seal(data, recipients)
    )
    try:
        compiled.write(out, sealed)
    except OSError as cause:
        raise CallError(f"{out}: cannot be written ({cause.strerror})") from None
    print(f"{out}: sealed {'with a passphrase' if with_passphrase else f'for {len(recipients)}'}")
    return 0
