"""Curators' signatures, in the format of minisign."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from interceptor.binding import Wrong
from interceptor.signatures import ForgedError, PublicKey, Signed, sign, verify

KEY = Ed25519PrivateKey.generate()
KEYS = (PublicKey.of(KEY),)
DATA, NAME = b"what is sealed", "garden.yaml.age"
SIGNATURE = sign(DATA, NAME, KEY, time=1_700_000_000)


def test_a_signature_says_what_was_signed_and_when() -> None:
    assert verify(DATA, SIGNATURE, KEYS) == Signed(NAME, 1_700_000_000)
    other = PublicKey.of(Ed25519PrivateKey.generate())
    assert verify(DATA, SIGNATURE, (other, *KEYS)) == Signed(NAME, 1_700_000_000)


def test_a_signature_of_minisign_fits() -> None:
    """Made by minisign 0.11 with a key of this test alone."""
    here = Path(__file__).parent / "support" / "minisign"
    key = PublicKey.parse((here / "key.pub").read_text().splitlines()[1])
    signed = verify((here / "data.age").read_bytes(), (here / "data.age.minisig").read_bytes(), (key,))
    assert signed.name == "data.age"


def test_a_public_key_is_written_as_it_is_read() -> None:
    assert PublicKey.parse(str(KEYS[0])) == KEYS[0]
    assert str(KEYS[0]).startswith("RW")


@pytest.mark.parametrize(
    "text",
    ["", "RW", "RWsecret!", str(KEYS[0])[:-4], "AA" + str(KEYS[0])[2:]],
    ids=["empty", "bare", "no-base64", "cut", "another-kind"],  # the key is another in each process
)
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(Wrong, match="no public key"):
        PublicKey.parse(text)


def altered(line: int, change: bytes) -> bytes:
    lines = SIGNATURE.split(b"\n")
    lines[line] = change
    return b"\n".join(lines)


def flipped(line: int) -> bytes:
    raw = bytearray(base64.b64decode(SIGNATURE.split(b"\n")[line]))
    raw[-1] ^= 1
    return altered(line, base64.b64encode(raw))


@pytest.mark.parametrize(
    ("data", "signature", "what"),
    [
        (DATA + b"!", SIGNATURE, "does not fit the file"),
        (DATA, flipped(1), "does not fit the file"),
        (DATA, flipped(3), "does not fit the file"),
        (
            DATA,
            SIGNATURE.replace(b"file:garden.", b"file:meadow."),
            "does not fit the file",
        ),
        (DATA, SIGNATURE.replace(b"timestamp:17", b"timestamp:18"), "does not fit the file"),
        (DATA, sign(DATA, NAME, Ed25519PrivateKey.generate(), time=1), "not among the signers"),
        (DATA, sign(DATA, "two\tnames\nhere", KEY, time=1), "no signature of this format|which file"),
        (DATA, altered(1, b"?"), "no signature of this format"),
        (DATA, altered(1, base64.b64encode(b"Ed" + bytes(72))), "no signature of this format"),
        (DATA, b"", "no signature of this format"),
        (DATA, SIGNATURE + bytes(10_000), "no signature of this format"),
        (DATA, b"\xff" * 100, "no signature of this format"),
    ],
)
def test_what_does_not_fit_is_refused(data: bytes, signature: bytes, what: str) -> None:
    with pytest.raises(ForgedError, match=what):
        verify(data, signature, KEYS)
