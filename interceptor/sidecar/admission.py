"""Who is let in at the admin listener: a bearer token (RFC 6750) or a password (basic authentication, RFC 7617)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os

from interceptor.addresses import Address
from interceptor.errors import StartError
from interceptor.settings.admin import AdminAuth, Secret

LEAST = 16
"""Characters of the shortest token or password that is taken: nothing here slows a guesser down."""

_MOST = 4096
_REMEDY = (
    "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(24))'; "
    "it takes letters, digits and signs of ASCII"
)


class Admission:
    """Looks at ``Authorization`` fields. Of the secrets it holds a digest each.

    Raises `StartError` where a secret cannot be read, is readable by other users or is too short, and where the
    ``listener`` is beyond the loopback interface and nothing is asked for, unless the configuration says so.
    """

    def __init__(self, settings: AdminAuth, listener: Address) -> None:
        if not (listener.is_loopback or settings.is_asked or settings.open):
            raise StartError(
                "server.admin is not on the loopback interface, and admin_auth asks for nothing: name a token or "
                "a password there, or write 'open: true' if only those reach it who may read it"
            )
        self._schemes: dict[str, bytes] = {}
        if settings.token.is_named:
            self._schemes["bearer"] = _digest(_read(settings.token, "token"))
        if settings.password.is_named:
            pair = f"{settings.user}:".encode() + _read(settings.password, "password")
            self._schemes["basic"] = _digest(pair)

    def __repr__(self) -> str:
        return f"Admission({', '.join(self._schemes)})"

    def lets_in(self, authorization: str | None) -> bool:
        """Whether a request with this ``Authorization`` field is let in."""
        if not self._schemes:
            return True
        scheme, _, rest = (authorization or "").strip().partition(" ")
        expected = self._schemes.get(scheme.lower())
        if expected is None:
            return False
        shown = rest.strip().encode("utf-8", "surrogateescape")
        if scheme.lower() == "basic":
            try:
                shown = base64.b64decode(shown, validate=True)
            except (binascii.Error, ValueError):
                return False
        return hmac.compare_digest(_digest(shown), expected)

    @property
    def challenges(self) -> tuple[str, ...]:
        """Values of ``WWW-Authenticate``."""
        said = {
            "bearer": 'Bearer realm="interceptor"',
            "basic": 'Basic realm="interceptor", charset="UTF-8"',
        }
        return tuple(said[scheme] for scheme in self._schemes)


def _digest(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()


def _read(secret: Secret, name: str) -> bytes:
    """The secret without the line break behind it. Raises `StartError`."""
    if secret.file is not None:
        place = str(secret.file)
        try:
            with secret.file.open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                data = file.read(_MOST + 1)
        except OSError as cause:
            raise StartError(f"{place}: admin_auth.{name} cannot be read ({cause.strerror})") from None
        if mode & 0o007:
            raise StartError(f"{place}: other users can read or change it; run: chmod o= {place}")
    else:
        assert secret.environment is not None
        place = f"the variable '{secret.environment}'"
        text = os.environ.get(secret.environment)
        if text is None:
            raise StartError(f"admin_auth.{name}: {place} is not set")
        data = os.fsencode(text)
    data = data.strip()
    if len(data) < LEAST or len(data) > _MOST or not data.isascii() or b"\n" in data:
        raise StartError(
            f"{place}: is no line of {LEAST} characters or more for admin_auth.{name}; {_REMEDY}"
        )
    return data
