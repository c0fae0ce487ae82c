"""The curator's signature on a sealed list, in the format of minisign (https://jedisct1.github.io/minisign/).

The signature lies in a file beside the list, ``.minisig`` behind its name. It is an Ed25519 signature over the
BLAKE2b-512 of the sealed file, and another over that signature and a comment, which tells the file's name and when it
was signed. `minisign -V` checks it too. What minisign calls the legacy format, without the hash, is not read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from interceptor.binding import Wrong

SIGNATURE = ".minisig"
"""How the name of a signature's file ends."""

MAX_SIGNATURE_BYTES = 2_000
"""Largest file that is read as a signature, in bytes."""

_COMMENT = re.compile(r"timestamp:(\d{1,12})\tfile:([^\t\n]{1,200})(?:\t[^\n]*)?")


class ForgedError(Exception):
    """A signature does not fit the file, the key or the name."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A curator's public key: an identifier of 8 bytes and the key's 32."""

    number: bytes
    key: bytes

    @classmethod
    def of(cls, key: Ed25519PrivateKey) -> Self:
        """The public part of ``key``; the identifier is a hash of it."""
        public = key.public_key().public_bytes_raw()
        return cls(hashlib.blake2b(public, digest_size=8).digest(), public)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the line that minisign calls the public key: base64, beginning ``RW``. Raises `Wrong`."""
        try:
            data = base64.b64decode(text.strip(), validate=True)
        except (binascii.Error, ValueError):
            data = b""
        if len(data) != 42 or data[:2] != b"Ed":
            raise Wrong(
                "is no public key", "Write the line that begins RW, as 'lists keys curator' prints it."
            )
        return cls(data[2:10], data[10:])

    def __str__(self) -> str:
        return base64.b64encode(b"Ed" + self.number + self.key).decode()


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature says that fits."""

    name: str
    """The name of the file that was signed."""
    time: int
    """When, in seconds since 1970."""


def sign(data: bytes, name: str, key: Ed25519PrivateKey, *, time: int) -> bytes:
    """The signature of the file ``name`` that holds ``data``; ``time`` in seconds since 1970."""
    public = PublicKey.of(key)
    signature = key.sign(hashlib.blake2b(data).digest())
    comment = f"timestamp:{time}\tfile:{name}\thashed"
    return (
        "untrusted comment: signature of a sealed list\n"
        f"{base64.b64encode(b'ED' + public.number + signature).decode()}\n"
        f"trusted comment: {comment}\n"
        f"{base64.b64encode(key.sign(signature + comment.encode())).decode()}\n"
    ).encode()


def verify(data: bytes, signature: bytes, keys: tuple[PublicKey, ...]) -> Signed:
    """Check that one of ``keys`` signed ``data``; returns what the signature says. Raises `ForgedError`."""
    lines = signature.decode("utf-8", "replace").split("\n")
    if len(signature) > MAX_SIGNATURE_BYTES or len(lines) < 4 or not lines[2].startswith("trusted comment: "):
        raise ForgedError("it is no signature of this format")
    comment = lines[2].removeprefix("trusted comment: ").rstrip("\r")
    try:
        first = base64.b64decode(lines[1].strip(), validate=True)
        second = base64.b64decode(lines[3].strip(), validate=True)
    except (binascii.Error, ValueError):
        raise ForgedError("it is no signature of this format") from None
    if len(first) != 74 or first[:2] != b"ED" or len(second) != 64:
        raise ForgedError("it is no signature of this format")
    for key in keys:
        if key.number != first[2:10]:
            continue
        try:
            public = Ed25519PublicKey.from_public_bytes(key.key)
            public.verify(first[10:], hashlib.blake2b(data).digest())
            public.verify(second, first[10:] + comment.encode())
        except (InvalidSignature, ValueError):
            raise ForgedError("the signature does not fit the file") from None
        said = _COMMENT.fullmatch(comment)
        if said is None:
            raise ForgedError("it does not say which file was signed, and when")
        return Signed(said[2], int(said[1]))
    raise ForgedError("it was made with a key that is not among the signers")
