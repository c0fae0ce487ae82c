"""The sealed ticket that ties one banner to its clicks and its return, and to nobody.

AES-256-GCM (NIST SP 800-38D) over the ticket's fields, under a random 96-bit nonce whose first eight bytes are
the ticket's serial number. A ticket never holds a query, an address or a time finer than its coarse expiry.

Language, message and plan are numbers in a table (`Names`) that follows from the configuration, so that the text is
short: a page carries it in each of its links. A digest of the table is authenticated with the ticket, so one that
was sealed under another table does not open, and no count of one plan gets into another's.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
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

_FORMAT = b"interceptor ticket 2 "
_SLOT = 6  # bytes of the expiry; behind it one byte for category, prior and plan, one for language, one for message
_CATEGORIES = tuple(Category)
_MAX_TEXT = 400


@dataclass(frozen=True, slots=True)
class Names:
    """Every name that a ticket can carry, in the same order in every process that shares a key.

    At most 256 ``languages`` and ``messages``, and two ``plans``: the configured one and the one around it.
    """

    languages: tuple[str, ...]
    messages: tuple[str, ...]
    plans: tuple[str, ...]

    def __post_init__(self) -> None:
        if max(len(self.languages), len(self.messages)) > 256 or len(self.plans) > 2:
            raise ValueError("more names than a ticket has numbers for")

    def digest(self) -> bytes:
        """Tells one table from another."""
        parts = ("\0".join(names) for names in (self.languages, self.messages, self.plans))
        return hashlib.sha256("\0\0".join(parts).encode()).digest()


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
    """Mints and opens tickets under one key, which carry ``names``."""

    def __init__(
        self, key: bytes, lifetime: timedelta, names: Names, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._cipher = AESGCM(key)
        self._grain = max(lifetime.total_seconds() / GRAINS, 0.001)
        self._names = names
        self._languages = {name: number for number, name in enumerate(names.languages)}
        self._messages = {name: number for number, name in enumerate(names.messages)}
        self._plans = {name: number for number, name in enumerate(names.plans)}
        self._bound = _FORMAT + names.digest()
        self._clock = clock

    def __repr__(self) -> str:
        return "TicketBox()"

    def slot(self) -> int:
        """The number of the grain of time that is running."""
        return int(self._clock() // self._grain)

    def mint(
        self, *, category: Category, language: str, message: str, plan: str, prior: int = 0
    ) -> tuple[str, Ticket]:
        """Make a new ticket; returns its sealed text (URL-safe, without padding) and what it says.

        Raises `KeyError` for a language, message or plan that is not among the box's names.
        """
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
        kind = _CATEGORIES.index(category) << 3 | ticket.prior << 1 | self._plans[plan]
        fields = bytes((kind, self._languages[language], self._messages[message]))
        sealed = nonce + self._cipher.encrypt(
            nonce, ticket.expires.to_bytes(_SLOT, "big") + fields, self._bound
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
            opened = self._cipher.decrypt(sealed[:12], sealed[12:], self._bound)
            kind, language, message = opened[_SLOT:]
            ticket = Ticket(
                int.from_bytes(sealed[:8], "big"),
                int.from_bytes(opened[:_SLOT], "big"),
                _CATEGORIES[kind >> 3],
                self._names.languages[language],
                self._names.messages[message],
                self._names.plans[kind & 1],
                kind >> 1 & MAX_PRIOR,
            )
        except (ValueError, IndexError, binascii.Error, InvalidTag):
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
