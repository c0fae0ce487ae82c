"""Which tickets have been used for what, in anonymous shared memory, until they expire.

An open-addressing hash table for each grain of expiry, in a ring: a region whose grain has passed is cleared when
its place comes round again, so nothing has to sweep. When a region is full it takes no more and evicts nothing:
what it cannot remember is not counted.
"""

from __future__ import annotations

import fcntl
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntFlag

from interceptor.ticket import GRAINS

_REGIONS = GRAINS + 4
"""Grains in which a living ticket can expire, one that is passing, and room for clocks that differ a little."""


class Mark(IntFlag):
    """What a ticket was used for."""

    WARNED = 1
    CLICKED = 2
    RETURNED = 4
    TRAPPED = 8


class Marks:
    """Marks of about ``capacity`` tickets a lifetime, shared with every process forked afterwards."""

    def __init__(self, capacity: int) -> None:
        self._slots = max(64, capacity * 2 // GRAINS)
        self._most = self._slots * 3 // 4
        self._memory = mmap.mmap(-1, _REGIONS * (16 + self._slots * 9))
        whole = memoryview(self._memory)
        heads = _REGIONS * 16
        self._heads = whole[:heads].cast("q")  # by region: its grain, how many tickets it holds
        self._serials = whole[heads : heads + _REGIONS * self._slots * 8].cast("Q")
        self._states = whole[heads + _REGIONS * self._slots * 8 :]
        # A record lock on an unnamed file: the kernel frees it when its holder is killed.
        self._lock = os.memfd_create("interceptor-marks", os.MFD_CLOEXEC)

    def __repr__(self) -> str:
        return "Marks()"

    @property
    def lock_descriptor(self) -> int:
        """The file descriptor that a forked process must keep open."""
        return self._lock

    def mark(self, serial: int, expires: int, use: Mark) -> bool:
        """Note that a ticket was used; True the first time, False after that or where there is no room."""
        serial = serial or 1  # zero means an empty place
        with self._locked():
            region = self._region(expires)
            if region is None:
                return False
            place = self._find(region, serial)
            if place is None:
                return False
            if self._states[place] & use:
                return False
            if not self._serials[place]:
                self._serials[place] = serial
                self._heads[region * 2 + 1] += 1
            self._states[place] |= use
            return True

    @contextmanager
    def _locked(self) -> Iterator[None]:
        fcntl.lockf(self._lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._lock, fcntl.LOCK_UN)

    def _region(self, expires: int) -> int | None:
        """The region of the grain ``expires``, cleared if it held an earlier one; None if it holds a later one."""
        region = expires % _REGIONS
        held = self._heads[region * 2]
        if held > expires:
            return None
        if held < expires:
            first, last = region * self._slots, (region + 1) * self._slots
            self._serials[first:last] = memoryview(bytes(self._slots * 8)).cast("Q")
            self._states[first:last] = bytes(self._slots)
            self._heads[region * 2] = expires
            self._heads[region * 2 + 1] = 0
        return region

    def _find(self, region: int, serial: int) -> int | None:
        """Where ``serial`` stands or may be put; None where it is not known and the region is full."""
        full = self._heads[region * 2 + 1] >= self._most
        for step in range(self._slots):
            place = region * self._slots + (serial + step) % self._slots
            held = self._serials[place]
            if held == serial:
                return place
            if not held:
                return None if full else place
        return None
