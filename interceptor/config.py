"""The configuration: one tree of frozen dataclasses, read from YAML.

Unknown keys are errors. Every default is one that an operator can start with; `interceptor config show` prints
the tree in force and `docs/operators.md` describes each key.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Self
from urllib.parse import SplitResult, urlsplit

from interceptor import documents
from interceptor.binding import Wrong, bind, setting
from interceptor.errors import ConfigError
from interceptor.vocabulary import Action, Category

MAX_CONFIG_BYTES = 1_000_000
"""Largest configuration file that is read, in bytes."""


class Mode(StrEnum):
    """Whether warnings are shown."""

    ENFORCE = "enforce"
    SHADOW = "shadow"
    """Decide and count, show nothing."""


class FaultPolicy(StrEnum):
    """What becomes of a search that the interceptor fails on."""

    OPEN = "open"
    """It goes on to the engine."""
    CLOSED = "closed"
    """It is answered 503."""


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535


def _web_address(text: str) -> SplitResult | None:
    """The parts of an absolute http or https address, or None where ``text`` is none."""
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises where it is no number, or none that a port can have
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and parts.hostname else None


@dataclass(frozen=True, slots=True)
class Address:
    """Where a listener stands: ``host:port``, ``[v6]:port`` or ``unix:/path``."""

    host: str | None
    port: int
    path: str | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an address. Raises `Wrong`."""
        if text.startswith("unix:"):
            if len(text) == 5:
                raise Wrong("names no socket", "Write unix: and a path: unix:/run/interceptor.sock.")
            return cls(None, 0, text[5:])
        host, colon, port = text.rpartition(":")
        host = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        if not colon or not host or "[" in host or not _is_port(port):
            raise Wrong("is not an address", "Write host:port or unix:/path, as 127.0.0.1:8080.")
        return cls(host, int(port), None)

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host is None or self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def __str__(self) -> str:
        if self.path is not None:
            return f"unix:{self.path}"
        return f"[{self.host}]:{self.port}" if ":" in (self.host or "") else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Upstream:
    """The engine: ``http://host:port``, ``https://host`` or ``unix:/path`` (HTTP over a Unix socket)."""

    scheme: str
    authority: str
    path: str | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an upstream. Raises `Wrong`."""
        if text.startswith("unix:/"):
            return cls("http", "localhost", text[5:])
        parts = _web_address(text)
        if parts is None:
            raise Wrong("is not an engine's address", "Write http://host:port, https://host or unix:/path.")
        if parts.path.rstrip("/") or parts.query or parts.fragment or "@" in parts.netloc:
            raise Wrong("holds more than scheme, host and port", "Remove path, query and credentials.")
        return cls(parts.scheme, parts.netloc, None)

    def __str__(self) -> str:
        return f"unix:{self.path}" if self.path else f"{self.scheme}://{self.authority}"


@dataclass(frozen=True, slots=True)
class Network:
    """A set of peers: an IP network (``10.0.0.0/8``), one address, or ``unix`` for Unix sockets."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a network. Raises `Wrong`."""
        if text != "unix":
            try:
                text = str(ipaddress.ip_network(text))
            except ValueError:
                raise Wrong(
                    "is not a network", "Write an address, a network (10.0.0.0/8, no host bits set) or unix."
                ) from None
        return cls(text)

    def holds(self, peer: str | None) -> bool:
        """Whether ``peer`` (an IP address; None over a Unix socket) belongs to it."""
        if self.text == "unix" or not peer:
            return self.text == "unix" and not peer
        try:
            address = ipaddress.ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return (mapped or address) in ipaddress.ip_network(self.text)

    def __str__(self) -> str:
        return self.text


def positive(value: float | timedelta) -> None:
    """Check that a number or a length of time is above zero."""
    if (value.total_seconds() if isinstance(value, timedelta) else value) <= 0:
        raise Wrong("must be above zero", "Raise it.")


def _check_prefix(value: str) -> None:
    if not re.fullmatch(r"/[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*/", value):
        raise Wrong(
            "is not a path prefix",
            "Begin and end with '/', with letters, digits and ._~- between: /_interceptor/.",
        )


def _check_status(value: int) -> None:
    if value not in (200, 403, 404, 451):
        raise Wrong("is no status for a page that people read", "Use 200, or 403, 404 or 451.")


def _check_path(value: str) -> None:
    if not value.startswith("/") and value != "*":
        raise Wrong("is not a path", "Begin with '/', or write '*' for every path.")
    if value.count("{query}") > 1 or ("*" in value and value.count("*") > 1):
        raise Wrong("holds a place-holder twice", "Keep one {query} and one '*', the latter at the end.")
    if "*" in value and not value.endswith("*"):
        raise Wrong("has '*' before its end", "Move '*' to the end: /find/*.")


def _check_local_path(value: str) -> None:
    if not value.startswith("/") or value.startswith(("//", "/\\")) or re.search(r"[\x00-\x20]", value):
        raise Wrong("is not a path on the engine", "Begin with one '/', without spaces.")


def _check_search_address(value: str) -> None:
    _check_local_path(value)
    if value.count("{query}") != 1:
        raise Wrong(
            "does not say where the query goes", "Write {query} in its place, once: /search?q={query}."
        )


def _check_not_empty(value: tuple[object, ...]) -> None:
    if not value:
        raise Wrong("is empty", "Name at least one, or leave the key out for the default.")


def _check_http_address(value: str | None) -> None:
    if value is not None and (_web_address(value) is None or re.search(r"[\x00-\x20<>\"]", value)):
        raise Wrong("is not a web address", "Write http:// or https:// and a host.")


DEFAULT_PARAMETERS = ("q", "query", "search", "s", "p", "text", "term", "keyword", "keywords", "wd")
"""Names under which search engines take the query, used where the configuration names none."""


@dataclass(frozen=True, slots=True)
class Search:
    """One place where the engine takes searches."""

    path: str = setting("*", check=_check_path, doc="a path, one ending in '*', or with {query} in it")
    parameters: tuple[str, ...] = setting(
        DEFAULT_PARAMETERS, check=_check_not_empty, doc="names of query, form and JSON fields to look at"
    )


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what one request may take."""

    target: int = setting(8_190, check=positive, doc="bytes of a request target; longer is answered 414")
    headers: int = setting(16_380, check=positive, doc="bytes of one header field; longer is answered 431")
    search_body: int = setting(
        1_000_000, check=positive, doc="bytes of a search's body; longer is answered 413"
    )
    fields: int = setting(
        1_000, check=positive, doc="form or JSON fields in one search; more is answered 400"
    )
    query: int = setting(16_000, check=positive, doc="characters of one query; longer is answered 414 or 413")
    connect: timedelta = setting(timedelta(seconds=5), check=positive, doc="to connect to the engine")
    engine: timedelta = setting(
        timedelta(seconds=60), check=positive, doc="between two reads from the engine"
    )
    client_headers: timedelta = setting(timedelta(seconds=15), check=positive, doc="for a request's headers")
    client_body: timedelta = setting(timedelta(seconds=30), check=positive, doc="for a search's body")
    keepalive: timedelta = setting(timedelta(seconds=75), check=positive, doc="an idle connection stays open")
    drain: timedelta = setting(timedelta(seconds=30), check=positive, doc="running requests get at a stop")
    upstream_connections: int = setting(512, check=positive, doc="connections to the engine, each worker")


@dataclass(frozen=True, slots=True)
class DecideApi:
    """The endpoint ``v1/decide``: an oracle for the lists, so off, and for named peers only."""

    enabled: bool = setting(False)
    peers: tuple[Network, ...] = setting((Network("127.0.0.1/32"), Network("::1/128"), Network("unix")))
    max_queries: int = setting(100, check=positive, doc="queries in one call")


@dataclass(frozen=True, slots=True)
class Engine:
    """What the banner says of the engine and how it sends a person back."""

    name: str | None = setting(None, doc="shown on the banner, where given")
    home: str = setting("/", check=_check_local_path, doc="where 'back to the search' leads")
    search: str = setting(
        "/search?q={query}",
        check=_check_search_address,
        doc="where the banner's search box sends a clean query",
    )
    onion: bool = setting(False, doc="true where requests come through an onion service")


@dataclass(frozen=True, slots=True)
class Banner:
    """The page and the strip."""

    languages: tuple[str, ...] = setting((), doc="languages offered; none means all that are there")
    default_language: str = setting("en", doc="used where nothing tells a better one")
    message: str = setting("harm-legal", doc="which message a warning shows")


@dataclass(frozen=True, slots=True)
class Resource:
    """Changes to one resource of the banner, or a new one where the id is not known."""

    SHORTHAND: ClassVar[str] = "enabled"

    enabled: bool = setting(True)
    address: str | None = setting(None, check=_check_http_address)
    onion: str | None = setting(None, check=_check_http_address)
    phone: str | None = setting(None)
    title: str | None = setting(None)
    languages: tuple[str, ...] = setting(())
    confirmed: date | None = setting(None, doc="when you last opened the address and found it right")


def _check_capacity(value: int) -> None:
    if not 1 <= value <= 100_000_000:
        raise Wrong("is out of range", "Use 1 to 100,000,000; one ticket takes 36 bytes.")


@dataclass(frozen=True, slots=True)
class Tickets:
    """The sealed tickets that tie one banner to its clicks."""

    key_file: Path | None = setting(None, doc="32 random bytes, base64; none means a new key at each start")
    lifetime: timedelta = setting(timedelta(hours=1), check=positive)
    capacity: int = setting(
        65_536, check=_check_capacity, doc="tickets remembered an hour; above it none is counted"
    )


def _check_window(value: timedelta) -> None:
    seconds = value.total_seconds()
    if seconds < 1 or seconds != int(seconds):
        raise Wrong(
            "is no length for a window", "Use whole seconds; 24h is the default, 7d suits a small engine."
        )


@dataclass(frozen=True, slots=True)
class Privacy:
    """How counts leave the process."""

    window: timedelta = setting(timedelta(hours=24), check=_check_window, doc="counts leave once a window")


@dataclass(frozen=True, slots=True)
class Keeper:
    """Where processes that were not forked by the service report what they count."""

    socket: Path | None = setting(None, doc="Unix socket; 'serve' listens on it, adapters report to it")


def _check_workers(value: int) -> None:
    if not 1 <= value <= 1024:
        raise Wrong("is not a number of processes", "Use 1 to 1024; about one a core.")


@dataclass(frozen=True, slots=True)
class Server:
    """Listeners and processes of ``interceptor serve``."""

    listen: tuple[Address, ...] = setting((Address("127.0.0.1", 8080, None),), check=_check_not_empty)
    admin: Address = setting(Address("127.0.0.1", 9464, None))
    upstream: Upstream | None = setting(None, doc="the engine; without it only our own endpoints answer")
    workers: int = setting(1, check=_check_workers)


def _default_actions() -> dict[Category, Action]:
    return {
        Category.SEEKING: Action.REPLACE,
        Category.AMBIGUOUS: Action.ANNOTATE,
        Category.HELP_SEEKING: Action.ANNOTATE,
        Category.INFORMATIONAL: Action.ANNOTATE,
    }


def _check_actions(value: dict[Category, Action]) -> None:
    for category in (Category.INFORMATIONAL, Category.HELP_SEEKING):
        if value.get(category) is Action.REPLACE:
            raise Wrong(
                f"replaces results for '{category}'",
                "Use annotate or pass: people who look for law, prevention or help keep their results.",
            )


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration."""

    mode: Mode = setting(Mode.ENFORCE)
    fault_policy: FaultPolicy = setting(FaultPolicy.OPEN)
    prefix: str = setting("/_interceptor/", check=_check_prefix, doc="every path of ours begins so")
    lists: tuple[Path, ...] = setting((), doc="files and folders; none means the shipped lists")
    actions: dict[Category, Action] = setting(factory=_default_actions, check=_check_actions)
    replaced_status: int = setting(200, check=_check_status)
    searches: tuple[Search, ...] = setting((Search(),), check=_check_not_empty)
    limits: Limits = setting(factory=Limits)
    engine: Engine = setting(factory=Engine)
    banner: Banner = setting(factory=Banner)
    resources: dict[str, Resource] = setting(factory=dict)
    decide_api: DecideApi = setting(factory=DecideApi)
    tickets: Tickets = setting(factory=Tickets)
    privacy: Privacy = setting(factory=Privacy)
    keeper: Keeper = setting(factory=Keeper)
    server: Server = setting(factory=Server)

    def action_for(self, category: Category) -> Action:
        """What is done with a search of ``category``; the default where the configuration says nothing."""
        return self.actions.get(category) or _default_actions()[category]

    @classmethod
    def load(cls, path: Path | str) -> Config:
        """Read the YAML file ``path``. Raises `ConfigError` with every mistake, its line and its remedy."""
        path = Path(path)
        node = documents.read(path, max_bytes=MAX_CONFIG_BYTES, error=ConfigError)
        return bind(node, cls, name=str(path), error=ConfigError, folder=path.parent)
