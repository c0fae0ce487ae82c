"""The configuration: one tree of frozen dataclasses, read from YAML.

Unknown keys are errors. Every default is one that an operator can start with; `interceptor config show` prints
the tree in force and `docs/operators.md` describes each key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from interceptor import documents
from interceptor.binding import Wrong, bind, setting
from interceptor.errors import ConfigError
from interceptor.settings.admin import AdminAuth
from interceptor.settings.authz import Authz
from interceptor.settings.banner import Banner, Resource
from interceptor.settings.checks import not_empty
from interceptor.settings.counting import Budget, History, Keeper, Privacy, ReleaseKind, Tickets
from interceptor.settings.custody import ListsIdentity
from interceptor.settings.engine import Engine
from interceptor.settings.experiment import MOST_MESSAGES, NEUTRAL, Experiment, PlanKind
from interceptor.settings.lists_gate import ListsGate
from interceptor.settings.log import Log, LogFormat
from interceptor.settings.matching import Matching
from interceptor.settings.searches import DEFAULT_PARAMETERS, Limits, Search, check_paths
from interceptor.settings.server import DecideApi, Server
from interceptor.settings.updates import Updates
from interceptor.vocabulary import Action, Category

__all__ = [
    "DEFAULT_PARAMETERS",
    "MAX_CONFIG_BYTES",
    "MOST_MESSAGES",
    "NEUTRAL",
    "AdminAuth",
    "Authz",
    "Banner",
    "Budget",
    "Config",
    "DecideApi",
    "Engine",
    "Experiment",
    "FaultPolicy",
    "History",
    "Keeper",
    "Limits",
    "ListsGate",
    "ListsIdentity",
    "Log",
    "LogFormat",
    "Matching",
    "Mode",
    "PlanKind",
    "Privacy",
    "ReleaseKind",
    "Resource",
    "Search",
    "Server",
    "Tickets",
    "Updates",
]

MAX_CONFIG_BYTES = 1_000_000
"""Largest configuration file that is read, in bytes."""


class Mode(StrEnum):
    """Whether warnings are shown."""

    ENFORCE = "enforce"
    SHADOW = "shadow"
    """Decide and count, show nothing."""


class FaultPolicy(StrEnum):
    """What becomes of a search that the interceptor fails on."""

    OPEN = "open"
    """It goes on to the engine."""
    CLOSED = "closed"
    """It is answered 503."""


def _check_prefix(value: str) -> None:
    if not re.fullmatch(r"/[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*/", value):
        raise Wrong(
            "is not a path prefix",
            "Begin and end with '/', with letters, digits and ._~- between: /_interceptor/.",
        )


def _check_status(value: int) -> None:
    if value not in (200, 403, 404, 451):
        raise Wrong("is no status for a page that people read", "Use 200, or 403, 404 or 451.")


def _default_actions() -> dict[Category, Action]:
    return {
        Category.SEEKING: Action.REPLACE,
        Category.AMBIGUOUS: Action.ANNOTATE,
        Category.HELP_SEEKING: Action.ANNOTATE,
        Category.INFORMATIONAL: Action.ANNOTATE,
    }


def _check_actions(value: dict[Category, Action]) -> None:
    for category in (Category.INFORMATIONAL, Category.HELP_SEEKING):
        if value.get(category) is Action.REPLACE:
            raise Wrong(
                f"replaces results for '{category}'",
                "Use annotate or pass: people who look for law, prevention or help keep their results.",
            )


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration."""

    mode: Mode = setting(Mode.ENFORCE)
    fault_policy: FaultPolicy = setting(FaultPolicy.OPEN)
    prefix: str = setting("/_interceptor/", check=_check_prefix, doc="every path of ours begins so")
    lists: tuple[Path, ...] = setting((), doc="files and folders; none means the shipped lists")
    lists_gate: ListsGate = setting(factory=ListsGate)
    lists_identity: ListsIdentity = setting(factory=ListsIdentity)
    updates: Updates = setting(factory=Updates)
    actions: dict[Category, Action] = setting(factory=_default_actions, check=_check_actions)
    replaced_status: int = setting(200, check=_check_status)
    searches: tuple[Search, ...] = setting((Search(),), check=not_empty)
    suggestions: tuple[str, ...] = setting(
        (),
        check=check_paths,
        doc="paths of the engine's search suggestions: matching ones are left out, keystrokes not counted",
    )
    matching: Matching = setting(factory=Matching)
    limits: Limits = setting(factory=Limits)
    engine: Engine = setting(factory=Engine)
    banner: Banner = setting(factory=Banner)
    experiment: Experiment = setting(factory=Experiment)
    resources: dict[str, Resource] = setting(factory=dict)
    decide_api: DecideApi = setting(factory=DecideApi)
    authz: Authz = setting(factory=Authz)
    tickets: Tickets = setting(factory=Tickets)
    privacy: Privacy = setting(factory=Privacy)
    history: History = setting(factory=History)
    keeper: Keeper = setting(factory=Keeper)
    server: Server = setting(factory=Server)
    admin_auth: AdminAuth = setting(factory=AdminAuth)
    log: Log = setting(factory=Log)

    def __post_init__(self) -> None:
        if self.updates.sources and any(".compiled" in path.suffixes for path in self.lists):
            raise Wrong(
                "a compiled file takes no other list beside it, so lists could not be fetched",
                "Name the lists that it was compiled from under 'lists:'.",
            )

    def action_for(self, category: Category) -> Action:
        """What is done with a search of ``category``; the default where the configuration says nothing."""
        return self.actions.get(category) or _default_actions()[category]

    @classmethod
    def load(cls, path: Path | str, *, folder: Path | None = None) -> Config:
        """Read the YAML file ``path``; relative paths in it begin at ``folder``, by default the file's own.

        Raises `ConfigError` with every mistake, its line and its remedy.
        """
        path = Path(path)
        node = documents.read(path, max_bytes=MAX_CONFIG_BYTES, error=ConfigError)
        return bind(node, cls, name=str(path), error=ConfigError, folder=folder or path.parent)
