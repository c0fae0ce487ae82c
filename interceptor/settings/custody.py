"""What sealed lists are opened with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from interceptor.binding import Wrong, setting


def _check_name(value: str | None) -> None:
    if value is not None and (not value or "/" in value or value.startswith(".") or "\0" in value):
        raise Wrong("is no name", "Write the name alone, without a folder.")


@dataclass(frozen=True, slots=True)
class ListsIdentity:
    """Where the age identity, or the passphrase, of sealed lists is: in one place."""

    file: Path | None = setting(None, doc="a file that others cannot read")
    environment: str | None = setting(None, check=_check_name, doc="name of an environment variable")
    credential: str | None = setting(None, check=_check_name, doc="name of a systemd credential")

    @property
    def is_named(self) -> bool:
        """Whether there is anything to open sealed lists with."""
        return (self.file or self.environment or self.credential) is not None

    def __post_init__(self) -> None:
        if sum(place is not None for place in (self.file, self.environment, self.credential)) > 1:
            raise Wrong("several places are named", "Keep one of file, environment and credential.")
