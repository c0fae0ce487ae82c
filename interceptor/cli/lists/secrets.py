"""Identities, recipients, keys and passphrases for the subcommands of ``interceptor lists``.

No secret is taken from the command line itself, which other users of the machine can read.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage import x25519

from interceptor.binding import Wrong
from interceptor.cli.options import value
from interceptor.errors import CallError
from interceptor.termlists.sealing import Identity, read_identity, recipient
from interceptor.transport.keys import load_key
from interceptor.transport.roles import ROLES

SIGNER = "curator"
"""What the names of files begin with that hold the key which signs lists."""

KEY = ".key"


def add_identity(parser: argparse.ArgumentParser) -> None:
    """Add ``--identity``."""
    parser.add_argument(
        "--identity",
        metavar="FILE",
        type=Path,
        help="what opens sealed lists: an age identity or a passphrase",
    )


def identity_of(args: argparse.Namespace) -> Identity | None:
    """What ``--identity`` names. Raises `StartError`."""
    path: Path | None = args.identity
    return None if path is None else read_identity(path)


def add_recipients(parser: argparse.ArgumentParser) -> None:
    """Add ``--recipient`` and ``--recipients``."""
    parser.add_argument(
        "--recipient",
        metavar="AGE1...",
        type=value(recipient),
        action="append",
        default=[],
        help="who can open it; may be repeated",
    )
    parser.add_argument(
        "--recipients", metavar="FILE", type=Path, help="a file of recipients, one a line; # begins a comment"
    )


def recipients_of(args: argparse.Namespace) -> list[x25519.Recipient]:
    """The recipients that ``--recipient`` and ``--recipients`` name. Raises `CallError`."""
    found = list(args.recipient)
    if args.recipients is None:
        return found
    try:
        lines = args.recipients.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise CallError(f"{args.recipients}: cannot be read") from None
    for number, line in enumerate(lines, 1):
        if text := line.partition("#")[0].strip():
            try:
                found.append(recipient(text))
            except Wrong as wrong:
                raise CallError(f"{args.recipients}:{number}: {wrong.what}. {wrong.remedy}") from None
    return found


def add_passphrase_file(parser: argparse.ArgumentParser) -> None:
    """Add ``--passphrase-file``."""
    parser.add_argument(
        "--passphrase-file",
        metavar="FILE",
        type=Path,
        help="a file whose first line is the passphrase, where nobody is there to be asked",
    )


def asker(args: argparse.Namespace, *, twice: bool = False) -> Callable[[Path], str]:
    """How the passphrase of a file is found out: from ``--passphrase-file``, or by asking on the terminal."""

    def ask(path: Path) -> str:
        if args.passphrase_file is not None:
            return _first_line(args.passphrase_file)
        if not sys.stdin.isatty():
            raise CallError(f"{path}: a passphrase is needed, and nobody to ask; use --passphrase-file")
        text = getpass.getpass(f"Passphrase of {path}: ")
        if twice and getpass.getpass("Once more: ") != text:
            raise CallError("the two differ; nothing was done")
        if not text:
            raise CallError("an empty passphrase protects nothing; nothing was done")
        return text

    return ask


def add_keys(parser: argparse.ArgumentParser) -> None:
    """Add ``--keys`` and ``--passphrase-file``."""
    parser.add_argument(
        "--keys",
        metavar="DIR",
        type=Path,
        action="append",
        required=True,
        help="a folder of keys, named by what they sign: root*.key, targets*.key, snapshot*.key, timestamp*.key, "
        "curator*.key, each with .age behind it where a passphrase seals it; may be repeated",
    )
    add_passphrase_file(parser)


def keys_of(args: argparse.Namespace, wanted: Iterable[str]) -> dict[str, list[Ed25519PrivateKey]]:
    """The keys in the folders of ``--keys`` that sign what is ``wanted``, by that.

    Only these are opened. Raises `CallError` and `StartError`.
    """
    ask = asker(args)
    wanted = tuple(wanted)
    found: dict[str, list[Ed25519PrivateKey]] = {role: [] for role in wanted}
    for folder in args.keys:
        if not folder.is_dir():
            raise CallError(f"{folder}: is no folder of keys")
        for path in sorted(folder.iterdir()):
            if KEY not in path.suffixes:
                continue
            role = next((role for role in (*ROLES, SIGNER) if path.name.startswith(role)), None)
            if role in wanted:
                assert role is not None
                found[role].append(load_key(path, ask))
    return found


def need(keys: dict[str, list[Ed25519PrivateKey]], args: argparse.Namespace) -> None:
    """Check that there is a key of every kind in ``keys``. Raises `CallError`."""
    if missing := [role for role, there in keys.items() if not there]:
        folders = ", ".join(map(str, args.keys))
        raise CallError(f"{folders}: no key for {', '.join(missing)}; make one with: lists keys sign")


def _first_line(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            line = file.readline(10_000).rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise CallError(f"{path}: the passphrase cannot be read") from None
    if not line:
        raise CallError(f"{path}: the first line is empty where the passphrase should be")
    return line
