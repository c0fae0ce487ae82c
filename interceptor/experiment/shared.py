"""The allocation in force, in anonymous shared memory: one process writes, all that it forks read, without a lock.

The memory holds a record of fixed size: numbers as 64-bit floats, then a digest of them. A reader copies the whole
and takes it only if the digest fits, so a copy made in the middle of a write is seen as such, whatever order the
processor stores in; the reader then goes on with what it read before. The digest covers the plan's identifier too:
a record of another plan is not read. It is there to find mistakes, not to keep anybody out.
"""

from __future__ import annotations

import hashlib
import mmap
import struct
from collections.abc import Mapping, Sequence

from interceptor.experiment.allocation import Allocation
from interceptor.experiment.plan import Plan

_DIGEST = 8


class SharedAllocation:
    """Holds one `Allocation` of ``plan`` for every process forked after this was made.

    Until the first `write` everything reads as the fixed message.
    """

    def __init__(self, plan: Plan) -> None:
        self._messages = plan.drawn
        self._identifiers = plan.identifiers
        self._format = struct.Struct(f"={1 + len(self._messages)}d")
        self._memory = mmap.mmap(-1, self._format.size + _DIGEST)
        self._seen = bytes(len(self._memory))
        self._read = Allocation(self._identifiers[-1], {plan.fixed: 1.0})

    def __repr__(self) -> str:
        return f"SharedAllocation({len(self._messages)} messages)"

    def write(self, allocation: Allocation) -> None:
        """Put ``allocation`` in force for every reader; only one process may call this."""
        self._memory[:] = self.encode(allocation)

    def read(self) -> Allocation:
        """The allocation in force; its policy stays with the writer."""
        record = self._memory[:]
        if record != self._seen and (found := self.decode(record)) is not None:
            self._read = found
            self._seen = record
        return self._read

    def encode(self, allocation: Allocation) -> bytes:
        """The record of ``allocation``, of the same size for each: to be carried to processes not forked here."""
        if unknown := allocation.shares.keys() - set(self._messages):
            raise ValueError(f"the plan does not draw {len(unknown)} of the messages")
        shares = (allocation.shares.get(message, 0.0) for message in self._messages)
        numbers = self._format.pack(float(self._identifiers.index(allocation.plan)), *shares)
        return numbers + self._digest(numbers)

    def decode(self, record: bytes) -> Allocation | None:
        """What `encode` made ``record`` of; None where it is torn, or another plan's."""
        numbers, digest = record[:-_DIGEST], record[-_DIGEST:]
        if len(numbers) != self._format.size or self._digest(numbers) != digest:
            return None
        which, *shares = self._format.unpack(numbers)
        return Allocation(self._identifiers[int(which)], _without_zeros(self._messages, shares))

    def _digest(self, numbers: bytes) -> bytes:
        key = self._identifiers[0].encode()
        return hashlib.blake2b(numbers, digest_size=_DIGEST, key=key).digest()


def _without_zeros(messages: Sequence[str], shares: Sequence[float]) -> Mapping[str, float]:
    return {message: share for message, share in zip(messages, shares, strict=True) if share}
