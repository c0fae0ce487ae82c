"""``interceptor lists publish``: a repository of sealed lists, made and signed anew."""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from interceptor.cli.lists.common import Commands, command
from interceptor.cli.lists.publish_root import add_root
from interceptor.cli.lists.secrets import SIGNER, add_keys, keys_of, need
from interceptor.cli.options import require
from interceptor.errors import CallError
from interceptor.signatures import SIGNATURE, sign
from interceptor.termlists.sealing import SEALED, is_sealed
from interceptor.transport.roles import DAYS, ONLINE, ROLES
from interceptor.transport.staging import MAX_LIST_BYTES

if TYPE_CHECKING:
    from interceptor.transport.repository import Repository

_DESCRIPTION = """\
Publish sealed lists in a repository that services fetch from (The Update Framework). The folder that this makes can
be put on any web server or onion service; 'metadata' and 'targets' in it have to be reachable.

The first time:
  interceptor lists publish init repository --keys keys
Every month:
  interceptor lists publish add repository lanterns.yaml.age --keys keys
Every day or two, by a timer, with the keys snapshot and timestamp alone:
  interceptor lists publish refresh repository --keys online-keys

docs/curators.md walks through it, with the keys of two curators."""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Register the subcommand."""
    parser = command(commands, "publish", "publish sealed lists for services to fetch", _DESCRIPTION)
    verbs = parser.add_subparsers(dest="publish_command", metavar="COMMAND", required=True)

    init = verbs.add_parser("init", help="make a repository")
    _add_repository(init)
    add_keys(init)
    init.add_argument(
        "--threshold",
        metavar="N",
        type=int,
        default=1,
        help="how many of the root keys have to sign (default: 1)",
    )
    init.set_defaults(run=run_init)

    publish = verbs.add_parser("add", help="publish sealed lists, or newer ones of the same names")
    _add_repository(publish)
    publish.add_argument("lists", nargs="+", type=Path, metavar="LIST.age")
    add_keys(publish)
    publish.set_defaults(run=run_add)

    withdraw = verbs.add_parser("withdraw", help="offer a list no longer; services that have it keep it")
    _add_repository(withdraw)
    withdraw.add_argument("lists", nargs="+", metavar="NAME")
    add_keys(withdraw)
    withdraw.set_defaults(run=run_withdraw)

    refresh = verbs.add_parser("refresh", help="sign anew, before it expires")
    _add_repository(refresh)
    add_keys(refresh)
    refresh.add_argument(
        "--role",
        choices=ONLINE,
        default="snapshot",
        help="sign this and what depends on it: targets > snapshot > timestamp (default: snapshot)",
    )
    refresh.add_argument(
        "--timestamp-days",
        metavar="N",
        type=int,
        default=DAYS["timestamp"],
        help=f"days until the timestamp expires (default: {DAYS['timestamp']})",
    )
    refresh.set_defaults(run=run_refresh)

    status = verbs.add_parser("status", help="say what is offered, and what expires when")
    _add_repository(status)
    status.set_defaults(run=run_status)
    add_root(verbs)


def run_init(args: argparse.Namespace) -> int:
    """Run ``lists publish init``; return the exit status. Raises `CallError` and `StartError`."""
    keys = keys_of(args, ROLES)
    need(keys, args)
    repository = _repository_class().init(args.repository, keys, root_threshold=args.threshold)
    print(f"{args.repository}: made. Hand {args.repository / 'metadata' / '1.root.json'} to each operator.")
    return _status(repository)


def run_add(args: argparse.Namespace) -> int:
    """Run ``lists publish add``; return the exit status. Raises `CallError` and `StartError`."""
    require(args.lists)
    files: dict[str, bytes] = {}
    for path in args.lists:
        if not is_sealed(path):
            raise CallError(f"{path}: is not sealed, and would be published in the clear; seal it first")
        data = path.read_bytes()
        if not data.startswith((b"age-encryption.org/", b"-----BEGIN AGE")):
            raise CallError(f"{path}: is not sealed, though its name says so; seal it first")
        if len(data) > MAX_LIST_BYTES:
            raise CallError(f"{path}: is larger than services take ({MAX_LIST_BYTES:,} bytes)")
        files[path.name] = data
    keys = keys_of(args, (*ONLINE, SIGNER))
    need(keys, args)
    signer = keys.pop(SIGNER)
    if len(signer) > 1:
        raise CallError("several keys of curators are there; keep the one that is to sign in --keys")
    now = int(time.time())
    signatures = {f"{name}{SIGNATURE}": sign(data, name, signer[0], time=now) for name, data in files.items()}
    repository = _repository_class()(args.repository)
    repository.publish({**files, **signatures}, keys)
    return _status(repository)


def run_withdraw(args: argparse.Namespace) -> int:
    """Run ``lists publish withdraw``; return the exit status. Raises `CallError` and `StartError`."""
    repository = _repository_class()(args.repository)
    names = [each for name in args.lists for each in (name, f"{name}{SIGNATURE}")]
    repository.withdraw(names, keys_of(args, ONLINE))
    return _status(repository)


def run_refresh(args: argparse.Namespace) -> int:
    """Run ``lists publish refresh``; return the exit status. Raises `CallError` and `StartError`."""
    if args.timestamp_days < 1:
        raise CallError("--timestamp-days: at least one day")
    repository = _repository_class()(args.repository)
    roles = ONLINE[ONLINE.index(args.role) :]
    repository.refresh(roles, keys_of(args, roles), days={**DAYS, "timestamp": args.timestamp_days})
    return _status(repository)


def run_status(args: argparse.Namespace) -> int:
    """Run ``lists publish status``; return the exit status, 1 where a service would refuse the repository."""
    return _status(_repository_class()(args.repository))


def _status(repository: Repository) -> int:
    now = datetime.now(UTC)
    fit = True
    for state in repository.states():
        remarks = []
        if state.signed < state.threshold:
            remarks.append(f"{state.signed} of {state.threshold} signatures: sign it anew")
        if state.expires <= now:
            remarks.append("expired: sign it anew")
        fit = fit and not remarks
        print(
            f"{state.role:<10}version {state.version}, until {state.expires:%Y-%m-%d %H:%M} UTC",
            *remarks,
            sep="; ",
        )
    offered = [name for name in repository.lists() if name.endswith(SEALED)]
    print(f"offered: {', '.join(offered) or 'nothing yet'}")
    if version := repository.staged_version():
        print(f"waiting for signatures: version {version} of the root")
    return 0 if fit else 1


def _repository_class() -> type[Repository]:
    # Imported when it is needed: it brings python-tuf, and every command of ours would wait for that.
    from interceptor.transport.repository import Repository

    return Repository


def _add_repository(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("repository", type=Path, metavar="REPOSITORY", help="the folder of the repository")
