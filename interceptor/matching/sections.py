"""A file of named sections of bytes, checked as a whole before anything in it is read.

Layout, numbers little-endian: 18 bytes that name the kind of file; its format (4 bytes); the size of what follows
the head (8); the SHA-256 of what follows (32); then for each section the size of its name (1), its name in ASCII, its
size (8) and its bytes. The checksum tells damage, not forgery: whoever can write the file can write the checksum.
"""

from __future__ import annotations

import hashlib
import struct
import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate, chain

from interceptor.errors import Mistake, TermListError

FORMAT = 3
"""The version of the layout and of the sections that this package writes and reads."""

_KIND = b"\x89interceptor-lists"
_HEAD = struct.Struct("<18sIQ32s")
_SIZE = struct.Struct("<Q")
_COMPILE_AGAIN = "Compile it again: interceptor lists compile."


def pack(sections: Mapping[str, bytes]) -> bytes:
    """Put ``sections`` into one file; the same sections give the same bytes."""
    pieces: list[bytes] = []
    for name, data in sections.items():
        pieces += [bytes([len(name)]), name.encode("ascii"), _SIZE.pack(len(data)), data]
    content = b"".join(pieces)
    return _HEAD.pack(_KIND, FORMAT, len(content), hashlib.sha256(content).digest()) + content


def unpack(data: bytes, name: str) -> dict[str, memoryview]:
    """Return the sections of the file ``data``, which messages call ``name``.

    Raises `TermListError` where it is of another kind or format, cut short or damaged.
    """
    if len(data) < _HEAD.size or not data.startswith(_KIND):
        raise refusal(name, "is no compiled list, or one that was cut short")
    _, version, size, digest = _HEAD.unpack_from(data)
    if version > FORMAT:
        raise refusal(name, f"is compiled in a newer format than {FORMAT}, the newest that is read here")
    if version < FORMAT:
        raise refusal(name, "is compiled in a format that is no longer read")
    content = memoryview(data)[_HEAD.size :]
    if len(content) < size:
        raise refusal(name, "was cut short")
    if len(content) > size or hashlib.sha256(content).digest() != digest:
        raise refusal(name, "is damaged: its checksum does not fit")
    sections: dict[str, memoryview] = {}
    place = 0
    while place < size:
        start = place + 1 + content[place]
        label = bytes(content[place + 1 : start]).decode("ascii")
        (length,) = _SIZE.unpack_from(content, start)
        place = start + _SIZE.size + length
        sections[label] = content[start + _SIZE.size : place]
    return sections


def refusal(name: str, what: str) -> TermListError:
    """The error for a compiled file that cannot be used."""
    return TermListError(Mistake(name, 0, what, _COMPILE_AGAIN))


def from_array(numbers: array[int]) -> bytes:
    """The bytes of ``numbers``, little-endian."""
    return _little_endian(numbers[:]).tobytes()


def to_array(typecode: str, data: memoryview) -> array[int]:
    """The numbers in ``data``. Raises `ValueError` where its size does not fit."""
    numbers = array(typecode)
    numbers.frombytes(data)
    return _little_endian(numbers)


def _little_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def from_strings(strings: Iterable[str]) -> bytes:
    """The bytes of ``strings``: how many, the size of each in UTF-8, and all of them one behind the other."""
    encoded = [string.encode("utf-8", "surrogatepass") for string in strings]
    sizes = array("I", map(len, encoded))
    return b"".join([_SIZE.pack(len(encoded)), from_array(sizes), *encoded])


class Strings:
    """The strings that `from_strings` packed, each made when it is asked for: a million take their bytes alone."""

    def __init__(self, data: memoryview) -> None:
        """Raises `ValueError` where ``data`` holds something else."""
        (count,) = _SIZE.unpack_from(data)
        start = _SIZE.size + 4 * count
        self.ends = array("Q", accumulate(to_array("I", data[_SIZE.size : start])))
        self.texts = data[start:]
        if len(self.ends) != count or (self.ends[-1] if count else 0) != len(self.texts):
            raise ValueError("the sizes of strings do not fit")

    def __len__(self) -> int:
        return len(self.ends)

    def __repr__(self) -> str:
        return f"Strings({len(self)})"

    def __iter__(self) -> Iterator[str]:
        whole = bytes(self.texts)
        if whole.isascii():
            # To cut one string is three times as fast as to decode each.
            text = whole.decode("ascii")
            yield from map(text.__getitem__, map(slice, chain((0,), self.ends), self.ends))
            return
        start = 0
        for end in self.ends:
            yield str(self.texts[start:end], "utf-8", "surrogatepass")
            start = end
