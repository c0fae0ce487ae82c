"""Options that several subcommands take, and the configuration that they make."""

from __future__ import annotations

import argparse
import dataclasses
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from interceptor.addresses import Address, Upstream
from interceptor.binding import Wrong
from interceptor.cli.logs import start_log
from interceptor.config import Config
from interceptor.errors import CallError
from interceptor.settings.custody import ListsIdentity
from interceptor.settings.updates import Updates
from interceptor.sidecar.last_good import Kept
from interceptor.sidecar.reloading import Source


def value(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Make an argparse type of a reader that raises `Wrong`."""

    def convert(text: str) -> Any:
        try:
            return read(text)
        except Wrong as wrong:
            raise argparse.ArgumentTypeError(f"{wrong.what}. {wrong.remedy}") from None

    return convert


def add_config_file(parser: argparse.ArgumentParser) -> None:
    """Add ``--config``."""
    parser.add_argument(
        "--config", metavar="FILE", type=Path, help="the configuration file (YAML); none: defaults"
    )


def add_config(parser: argparse.ArgumentParser) -> None:
    """Add ``--config`` and ``--lists``."""
    add_config_file(parser)
    parser.add_argument(
        "--lists",
        metavar="PATH",
        type=Path,
        nargs="+",
        action="extend",
        help="term lists to use instead of the configured ones: files or folders of .yaml, .txt (a term a line), .csv, "
        "or one .compiled file; each may be sealed, with .age behind its name",
    )
    parser.add_argument(
        "--identity",
        metavar="FILE",
        type=Path,
        help="what opens sealed lists, in place of the configured 'lists_identity'",
    )


def add_listeners(parser: argparse.ArgumentParser) -> None:
    """Add ``--listen`` and ``--admin``."""
    address = value(Address.parse)
    parser.add_argument(
        "--listen",
        metavar="ADDR",
        type=address,
        action="append",
        help="host:port or unix:/path; may be repeated",
    )
    parser.add_argument("--admin", metavar="ADDR", type=address, help="where metrics and health are served")


def add_server(parser: argparse.ArgumentParser) -> None:
    """Add what only a server takes: listeners, ``--upstream`` and ``--workers``."""
    add_listeners(parser)
    parser.add_argument(
        "--upstream",
        metavar="URL",
        type=value(Upstream.parse),
        help="the engine: http://host:port, https://host or unix:/path",
    )
    parser.add_argument(
        "--workers", metavar="N", type=value(_workers), help="processes that serve (default 1)"
    )


def add_log_level(parser: argparse.ArgumentParser) -> None:
    """Add ``--log-level``."""
    parser.add_argument(
        "--log-level", choices=("debug", "info", "warning", "error"), default="info", help="default: info"
    )


def _workers(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 1024:
        raise Wrong("is not a number of processes", "Use 1 to 1024; about one a core.")
    return int(text)


def require(paths: Iterable[Path]) -> None:
    """Check that every path that was named leads somewhere. Raises `CallError`."""
    if missing := [str(path) for path in paths if not path.exists()]:
        raise CallError(f"{', '.join(missing)}: there is no such file or folder. Check the path.")


def add_state(parser: argparse.ArgumentParser) -> None:
    """Add ``--state``."""
    parser.add_argument(
        "--state",
        metavar="DIR",
        type=Path,
        default=_state_directory(),
        help="where the last good configuration and lists are kept, to start with where they are broken "
        "(default: $STATE_DIRECTORY, as systemd sets it; none: they are not kept)",
    )


def _state_directory() -> Path | None:
    first = os.environ.get("STATE_DIRECTORY", "").partition(":")[0]
    return Path(first) if first else None


def source(options: argparse.Namespace) -> Source:
    """The configuration that ``options`` ask for, to be read more than once; the log is written as it says."""

    def read(kept: Kept | None = None) -> Config:
        config = configuration(options, kept)
        start_log(options.log_level, config.log.format)
        return config

    return Source(read, options.config)


def configuration(options: argparse.Namespace, kept: Kept | None = None) -> Config:
    """The configuration that ``options`` ask for, or with its files as they were ``kept``.

    Raises `CallError`, `ConfigError`.
    """
    lists = getattr(options, "lists", None) or ()
    if kept is not None:
        if (kept.config is None) != (options.config is None):
            raise CallError("what was kept belongs to another call.")
        folder = options.config.parent if options.config else None
        config = Config.load(kept.config, folder=folder) if kept.config else Config()
        lists = kept.lists
    else:
        require([*([options.config] if options.config else ()), *lists])
        config = Config.load(options.config) if options.config else Config()
    if lists or kept:
        config = dataclasses.replace(config, lists=tuple(lists))
    if identity := getattr(options, "identity", None):
        config = dataclasses.replace(config, lists_identity=ListsIdentity(file=identity))
    if getattr(options, "lists", None):
        config = dataclasses.replace(config, updates=Updates())  # what was named stands alone
    changes: dict[str, Any] = {
        name: tuple(given) if isinstance(given, list) else given
        for name in ("listen", "admin", "upstream", "workers")
        if (given := getattr(options, name, None)) is not None
    }
    return dataclasses.replace(config, server=dataclasses.replace(config.server, **changes))
