"""Endpoints for proxies that ask before they forward: each off until enabled, for named peers only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from interceptor.addresses import Network
from interceptor.binding import setting


@dataclass(frozen=True, slots=True)
class AuthzProtocol:
    """One protocol in which a proxy asks."""

    enabled: bool = setting(False)
    peers: tuple[Network, ...] = setting(
        (Network("127.0.0.1/32"), Network("::1/128"), Network("unix")),
        doc="the proxies; whoever else asks is told that there is no such page",
    )


class Annotated(StrEnum):
    """What a proxy does with a search that is to be annotated, since its question cannot bring the note along."""

    PASS = "pass"  # noqa: S105  # an action, no secret
    """The engine's page, without a note."""
    HAND_OVER = "hand-over"
    """The proxy sends the search through the reverse proxy of ``serve``, which puts the note into the page."""


@dataclass(frozen=True, slots=True)
class Authz:
    """The protocols in which a proxy asks whether a request may go on."""

    auth_request: AuthzProtocol = setting(factory=AuthzProtocol, doc="nginx auth_request, HAProxy")
    forward_auth: AuthzProtocol = setting(
        factory=AuthzProtocol, doc="Caddy forward_auth, Traefik ForwardAuth"
    )
    ext_authz: AuthzProtocol = setting(factory=AuthzProtocol, doc="Envoy ext_authz over HTTP")
    annotated: Annotated = setting(Annotated.PASS, doc="what becomes of a search that is to be annotated")
