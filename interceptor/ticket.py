"""The sealed ticket that ties one banner to its clicks and its return, and to nobody.

AES-256-GCM (NIST SP 800-38D) over the ticket's fields, under a random 96-bit nonce whose first eight bytes are
the ticket's serial number. A ticket never holds a query, an address or a time finer than its coarse expiry.
"""

from __future__ import annotations

import base64
import binascii
import os
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from interceptor.errors import StartError, TicketError
from interceptor.vocabulary import Category

MAX_PRIOR = 3
"""Earlier warnings are counted up to here: three or more are one."""

GRAINS = 4
"""Parts of its lifetime that a ticket's expiry is rounded up to, so that it does not tell when it was minted."""

_VERSION = 1
_FIXED = struct.Struct(">BQBB")  # version, expiry slot, category, prior
_CATEGORIES = tuple(Category)
_MAX_TEXT = 400


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one intervention is remembered by, as long as its page is open."""

    serial: int
    expires: int
    """The slot in which it expires, counted in grains (a quarter of the lifetime) since 1970."""
    category: Category
    language: str
    message: str
    plan: str
    prior: int
    """How many warnings came before, 0 to 3."""


class TicketBox:
    """Mints and opens tickets under one key."""

    def __init__(self, key: bytes, lifetime: timedelta, *, clock: Callable[[], float] = time.time) -> None:
        self._cipher = AESGCM(key)
        self._grain = max(lifetime.total_seconds() / GRAINS, 0.001)
        self._clock = clock

    def __repr__(self) -> str:
        return "TicketBox()"

    def slot(self) -> int:
        """The number of the grain of time that is running."""
        return int(self._clock() // self._grain)

    def mint(
        self, *, category: Category, language: str, message: str, plan: str, prior: int = 0
    ) -> tuple[str, Ticket]:
        """Make a new ticket; returns its sealed text (URL-safe, without padding) and what it says."""
        nonce = os.urandom(12)
        ticket = Ticket(
            serial=int.from_bytes(nonce[:8], "big"),
            expires=self.slot() + GRAINS + 1,
            category=category,
            language=language,
            message=message,
            plan=plan,
            prior=min(max(prior, 0), MAX_PRIOR),
        )
        fixed = _FIXED.pack(_VERSION, ticket.expires, _CATEGORIES.index(category), ticket.prior)
        sealed = nonce + self._cipher.encrypt(
            nonce, fixed + "\0".join((language, message, plan)).encode(), None
        )
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii"), ticket

    def open(self, text: str) -> Ticket:
        """Read a sealed ticket. Raises `TicketError` where it is forged, foreign, damaged or expired."""
        try:
            if not 0 < len(text) <= _MAX_TEXT:
                raise ValueError
            # Strict: one ticket has one text, so a replay cannot pass as another by a changed spelling.
            sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            if base64.urlsafe_b64encode(sealed).rstrip(b"=") != text.encode("ascii"):
                raise ValueError
            opened = self._cipher.decrypt(sealed[:12], sealed[12:], None)
            version, expires, category, prior = _FIXED.unpack_from(opened)
            if version != _VERSION:
                raise ValueError
            language, message, plan = opened[_FIXED.size :].decode().split("\0")
            ticket = Ticket(
                int.from_bytes(sealed[:8], "big"),
                expires,
                _CATEGORIES[category],
                language,
                message,
                plan,
                prior,
            )
        except (ValueError, IndexError, binascii.Error, struct.error, InvalidTag):
            raise TicketError("the ticket was not sealed here") from None
        if ticket.expires <= self.slot():
            raise TicketError("the ticket has expired")
        return ticket


def load_key(path: Path | None) -> bytes:
    """Read the key of 32 bytes, base64, from ``path``; without a path make a new one.

    Raises `StartError` where the file cannot be read or holds something else.
    """
    if path is None:
        return os.urandom(32)
    remedy = "make one with: head -c 32 /dev/urandom | base64"
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except OSError as cause:
        raise StartError(f"{path}: the ticket key cannot be read ({cause.strerror}); {remedy}") from None
    except binascii.Error:
        raise StartError(f"{path}: the ticket key is not base64; {remedy}") from None
    if len(key) != 32:
        raise StartError(f"{path}: the ticket key has {len(key)} bytes where 32 are needed; {remedy}")
    return key
