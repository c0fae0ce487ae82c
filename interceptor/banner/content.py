"""What one banner shows: the view asked for, and the texts and places chosen for it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from interceptor.banner.resources import TRAP, Catalogue, Resource, Role, is_onion
from interceptor.banner.texts import Direction, Language, Message
from interceptor.vocabulary import Category


@dataclass(frozen=True, slots=True)
class View:
    """What one banner is to show; it never holds anything of a query.

    ``message`` None is what the category calls for. ``ticket`` is opaque text that links carry; without it
    they lead straight to the resources, uncounted. ``onion``: the request came through an onion service.
    """

    category: Category
    language: str
    message: str | None = None
    ticket: str | None = None
    onion: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """An address in plain text; ``onion`` tells whether it takes Tor to open it."""

    text: str
    onion: bool


@dataclass(frozen=True, slots=True)
class Place:
    """One resource as a reader sees it.

    ``href`` is where its link leads (None for a telephone number alone), ``addresses`` the same in plain
    text, first the one that the link leads to; ``languages`` are the languages' own names.
    """

    id: str
    title: str
    href: str | None
    addresses: tuple[Address, ...]
    phone: str | None
    languages: tuple[str, ...]

    @property
    def dial(self) -> str:
        """The telephone number as a ``tel:`` address."""
        return "tel:" + "".join(sign for sign in self.phone or "" if sign.isdigit() or sign == "+")


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that page, strip and data show of one view, in the order of the page.

    ``program`` is the largest thing on the page, ``is_self_help`` whether that is the Self-Help Program
    (and not the next best help in its place), ``is_counted`` whether links to help count. The message may be
    borrowed from another language, ``message_language``.
    """

    message_id: str
    message: Message
    message_language: str
    message_dir: Direction
    program: Place | None
    elsewhere: tuple[Place, ...]
    door_help: Place | None
    door_no_need: Place | None
    surveys: tuple[Place, ...]
    crisis: tuple[Place, ...]
    other: tuple[Place, ...]
    report: tuple[Place, ...]
    young: tuple[Place, ...]
    is_self_help: bool
    is_counted: bool

    @property
    def helping(self) -> tuple[Place, ...]:
        """All help to stop, the most important first."""
        return (*([self.program] if self.program else ()), *self.elsewhere, *self.other)


class Links:
    """Builds every address of ours; nothing in them comes from a request but the ticket, quoted."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.search = f"{prefix}search"
        self.page = f"{prefix}banner"

    def go(self, resource: str, ticket: str) -> str:
        """The counted link to a resource."""
        return f"{self._prefix}go/{resource}/{quote(ticket, safe='')}"

    def trap(self, ticket: str) -> str:
        """The link that no person follows."""
        return self.go(TRAP, ticket)

    def box(self, ticket: str | None) -> str:
        """Where the page's search box leads; the ticket stands here, for its form may go on to the engine."""
        return f"{self.search}?t={quote(ticket, safe='')}" if ticket else self.search

    def banner(self, language: str, ticket: str | None) -> str:
        """The banner's page in a language."""
        carried = f"&t={quote(ticket, safe='')}" if ticket else ""
        return f"{self.page}?lang={language}{carried}"


_TWINS = (Role.PROGRAM, Role.PROGRAM_ONION)


class Chooser:
    """Chooses texts and places for one view; ``direct`` leaves the counted links out."""

    def __init__(
        self, view: View, language: Language, catalogue: Catalogue, links: Links, *, direct: bool = False
    ) -> None:
        self._view, self._language, self._catalogue, self._links = view, language, catalogue, links
        self._ticket = None if direct else view.ticket

    def content(self, message_id: str) -> Content:
        """Everything to show with the message ``message_id``."""
        program = self._program()
        taken = program.id if program else None
        borrowed_from = self._language.borrowed.get(f"messages.{message_id}")
        motivation = (Role.SURVEY_MOTIVATION,) if message_id == "supportive" else ()
        return Content(
            message_id=message_id,
            message=self._language.messages[message_id],
            message_language=borrowed_from.tag if borrowed_from else self._language.tag,
            message_dir=borrowed_from.dir if borrowed_from else self._language.dir,
            program=program,
            elsewhere=self._places(Role.PROGRAM_ELSEWHERE, but=taken),
            door_help=self._door(Role.SURVEY_HELP),
            door_no_need=self._door(Role.SURVEY_NO_NEED),
            surveys=self._places(Role.SURVEY, *motivation),
            crisis=self._places(Role.CRISIS),
            other=self._places(Role.OTHER, but=taken),
            report=self._places(Role.REPORT),
            young=self._places(Role.YOUNG),
            is_self_help=program is not None and self._catalogue.resources[program.id].role in _TWINS,
            is_counted=self._ticket is not None,
        )

    def _program(self) -> Place | None:
        """The largest thing on the page: the program, or the next best help where it is switched off."""
        twins = _TWINS[::-1] if self._view.onion else _TWINS
        for name, resource in self._catalogue.shown(*twins, Role.PROGRAM_ELSEWHERE, Role.OTHER):
            if resource.role not in twins:
                return self._place(name, resource)
            # Both are the same place: the other one's addresses stand beside the link as text.
            return self._place(name, resource, *(twin for _, twin in self._catalogue.shown(*twins)))
        return None

    def _door(self, role: Role) -> Place | None:
        return next((place for place in self._places(role) if place.href), None)

    def _places(self, *roles: Role, but: str | None = None) -> tuple[Place, ...]:
        """The places of these roles, those that speak the reader's language first."""
        found = [item for item in self._catalogue.shown(*roles) if item[0] != but]
        found.sort(key=lambda item: bool(item[1].languages) and self._language.tag not in item[1].languages)
        return tuple(self._place(*item) for item in found)

    def _place(self, name: str, resource: Resource, *twins: Resource) -> Place:
        target = resource.target(onion=self._view.onion)
        addresses = dict.fromkeys(
            address
            for each in (resource, *twins)
            for address in (target, each.address, each.onion)
            if address
        )
        return Place(
            id=name,
            title=resource.titled(self._language.tag),
            href=self._links.go(name, self._ticket) if self._ticket and resource.is_counted else target,
            addresses=tuple(Address(address, is_onion(address)) for address in addresses),
            phone=resource.phone,
            languages=tuple(self._catalogue.autonyms.get(tag, tag) for tag in resource.languages),
        )
