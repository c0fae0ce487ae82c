"""``interceptor lists keys``: identities that open sealed lists, and keys that sign."""

from __future__ import annotations

import argparse
from pathlib import Path

from interceptor.cli.lists.common import Commands, command
from interceptor.cli.lists.secrets import KEY, add_passphrase_file, asker
from interceptor.errors import CallError, StartError
from interceptor.signatures import PublicKey
from interceptor.termlists.sealing import is_sealed, new_identity, plain_name
from interceptor.transport.keys import load_key, new_key, write_secret

_DESCRIPTION = """\
Make keys. There are two kinds.

An identity opens lists that are sealed for its recipient. The operator of a search engine makes one, keeps the file
for the service alone, and sends the recipient (age1...) to the curator.

A signing key signs lists, or a role of a repository. A curator makes these; the name of the file says what for:
curator, root, targets, snapshot, timestamp, with anything behind it. A name that ends in .age has a passphrase. The
public part is printed, and written beside it into a file that ends in .pub.

examples:
  interceptor lists keys identity identity.txt
  interceptor lists keys sign keys/curator.key.age
  interceptor lists keys show keys/curator.key.age"""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Register the subcommand."""
    parser = command(commands, "keys", "make identities and signing keys", _DESCRIPTION)
    kinds = parser.add_subparsers(dest="keys_command", metavar="COMMAND", required=True)
    identity = _kind(
        kinds,
        "identity",
        "make an identity, which opens sealed lists",
        "interceptor lists keys identity identity.txt",
    )
    identity.add_argument("file", type=Path, metavar="FILE", help="where to write; must not be there yet")
    identity.set_defaults(run=run_identity)
    sign = _kind(kinds, "sign", "make a signing key", "interceptor lists keys sign keys/curator.key.age")
    sign.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help=f"where to write; ends in {KEY}, or {KEY}.age for a passphrase",
    )
    add_passphrase_file(sign)
    sign.set_defaults(run=run_sign)
    show = _kind(
        kinds,
        "show",
        "print the public part of a signing key",
        "interceptor lists keys show keys/curator.key.age",
    )
    show.add_argument("file", type=Path, metavar="FILE")
    add_passphrase_file(show)
    show.set_defaults(run=run_show)


def _kind(
    kinds: Commands[argparse.ArgumentParser], name: str, what: str, example: str
) -> argparse.ArgumentParser:
    return kinds.add_parser(
        name,
        help=what,
        description=f"{what[0].upper()}{what[1:]}.\n\nexample:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def run_identity(args: argparse.Namespace) -> int:
    """Run ``lists keys identity``; return the exit status. Raises `StartError`."""
    secret, recipient = new_identity()
    write_secret(args.file, f"# recipient: {recipient}\n{secret}\n".encode())
    print(recipient)
    return 0


def run_sign(args: argparse.Namespace) -> int:
    """Run ``lists keys sign``; return the exit status. Raises `CallError` and `StartError`."""
    if plain_name(args.file).suffix != KEY:
        raise CallError(f"{args.file}: does not end in {KEY} or {KEY}.age")
    if args.file.exists():
        raise StartError(f"{args.file}: is there already, and a key is not overwritten; name another file")
    passphrase = asker(args, twice=True)(args.file) if is_sealed(args.file) else None
    public = args.file.with_name(f"{args.file.name.partition(KEY)[0]}.pub")
    key = str(PublicKey.of(new_key(args.file, passphrase)))
    try:
        public.write_text(f"{key}\n")
    except OSError as cause:
        raise StartError(f"{public}: cannot be written ({cause.strerror})") from None
    print(f"{key}\n{args.file}: keep it to yourself. {public}: for others to have.")
    return 0


def run_show(args: argparse.Namespace) -> int:
    """Run ``lists keys show``; return the exit status. Raises `CallError` and `StartError`."""
    print(PublicKey.of(load_key(args.file, asker(args))))
    return 0
