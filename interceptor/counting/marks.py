"""What became of each ticket, in anonymous shared memory, until it expires; only then is it counted.

Until then a click can still come, or a program be found out by the link that no person follows, so nothing depends on
the order in which things are reported. At expiry a ticket counts whatever it saw, once, in the window in which its
warning was shown. One whose warning was never reported counts nothing, and neither does one that was trapped.

An open-addressing hash table for each grain of expiry, in a ring. `sweep` takes out those whose grain has passed. When
a table is full it takes no more and evicts nothing: what it cannot remember is not counted.
"""

from __future__ import annotations

import fcntl
import mmap
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from interceptor.ticket import GRAINS

_AHEAD = GRAINS + 2
"""Grains ahead in which a living ticket can expire: one more than it is minted for, for clocks that differ a little."""

_REGIONS = GRAINS + 8
"""Those, the grain that is passing, and some for a sweep that comes late."""

_SWEPT = -1  # in the place of a region's grain: its tickets are being taken out
_NEVER = (1 << 62) - 1

# The record of a ticket, in 64 bits. Zero in a field is "not yet".
_WARNED, _TRAPPED = 1, 2
_RETURNED_AT, _WINDOW_AT, _MESSAGE_AT, _LANGUAGE_AT, _RESOURCE_AT = 2, 8, 16, 32, 48
_RETURNED, _WINDOW, _WORD = 0b11, 0xFF, 0xFFFF

MOST = _WORD - 1
"""The greatest number of a message, a language or a resource."""


class Seen(NamedTuple):
    """What a ticket saw: numbers, None for what did not come."""

    window: int
    message: int
    language: int | None
    resource: int | None
    returned: int | None


class Marks:
    """States of about ``capacity`` tickets a lifetime, shared with every process forked afterwards.

    A ticket is named by ``serial`` and ``expires``, its slot of expiry; ``slot`` is the slot that is running. Each
    verb returns True the first time, and False after that, where the ticket cannot be alive, or where there is no
    room.
    """

    def __init__(self, capacity: int) -> None:
        self._slots = max(64, capacity * 2 // GRAINS)
        self._most = self._slots * 3 // 4
        heads, entries = 1 + 2 * _REGIONS, _REGIONS * self._slots
        self._memory = mmap.mmap(-1, 8 * (heads + 2 * entries))
        whole = memoryview(self._memory)
        # The last grain that was swept; then by region its grain and how many tickets it holds.
        self._heads = whole[: heads * 8].cast("q")
        self._serials = whole[heads * 8 : (heads + entries) * 8].cast("Q")
        self._records = whole[(heads + entries) * 8 :].cast("Q")
        # A record lock on an unnamed file: the kernel frees it when its holder is killed.
        self._lock = os.memfd_create("interceptor-marks", os.MFD_CLOEXEC)

    def __repr__(self) -> str:
        return "Marks()"

    @property
    def lock_descriptor(self) -> int:
        """The file descriptor that a forked process must keep open."""
        return self._lock

    def warned(
        self, serial: int, expires: int, slot: int, *, window: int, message: int, language: int | None
    ) -> bool:
        """Its warning was shown in ``window`` (a number up to 255)."""
        value = (
            _WARNED
            | window << _WINDOW_AT
            | message << _MESSAGE_AT
            | (0 if language is None else language + 1) << _LANGUAGE_AT
        )
        return self._note(serial, expires, slot, _WARNED, value)

    def clicked(self, serial: int, expires: int, slot: int, resource: int) -> bool:
        """Help was chosen on it; the first choice stays."""
        return self._note(serial, expires, slot, _WORD << _RESOURCE_AT, resource + 1 << _RESOURCE_AT)

    def returned(self, serial: int, expires: int, slot: int, outcome: int) -> bool:
        """Its own search box was used; the first ``outcome`` (0 or 1) stays."""
        return self._note(serial, expires, slot, _RETURNED << _RETURNED_AT, outcome + 1 << _RETURNED_AT)

    def trapped(self, serial: int, expires: int, slot: int) -> bool:
        """Its reader is a program."""
        return self._note(serial, expires, slot, _TRAPPED, _TRAPPED)

    def sweep(self, slot: int | None) -> list[tuple[Seen, int]]:
        """Take out every ticket that can be alive no more: what they saw, and how many of them saw that.

        Without a ``slot``, all there are; none is taken in after that. Only the keeper may call this.
        """
        with self._locked():
            self._heads[0] = _NEVER if slot is None else slot - 1
            passed = [region for region in range(_REGIONS) if self._has_passed(region, slot)]
            for region in passed:
                self._heads[1 + region * 2] = _SWEPT
        found: Counter[int] = Counter()
        for region in passed:
            first, last = region * self._slots, (region + 1) * self._slots
            found.update(self._records[first:last].tolist())
            nothing = memoryview(bytes(self._slots * 8)).cast("Q")
            self._records[first:last] = nothing
            self._serials[first:last] = nothing
            with self._locked():
                self._heads[2 + region * 2] = 0
                self._heads[1 + region * 2] = 0
        return [
            (_seen(record), count)
            for record, count in found.items()
            if record & _WARNED and not record & _TRAPPED
        ]

    def _has_passed(self, region: int, slot: int | None) -> bool:
        grain = self._heads[1 + region * 2]
        return grain != 0 and (slot is None or not slot <= grain <= slot + _AHEAD)

    def _note(self, serial: int, expires: int, slot: int, once: int, value: int) -> bool:
        """Add ``value`` to a ticket's record unless something stands in the bits ``once`` of it."""
        serial = serial or 1  # zero means an empty place
        with self._locked():
            if not self._heads[0] < expires <= slot + _AHEAD:
                return False
            region = self._region(expires)
            place = self._find(region, serial) if region is not None else None
            if region is None or place is None:
                return False
            record = self._records[place]
            if record & once:
                return False
            if not self._serials[place]:
                self._serials[place] = serial
                self._heads[2 + region * 2] += 1
            self._records[place] = record | value
            return True

    @contextmanager
    def _locked(self) -> Iterator[None]:
        fcntl.lockf(self._lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._lock, fcntl.LOCK_UN)

    def _region(self, expires: int) -> int | None:
        """The region of the grain ``expires``; None while it holds another grain's tickets."""
        region = expires % _REGIONS
        held = self._heads[1 + region * 2]
        if held == 0:
            self._heads[1 + region * 2] = held = expires
        return region if held == expires else None

    def _find(self, region: int, serial: int) -> int | None:
        """Where ``serial`` stands or may be put; None where it is not known and the region is full."""
        full = self._heads[2 + region * 2] >= self._most
        for step in range(self._slots):
            place = region * self._slots + (serial + step) % self._slots
            held = self._serials[place]
            if held == serial:
                return place
            if not held:
                return None if full else place
        return None


def _seen(record: int) -> Seen:
    returned = record >> _RETURNED_AT & _RETURNED
    language = record >> _LANGUAGE_AT & _WORD
    resource = record >> _RESOURCE_AT & _WORD
    return Seen(
        window=record >> _WINDOW_AT & _WINDOW,
        message=record >> _MESSAGE_AT & _WORD,
        language=language - 1 if language else None,
        resource=resource - 1 if resource else None,
        returned=returned - 1 if returned else None,
    )
