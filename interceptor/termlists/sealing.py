"""Lists sealed with age (https://age-encryption.org/v1): only who holds an identity, or the passphrase, can read them.

A sealed list is the file of a list, or of compiled lists, encrypted as it is; ``.age`` stands behind its name
(``garden.yaml.age``). It is opened in memory. age does not say who sealed a file: see `interceptor.signatures`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pyrage
from pyrage import x25519

from interceptor.binding import Wrong
from interceptor.errors import Mistake, StartError, TermListError
from interceptor.protection import forbid_dumps
from interceptor.settings.custody import ListsIdentity

SEALED = ".age"
"""How the name of a sealed file ends."""

MAX_IDENTITY_BYTES = 100_000
"""Largest file that is read as an identity, in bytes."""

_REMEDY = "make one with: interceptor lists keys identity"


class Identity:
    """What opens sealed lists: age identities (X25519), or a passphrase. Shows neither."""

    def __init__(self, keys: Sequence[x25519.Identity] = (), passphrase: str | None = None) -> None:
        self._keys, self._passphrase = list(keys), passphrase

    def __repr__(self) -> str:
        return f"Identity({'passphrase' if self._passphrase is not None else len(self._keys)})"

    def __reduce__(self) -> str:
        raise TypeError("an identity is not to be stored")

    @classmethod
    def parse(cls, text: str, name: str) -> Identity:
        """Read age identities, one a line, ``#`` before comments; or one line of anything else, the passphrase.

        ``name`` is what messages call the place. Raises `StartError`.
        """
        lines = [line.strip() for line in text.splitlines()]
        lines = [line for line in lines if line and not line.startswith("#")]
        if not lines:
            raise StartError(f"{name}: holds no identity; {_REMEDY}")
        if not any(line.upper().startswith("AGE-") for line in lines):
            if any(line.startswith("age1") for line in lines):
                raise StartError(f"{name}: holds a recipient, which seals; the identity that opens is needed")
            if len(lines) > 1:
                raise StartError(f"{name}: holds several lines that are no identity; {_REMEDY}")
            return cls(passphrase=lines[0])
        keys = []
        for line in lines:
            try:
                keys.append(x25519.Identity.from_str(line))
            except pyrage.IdentityError:
                raise StartError(f"{name}: holds a line that is no age identity; {_REMEDY}") from None
        return cls(keys)

    def open(self, data: bytes, name: str) -> bytes:
        """What is sealed in ``data``, the file that messages call ``name``. Raises `TermListError`.

        From then on, no core dump is written of this process.
        """
        forbid_dumps()
        try:
            if self._passphrase is not None:
                return pyrage.passphrase.decrypt(data, self._passphrase)
            return pyrage.decrypt(data, self._keys)
        except pyrage.DecryptError as cause:
            raise _refusal(name, data, str(cause)) from None


def _refusal(name: str, data: bytes, cause: str) -> TermListError:
    if cause in ("No matching keys found", "Decryption failed"):
        what = "cannot be opened: it is sealed for another identity or passphrase"
        return TermListError(
            Mistake(name, 0, what, "Ask its publisher to seal it for you, or name another identity.")
        )
    if not data.startswith((b"age-encryption.org/", b"-----BEGIN AGE")):
        what = "is not sealed, though its name says so"
        return TermListError(Mistake(name, 0, what, "Seal it, or take .age from its name."))
    return TermListError(
        Mistake(name, 0, "cannot be opened: it is damaged or was cut short", "Get it again.")
    )


def load_identity(settings: ListsIdentity) -> Identity | None:
    """The identity that ``settings`` name, or None where they name none.

    Raises `StartError` where it is missing, cannot be read, is readable by other users or holds no identity.
    """
    if settings.file is not None:
        return read_identity(settings.file)
    if settings.environment is not None:
        text = os.environ.get(settings.environment)
        if text is None:
            raise StartError(f"lists_identity.environment: the variable '{settings.environment}' is not set")
        return Identity.parse(text, f"the variable '{settings.environment}'")
    if settings.credential is not None:
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        if not folder:
            raise StartError(
                "lists_identity.credential: systemd has handed over no credentials; "
                f"add to the unit: LoadCredential={settings.credential}:/etc/interceptor/identity"
            )
        return read_identity(Path(folder, settings.credential))
    return None


def read_identity(path: Path) -> Identity:
    """Read the identity in the file ``path``. Raises `StartError` as `load_identity` says."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(MAX_IDENTITY_BYTES + 1)
    except OSError as cause:
        raise StartError(f"{path}: the identity cannot be read ({cause.strerror}); {_REMEDY}") from None
    if mode & 0o007:
        raise StartError(f"{path}: other users can read or change the identity; run: chmod o= {path}")
    try:
        if len(data) > MAX_IDENTITY_BYTES:
            raise ValueError
        return Identity.parse(data.decode("utf-8-sig"), str(path))
    except ValueError:
        raise StartError(f"{path}: is no identity; {_REMEDY}") from None


def new_identity() -> tuple[str, str]:
    """Make an age identity; returns its text, which is secret, and its recipient, which is not."""
    key = x25519.Identity.generate()
    return str(key), str(key.to_public())


def recipient(text: str) -> x25519.Recipient:
    """Read a recipient (``age1...``). Raises `Wrong`."""
    try:
        return x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise Wrong("is no age recipient", "Write what 'lists keys identity' printed: age1...") from None


def seal(data: bytes, recipients: Sequence[x25519.Recipient]) -> bytes:
    """Seal ``data`` so that each of ``recipients`` (at least one) can open it."""
    return pyrage.encrypt(data, list(recipients))


def seal_with_passphrase(data: bytes, passphrase: str) -> bytes:
    """Seal ``data`` so that who knows ``passphrase`` can open it."""
    return pyrage.passphrase.encrypt(data, passphrase)


def is_sealed(path: Path) -> bool:
    """Tell by the name ``path`` whether it is a sealed file."""
    return path.suffix.lower() == SEALED


def plain_name(path: Path) -> Path:
    """The name that the file ``path`` has when it is not sealed: what kind of list it is."""
    return path.with_suffix("") if is_sealed(path) else path
