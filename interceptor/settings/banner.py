"""The page and the strip, and the help they name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

from interceptor.addresses import web_address
from interceptor.binding import Wrong, setting
from interceptor.vocabulary import Review


def _check_http_address(value: str | None) -> None:
    if value is not None and (web_address(value) is None or re.search(r"[\x00-\x20<>\"]", value)):
        raise Wrong("is not a web address", "Write http:// or https:// and a host.")


@dataclass(frozen=True, slots=True)
class Banner:
    """The page and the strip."""

    languages: tuple[str, ...] = setting((), doc="languages offered; none means all that are there")
    default_language: str = setting("en", doc="used where nothing tells a better one")
    message: str = setting("harm-legal", doc="which message a warning shows")
    style: dict[str, str] = setting(factory=dict, doc="colours, font and corners: see docs/banner.md")
    template: Path | None = setting(None, doc="a template of the page in place of the shipped one")
    review: Review = setting(Review.NONE, doc="which review a text needs to be shown")


@dataclass(frozen=True, slots=True)
class Resource:
    """Changes to one resource of the banner, or a new one where the id is not known."""

    SHORTHAND: ClassVar[str] = "enabled"

    enabled: bool = setting(True)
    address: str | None = setting(None, check=_check_http_address)
    onion: str | None = setting(None, check=_check_http_address)
    phone: str | None = setting(None)
    title: str | None = setting(None)
    languages: tuple[str, ...] = setting(())
    confirmed: date | None = setting(None, doc="when you last opened the address and found it right")
