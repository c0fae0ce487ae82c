"""Where lists are fetched from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from interceptor.addresses import web_address
from interceptor.binding import Wrong, setting
from interceptor.settings.checks import not_empty, positive
from interceptor.signatures import PublicKey

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_LIST = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.(yaml|yml|txt|csv)\.age")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A SOCKS5 proxy (RFC 1928), which resolves names itself: Tor's, for one."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``socks5://host:port``, with ``user:password@`` before the host or not. Raises `Wrong`."""
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            port = None
        if port is None or parts.scheme not in ("socks5", "socks5h") or not parts.hostname or parts.path:
            raise Wrong("is no SOCKS proxy", "Write socks5://127.0.0.1:9050.")
        return cls(f"socks5://{parts.netloc}")

    def __str__(self) -> str:
        # A password stays out of 'config show'.
        return f"socks5://{self.text.rpartition('@')[2].removeprefix('socks5://')}"


def _check_name(value: str) -> None:
    if not _NAME.fullmatch(value):
        raise Wrong("is no name", "Use letters a-z, digits, '.', '_' and '-': hotline.")


def _check_url(value: str) -> None:
    if (parts := web_address(value)) is None or parts.query or parts.fragment or "@" in parts.netloc:
        raise Wrong(
            "is no address of a repository", "Write http:// or https://, and the path up to its folder."
        )


def _check_lists(value: tuple[str, ...]) -> None:
    not_empty(value)
    for name in value:
        if not _LIST.fullmatch(name):
            raise Wrong(
                "names what is no sealed list", "Write its file's name in the repository: lists.yaml.age."
            )


@dataclass(frozen=True, slots=True)
class Source:
    """A curator's repository (The Update Framework), and what is taken from it."""

    name: str = setting(check=_check_name, doc="what logs call it")
    url: str = setting(check=_check_url, doc="where the repository is served")
    root: Path = setting(doc="the file root.json that the curator handed over")
    signers: tuple[PublicKey, ...] = setting(
        check=not_empty, doc="public keys of curators; one has to have signed each list"
    )
    lists: tuple[str, ...] = setting(check=_check_lists, doc="names of sealed lists in the repository")
    proxy: Proxy | None = setting(None, doc="SOCKS proxy to fetch through")

    def __post_init__(self) -> None:
        host = urlsplit(self.url).hostname or ""
        if host.endswith(".onion") and self.proxy is None:
            raise Wrong("an onion address is fetched through Tor", "Add 'proxy: socks5://127.0.0.1:9050'.")


@dataclass(frozen=True, slots=True)
class Updates:
    """Lists that the service fetches by itself."""

    sources: tuple[Source, ...] = setting(())
    state: Path | None = setting(None, doc="folder of this service's own; holds sealed lists only")
    interval: timedelta = setting(timedelta(hours=6), check=positive, doc="time between fetches, on average")
    deadline: timedelta = setting(
        timedelta(minutes=10), check=positive, doc="longest time that one fetch from a source takes"
    )

    def __post_init__(self) -> None:
        if not self.sources:
            return
        if self.state is None:
            raise Wrong("'state' is not set", "Name a folder for it: /var/lib/interceptor/updates.")
        if len({source.name for source in self.sources}) < len(self.sources):
            raise Wrong("two sources have one name", "Give each a name of its own.")
        names = [name.rsplit(".", 2)[0] for source in self.sources for name in source.lists]
        if len(set(names)) < len(names):
            raise Wrong("two lists have one name", "Take each list from one source, and in one format.")

    def folder(self, source: Source) -> Path:
        """Where the state of ``source`` is kept."""
        assert self.state is not None
        return self.state / source.name

    def places(self) -> tuple[Path, ...]:
        """Where the sealed files of all lists stand when they have been fetched."""
        return tuple(self.folder(source) / "lists" / name for source in self.sources for name in source.lists)

    def in_force(self) -> tuple[Path, ...]:
        """The sealed files of those lists that have been fetched."""
        return tuple(path for path in self.places() if _is_there(path))


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except PermissionError:
        return True  # as far as one can tell; reading it says what is wrong
