"""How many connections fit into the files that a process may open."""

from __future__ import annotations

import dataclasses
from typing import Final

from interceptor.config import Limits

_OTHERS: Final = 64
"""Descriptors for all that is no connection: listeners, pipes, the event loop, a resolver's files."""


def fitted(limits: Limits, descriptors: int) -> Limits:
    """``limits`` with connections lowered to what ``descriptors`` open files allow, engine and clients together.

    Without a free descriptor no connection could be accepted, not even to turn it away.
    """
    spare = max(descriptors - _OTHERS, 2)
    engine = min(limits.upstream_connections, spare // 2)
    clients = min(limits.connections, spare - engine)
    return dataclasses.replace(limits, upstream_connections=engine, connections=clients)
