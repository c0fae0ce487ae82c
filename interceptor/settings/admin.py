"""Who may read the admin listener."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from interceptor.binding import Wrong, setting


def _check_variable(value: str | None) -> None:
    if value is not None and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
        raise Wrong("is no name of a variable", "Write the name alone: INTERCEPTOR_ADMIN_TOKEN.")


def _check_user(value: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9._@-]{1,64}", value):
        raise Wrong("is no name for a user", "Use up to 64 letters, digits and ._@-: no colon.")


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret of one line is: in one place."""

    SHORTHAND = "file"

    file: Path | None = setting(None, doc="a file that others cannot read")
    environment: str | None = setting(None, check=_check_variable, doc="name of an environment variable")

    @property
    def is_named(self) -> bool:
        """Whether there is such a secret."""
        return (self.file or self.environment) is not None

    def __post_init__(self) -> None:
        if self.file is not None and self.environment is not None:
            raise Wrong("two places are named", "Keep one of file and environment.")


@dataclass(frozen=True, slots=True)
class AdminAuth:
    """What ``/metrics`` and ``/dashboard/`` ask for: either of the two where both are set."""

    token: Secret = setting(factory=Secret, doc="a bearer token, for Prometheus")
    user: str = setting("staff", check=_check_user, doc="the user's name beside the password")
    password: Secret = setting(factory=Secret, doc="a password, for browsers (basic authentication)")
    open: bool = setting(
        False, doc="true: without either, an admin listener beyond loopback answers whoever reaches it"
    )

    @property
    def is_asked(self) -> bool:
        """Whether anything is asked for."""
        return self.token.is_named or self.password.is_named

    def __post_init__(self) -> None:
        if self.open and self.is_asked:
            raise Wrong("'open' stands beside a token or a password", "Keep one of them.")
