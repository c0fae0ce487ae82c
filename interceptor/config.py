"""The configuration: one tree of frozen dataclasses, read from YAML.

Unknown keys are errors. Every default is one that an operator can start with; `interceptor config show` prints
the tree in force and `docs/operators.md` describes each key.
"""

from __future__ import annotations

import ipaddress
import math
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


class Review(StrEnum):
    """Who has checked a text, from nobody to the help programme."""

    NONE = "none"
    NATIVE = "native"
    PROGRAMME = "programme"

    def covers(self, needed: Review) -> bool:
        """Whether a text with this review may stand where ``needed`` is asked for."""
        order = list(Review)
        return order.index(self) >= order.index(needed)


class PlanKind(StrEnum):
    """How the message of a warning is chosen."""

    FIXED = "fixed"
    """Always ``banner.message``."""
    WEIGHTED = "weighted"
    """By lot, with weights that stay."""
    ADAPTIVE = "adaptive"
    """By lot, with weights that follow the clicks on help."""
    BLOCKS = "blocks"
    """By lot, with one of two policies a day, drawn in secret."""


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
    style: dict[str, str] = setting(factory=dict, doc="colours, font and corners: see docs/banner.md")
    template: Path | None = setting(None, doc="a template of the page in place of the shipped one")
    review: Review = setting(Review.NONE, doc="which review a text needs to be shown")


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


NEUTRAL = "neutral"
"""The message of an experiment's held-out share, which the others are compared with."""

MOST_MESSAGES = 20
"""Messages in one experiment; more could not be told apart by any engine that is known."""


def _check_weights(value: dict[str, float]) -> None:
    if not all(math.isfinite(weight) and weight > 0 for weight in value.values()):
        raise Wrong("holds a weight that is not above zero", "Write numbers above zero, as 1 or 2.5.")


def _check_policies(value: dict[str, dict[str, float]]) -> None:
    for weights in value.values():
        _check_not_empty(tuple(weights))
        _check_weights(weights)


def _check_neutral(value: float) -> None:
    if not 0 <= value <= 0.5:
        raise Wrong("is out of range", "Write a share from 0 to 0.5; 0.05 is usual.")


def _check_floor(value: float) -> None:
    if not 0 < value < 1:
        raise Wrong("is out of range", "Write a share above 0 and below 1, as 0.01.")


def _check_half_life(value: timedelta) -> None:
    if value < timedelta(days=1):
        raise Wrong("is shorter than a day", "Use days: 14d or more keeps what was learnt.")


def _check_after(value: dict[int, str]) -> None:
    if not value.keys() <= {1, 2, 3}:
        raise Wrong("counts earlier warnings beyond 3", "Use 1, 2 and 3; 3 stands for more, too.")


@dataclass(frozen=True, slots=True)
class Experiment:
    """Which message a warning shows, and what is compared; `docs/experiment.md` describes it.

    Whatever holds people out or lets results steer what they see needs ``approval``, ``ends`` and
    ``stop_rule`` on record.
    """

    kind: PlanKind = setting(PlanKind.FIXED, doc="fixed shows banner.message, whatever else stands here")
    messages: tuple[str, ...] = setting((), doc="the messages that are compared")
    weights: dict[str, float] = setting(
        factory=dict, check=_check_weights, doc="weighted: 1 where none is given"
    )
    policies: dict[str, dict[str, float]] = setting(
        factory=dict, check=_check_policies, doc="blocks: two names, each with messages and weights"
    )
    neutral: float = setting(0.0, check=_check_neutral, doc="share of warnings held out: the neutral message")
    floor: float = setting(0.01, check=_check_floor, doc="adaptive: least share of warnings a message gets")
    half_life: timedelta = setting(
        timedelta(days=28), check=_check_half_life, doc="adaptive: what a window tells counts half after it"
    )
    starts: date | None = setting(None, doc="first day, UTC")
    ends: date | None = setting(None, doc="last day, UTC; afterwards banner.message is shown")
    approval: str | None = setting(None, doc="who approved it, when, under which reference")
    stop_rule: str | None = setting(None, doc="when it is ended early")
    review: Review = setting(Review.PROGRAMME, doc="which review each text needs to take part")
    after: dict[int, str] = setting(
        factory=dict, check=_check_after, doc="another message after so many earlier warnings"
    )

    def __post_init__(self) -> None:
        if self.starts and self.ends and self.ends < self.starts:
            raise Wrong("ends before it starts", "Correct 'starts' or 'ends'.")
        if self.kind is PlanKind.FIXED:
            return
        self._check_parts()
        self._check_record()

    def _check_parts(self) -> None:
        if (self.kind is PlanKind.BLOCKS) != bool(self.policies):
            raise Wrong("'policies' and 'kind: blocks' stand alone", "Write both, or neither.")
        if self.kind is PlanKind.BLOCKS:
            if len(self.policies) != 2:
                raise Wrong("does not compare two policies", "Name two under 'policies'.")
            if self.messages or self.neutral:
                raise Wrong("has messages beside its policies", "Name all messages under 'policies'.")
        elif len(self.messages) < 2:
            raise Wrong("compares less than two messages", "Name two or more under 'messages'.")
        if len(set(self.messages)) != len(self.messages):
            raise Wrong("names a message twice", "Name each once under 'messages'.")
        if len(self.messages) > MOST_MESSAGES:
            raise Wrong("compares too many messages", f"Name at most {MOST_MESSAGES} under 'messages'.")
        if NEUTRAL in self.messages:
            raise Wrong(
                f"'messages' names '{NEUTRAL}'", "Remove it there, and give its share as 'neutral: 0.05'."
            )
        if self.weights and (self.kind is not PlanKind.WEIGHTED or self.weights.keys() - set(self.messages)):
            raise Wrong(
                "'weights' names what it does not weigh",
                "Use it with 'kind: weighted', for messages that stand under 'messages'.",
            )
        if self.kind is PlanKind.ADAPTIVE and self.neutral + self.floor * len(self.messages) >= 1:
            raise Wrong("'floor' and 'neutral' leave nothing to share out", "Lower 'floor'.")

    def _check_record(self) -> None:
        if self.kind is PlanKind.WEIGHTED and not self.neutral:
            return
        lacking = [
            f"'{key}'"
            for key, value in (
                ("approval", (self.approval or "").strip()),
                ("ends", self.ends),
                ("stop_rule", (self.stop_rule or "").strip()),
            )
            if not value
        ]
        if lacking:
            raise Wrong(
                f"holds people out or adapts without {' and '.join(lacking)}",
                "Record who approved it, its last day and when it is stopped early, or use 'kind: fixed'.",
            )


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


def _check_share(value: float) -> None:
    if not 0 <= value <= 1:
        raise Wrong("is not a share", "Use a number between 0 and 1, as 0.5.")


@dataclass(frozen=True, slots=True)
class Matching:
    """How far a rewriting of a term may be from it; docs/matching.md states the rule in these names."""

    loosened: bool = setting(True, doc="look for rewritten terms at all")
    typing_errors: bool = setting(True, doc="look for one wrong letter")
    turned: bool = setting(True, doc="look for text that is backwards or upside down")
    shortest: int = setting(5, check=positive, doc="letters of the shortest term that is loosened")
    shortest_spaced_out: int = setting(4, check=positive, doc="the same where all letters stand apart")
    shortest_split: int = setting(7, check=positive, doc="the same where a word is split")
    shortest_turned: int = setting(6, check=positive, doc="the same where text is turned round")
    shortest_mistyped: int = setting(9, check=positive, doc="the same where one letter is wrong")
    shortest_ordinary: int = setting(12, check=positive, doc="the same where ordinary words stand there")
    substituted: float = setting(0.8, check=_check_share, doc="share of letters that signs may stand for")


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
    matching: Matching = setting(factory=Matching)
    limits: Limits = setting(factory=Limits)
    engine: Engine = setting(factory=Engine)
    banner: Banner = setting(factory=Banner)
    experiment: Experiment = setting(factory=Experiment)
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
