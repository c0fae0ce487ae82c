"""Key files of curators: an Ed25519 private key in PEM (PKCS 8), as it is or sealed with a passphrase.

A key that signs the root, or the lists, is best sealed with a passphrase: its file's name ends in ``.age`` then.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from interceptor.errors import StartError, TermListError
from interceptor.termlists.sealing import Identity, is_sealed, seal_with_passphrase

_MAX_BYTES = 100_000


def new_key(path: Path, passphrase: str | None = None) -> Ed25519PrivateKey:
    """Make a key and write it to ``path``, for its owner alone; sealed where a ``passphrase`` is given.

    Never overwrites. Raises `StartError`.
    """
    key = Ed25519PrivateKey.generate()
    data = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    if passphrase is not None:
        data = seal_with_passphrase(data, passphrase)
    write_secret(path, data)
    return key


def load_key(path: Path, ask: Callable[[Path], str]) -> Ed25519PrivateKey:
    """Read the key in ``path``; ``ask`` is called for the passphrase of a sealed one.

    Raises `StartError` where it cannot be read or opened, is readable by others, or is no such key.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(_MAX_BYTES)
    except OSError as cause:
        raise StartError(f"{path}: the key cannot be read ({cause.strerror})") from None
    if mode & 0o007:
        raise StartError(f"{path}: other users can read or change the key; run: chmod o= {path}")
    try:
        if is_sealed(path):
            data = Identity(passphrase=ask(path)).open(data, str(path))
        key = load_pem_private_key(data, None)
    except TermListError:
        raise StartError(f"{path}: the passphrase does not open this key") from None
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise StartError(f"{path}: is no key made by: interceptor lists keys")
    return key


def write_secret(path: Path, data: bytes) -> None:
    """Write a new file ``path`` that only its owner can read. Raises `StartError` where it exists already."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise StartError(
            f"{path}: is there already, and a key is not overwritten; name another file"
        ) from None
    except OSError as cause:
        raise StartError(f"{path}: cannot be written ({cause.strerror})") from None
