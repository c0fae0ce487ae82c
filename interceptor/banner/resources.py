"""Where the banner leads: the shipped resources and what the operator changes about them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from interceptor import config, documents
from interceptor.binding import bind, setting
from interceptor.errors import ConfigError, Mistake

FILE = Path(__file__).with_name("resources.yaml")
MAX_BYTES = 200_000
"""Largest file of resources that is read, in bytes."""


class Role(StrEnum):
    """What a resource is for, and with that its place on the page."""

    PROGRAM = "program"
    """Self-help to stop: the largest thing on the page."""
    PROGRAM_ONION = "program-onion"
    """The same on Tor; first for requests through an onion service."""
    PROGRAM_ELSEWHERE = "program-elsewhere"
    """The same at another host, or a part of it."""
    SURVEY_HELP = "survey-help"
    """The door for people who want to stop or would like help."""
    SURVEY_NO_NEED = "survey-no-need"
    """The door for people who think that they need no help."""
    SURVEY = "survey"
    """Another survey for everybody."""
    SURVEY_MOTIVATION = "survey-motivation"
    """A survey for people who work on stopping; only beside the supportive message."""
    OTHER = "other"
    """Other help to stop."""
    REPORT = "report"
    """Where to report."""
    CRISIS = "crisis"
    """Someone to talk to now."""
    YOUNG = "young"
    """Help for survivors, young people and parents."""


TRAP = "trap"
"""Stands where the links of robots name a resource: no resource is called so."""

DIRECT = frozenset({Role.REPORT, Role.CRISIS, Role.YOUNG})
"""Roles whose links lead straight to the resource and are never counted."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One place of help. ``title`` is by BCP 47 tag; ``confirmed`` is when its address was last opened."""

    role: Role = setting()
    title: dict[str, str] = setting()
    address: str | None = setting(None)
    onion: str | None = setting(None)
    phone: str | None = setting(None)
    languages: tuple[str, ...] = setting(())
    source: str = setting("")
    confirmed: date | None = setting(None)

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to give a reader."""
        return bool(self.address or self.onion or self.phone)

    @property
    def is_counted(self) -> bool:
        """Whether its links count that help was chosen; a telephone number alone cannot."""
        return self.role not in DIRECT and bool(self.address or self.onion)

    def titled(self, tag: str) -> str:
        """Its title in the language ``tag``, in English, or in whatever there is."""
        return self.title.get(tag) or self.title.get("en") or next(iter(self.title.values()))

    def target(self, *, onion: bool) -> str | None:
        """The address a link leads to: the onion address where ``onion`` says so and there is one."""
        first, second = (self.onion, self.address) if onion else (self.address, self.onion)
        return first or second


def is_onion(address: str) -> bool:
    """Whether ``address`` (a URL) can be opened only through Tor."""
    return (urlsplit(address).hostname or "").endswith(".onion")


@dataclass(frozen=True, slots=True)
class _File:
    autonyms: dict[str, str] = setting()
    resources: dict[str, Resource] = setting()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The resources in force, by id.

    ``autonyms`` are languages' own names by tag; ``unknown_off`` are names that the operator switched off
    though no resource has them.
    """

    autonyms: Mapping[str, str]
    resources: Mapping[str, Resource]
    unknown_off: tuple[str, ...]

    def shown(self, *roles: Role) -> Iterator[tuple[str, Resource]]:
        """Yield the resources of these roles that can be shown, in the order of ``roles`` and of the file."""
        for role in roles:
            for name, resource in self.resources.items():
                if resource.role is role and resource.is_shown:
                    yield name, resource


def read_catalogue(overrides: Mapping[str, config.Resource], path: Path = FILE) -> Catalogue:
    """Read the shipped resources and apply the operator's ``overrides``.

    A name that is not shipped adds a resource of the role *other*. Raises `ConfigError` where a new one has
    no title, no address or no usable name.
    """
    node = documents.read(path, max_bytes=MAX_BYTES, error=ConfigError)
    file = bind(node, _File, name=str(path), error=ConfigError)
    resources = dict(file.resources)
    mistakes: list[Mistake] = []
    for name, change in overrides.items():
        if not change.enabled:
            resources.pop(name, None)
        elif name in resources:
            resources[name] = _changed(resources[name], change)
        elif faults := list(_faults_of_new(name, change)):
            mistakes += faults
        else:
            resources[name] = _changed(Resource(role=Role.OTHER, title={}), change)
    if mistakes:
        raise ConfigError(*mistakes)
    unknown = (
        name for name, change in overrides.items() if not change.enabled and name not in file.resources
    )
    return Catalogue(file.autonyms, resources, tuple(sorted(unknown)))


def _changed(resource: Resource, change: config.Resource) -> Resource:
    """Apply what ``change`` says; a new address is unconfirmed until the change itself confirms it."""
    address, onion = change.address, change.onion
    if address and not onion and is_onion(address):
        address, onion = None, address
    moved = bool(address or onion)
    return dataclasses.replace(
        resource,
        title={"en": change.title} if change.title else resource.title,
        address=address or resource.address,
        onion=onion or resource.onion,
        phone=change.phone or resource.phone,
        languages=change.languages or resource.languages,
        source="the configuration" if moved else resource.source,
        confirmed=change.confirmed or (None if moved else resource.confirmed),
    )


def _faults_of_new(name: str, change: config.Resource) -> Iterator[Mistake]:
    def mistake(what: str, remedy: str) -> Mistake:
        return Mistake("configuration", 0, f"resources.{name} {what}", remedy)

    if name == TRAP:
        yield mistake("has a name that the banner uses itself", "Choose another name.")
        return
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", name):
        yield Mistake(
            "configuration",
            0,
            "resources has a name that cannot stand in a link",
            "Use up to 40 letters a-z, digits and hyphens.",
        )
        return
    if not change.title:
        yield mistake("is new and has no title", "Add 'title:', or correct the name of a shipped resource.")
    if not (change.address or change.onion or change.phone):
        yield mistake("is new and leads nowhere", "Add 'address:', 'onion:' or 'phone:'.")
