"""``interceptor lists publish root`` and ``sign``: which keys a repository's roles have."""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

from interceptor.binding import Wrong
from interceptor.cli.lists.secrets import add_keys, keys_of, need
from interceptor.cli.options import value
from interceptor.signatures import PublicKey
from interceptor.transport.roles import ROLES, RoleName

_ROOT = """\
Prepare a new version of the root, which says who may sign what. It takes effect when enough holders of root keys, old
and new, have signed it with 'publish sign'; services follow by themselves. KEY is the file .pub of a key, or the line
in it.

  interceptor lists publish root repository --add timestamp=timestamp-2.pub --remove timestamp=timestamp-1.pub

With neither --add nor --remove, the root only gets a new date of expiry."""

_SIGN = """\
Sign the root that 'publish root' prepared with every root key that is at hand. Where several people have to sign, each
does so in turn; the folder 'staged' of the repository goes from one to the next."""

_Change = tuple[RoleName, PublicKey]


def add_root(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the subcommands."""
    form = argparse.RawDescriptionHelpFormatter
    root = verbs.add_parser("root", help="prepare a change of keys", description=_ROOT, formatter_class=form)
    root.add_argument("repository", type=Path, metavar="REPOSITORY", help="the folder of the repository")
    for name, text in (("--add", "a key that comes"), ("--remove", "a key that goes")):
        root.add_argument(
            name,
            metavar="ROLE=KEY",
            type=value(_change),
            action="append",
            default=[],
            help=f"{text}; may be repeated",
        )
    root.add_argument(
        "--threshold", metavar="N", type=int, help="how many of the root keys have to sign from now on"
    )
    root.set_defaults(run=run_root)
    sign = verbs.add_parser("sign", help="sign a prepared root", description=_SIGN, formatter_class=form)
    sign.add_argument("repository", type=Path, metavar="REPOSITORY", help="the folder of the repository")
    add_keys(sign)
    sign.set_defaults(run=run_sign)


def run_root(args: argparse.Namespace) -> int:
    """Run ``lists publish root``; return the exit status. Raises `CallError`."""
    from interceptor.transport.repository import Repository  # brings python-tuf, which takes its time

    changes: dict[RoleName, tuple[list[PublicKey], list[PublicKey]]] = defaultdict(lambda: ([], []))
    for place, given in enumerate((args.remove, args.add)):
        for role, key in given:
            changes[role][place].append(key)
    version = Repository(args.repository).stage_root(changes, root_threshold=args.threshold)
    print(f"version {version} of the root waits for signatures; next: lists publish sign {args.repository}")
    return 0


def run_sign(args: argparse.Namespace) -> int:
    """Run ``lists publish sign``; return the exit status. Raises `CallError` and `StartError`."""
    from interceptor.transport.repository import Repository  # brings python-tuf, which takes its time

    keys = keys_of(args, ("root",))
    need(keys, args)
    old, new = Repository(args.repository).sign_root(keys["root"])
    if old or new:
        print(f"signed; still needed: {old} of the keys so far, {new} of the keys from now on")
        return 0
    print(
        "signed by enough, and in the repository. Now sign the rest anew: "
        f"lists publish refresh {args.repository} --role targets"
    )
    return 0


def _line(key: str) -> str:
    """The key itself where ``key`` names a file that holds it."""
    path = Path(key)
    try:
        return path.read_text("utf-8").strip() if path.suffix == ".pub" else key
    except (OSError, UnicodeDecodeError):
        raise Wrong(f"names {key}, which cannot be read", "Check the path.") from None


def _change(text: str) -> _Change:
    role, equals, key = text.partition("=")
    for name in ROLES:
        if name == role and equals:
            return name, PublicKey.parse(_line(key))
    raise Wrong(
        "names no role and key", f"Write one of {', '.join(ROLES)}, '=' and the key: timestamp=RWQ..."
    )
