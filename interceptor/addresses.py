"""Addresses as a configuration writes them: listeners, the engine, and networks of peers."""

from __future__ import annotations

import functools
import ipaddress
from dataclasses import dataclass
from typing import Self
from urllib.parse import SplitResult, urlsplit

from interceptor.binding import Wrong


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535


def web_address(text: str) -> SplitResult | None:
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
        parts = web_address(text)
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
        if peer == self.text.partition("/")[0]:
            return True  # the first of them, which often is the only one
        try:
            address = ipaddress.ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return (mapped or address) in _network(self.text)

    def __str__(self) -> str:
        return self.text


@functools.lru_cache
def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """The network that a configuration writes so."""
    return ipaddress.ip_network(text)
