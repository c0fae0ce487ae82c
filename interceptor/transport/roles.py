"""The four roles that sign a repository (The Update Framework, specification 1.0, section 2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

RoleName = Literal["root", "targets", "snapshot", "timestamp"]

ROLES: Final[tuple[RoleName, ...]] = ("root", "targets", "snapshot", "timestamp")

ONLINE: Final[tuple[RoleName, ...]] = ("targets", "snapshot", "timestamp")
"""Those that sign whenever something is published; each is vouched for by the next."""

DAYS: Final[Mapping[str, int]] = {"root": 365, "targets": 92, "snapshot": 31, "timestamp": 7}
"""Days after which each role has to have signed again."""
