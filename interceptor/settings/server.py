"""Listeners, processes, and the endpoints that are off until enabled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from interceptor.addresses import Address, Network, Upstream
from interceptor.binding import Wrong, setting
from interceptor.settings.checks import not_empty, positive


@dataclass(frozen=True, slots=True)
class DecideApi:
    """The endpoint ``v1/decide``: an oracle for the lists, so off, and for named peers only."""

    enabled: bool = setting(False)
    peers: tuple[Network, ...] = setting((Network("127.0.0.1/32"), Network("::1/128"), Network("unix")))
    max_queries: int = setting(100, check=positive, doc="queries in one call")


def _check_workers(value: int) -> None:
    if not 1 <= value <= 1024:
        raise Wrong("is not a number of processes", "Use 1 to 1024; about one a core.")


@dataclass(frozen=True, slots=True)
class Server:
    """Listeners and processes of ``interceptor serve``."""

    listen: tuple[Address, ...] = setting((Address("127.0.0.1", 8080, None),), check=not_empty)
    admin: Address = setting(Address("127.0.0.1", 9464, None))
    upstream: Upstream | None = setting(None, doc="the engine; without it only our own endpoints answer")
    workers: int = setting(1, check=_check_workers)
    watch: timedelta = setting(
        timedelta(seconds=5),
        check=positive,
        doc="how often configuration and lists are looked at for changes",
    )
