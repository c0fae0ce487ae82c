"""The banner, rendered: a whole page, a strip for another page, or plain data."""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from interceptor.banner import languages as language_choice
from interceptor.banner.content import Chooser, Links, Place, View
from interceptor.banner.insertion import StripInserter
from interceptor.banner.inspection import HEAD_BYTES
from interceptor.banner.notices import notices
from interceptor.banner.prepared import Prepared
from interceptor.banner.resources import read_catalogue
from interceptor.banner.style import Scheme, Style, content_security_policy
from interceptor.banner.template import Templates
from interceptor.banner.texts import FALLBACK, Language, read_languages
from interceptor.config import Config
from interceptor.errors import ConfigError, Mistake
from interceptor.ticket import Names, TicketBox
from interceptor.vocabulary import Action, Category

BRIEF = "informational"
"""The one-line message; too little for a warning."""


class Banner:
    """Renders banners. Data and templates are read once; afterwards it is the same for all, and thread-safe.

    ``languages``, ``messages`` and ``counted`` (resource ids) are every value that can occur, so that
    counters can exist from the first scrape. ``page_headers`` belong on every answer that is the page.
    """

    def __init__(self, config: Config, *, scheme: Scheme | None = None) -> None:
        """Read data and templates. Raises `ConfigError` where the configuration cannot be shown.

        ``scheme`` forces light or dark colours, for previews; otherwise the reader's own setting chooses.
        """
        shipped = read_languages()
        _check(config, shipped)
        self._config = config
        self._languages = _offered(config, shipped)
        self._scripts = {tag: language.scripts for tag, language in self._languages.items()}
        self._catalogue = read_catalogue(config.resources)
        self._links = Links(config.prefix)
        style = Style(config.banner.style, scheme)
        self._page_css = Markup(style.page)  # noqa: S704  (checked values in a file of this package)
        self._strip_css = Markup(style.strip)  # noqa: S704
        self._templates = Templates(config.banner.template)
        self.languages = tuple(self._languages)
        self.messages = tuple(shipped[FALLBACK].messages)
        self.counted = tuple(name for name, item in self._catalogue.resources.items() if item.is_counted)
        styles = [style.page]
        if config.banner.template:
            styles = self._templates.check(
                (self._page_context(view) for view in self._samples()), self._links
            )
        self._pages = Prepared(lambda view: self._templates.page(self._page_context(view)))
        self._strips = {
            (styled, direct): Prepared(partial(self._rendered_strip, styled=styled, direct=direct))
            for styled in (True, False)
            for direct in (True, False)
        }
        self.page_headers: Mapping[str, str] = MappingProxyType(
            _headers(content_security_policy(styles, config.engine.origins))
        )

    def _samples(self) -> list[View]:
        """Every language once, and every message once."""
        default = self._config.banner.default_language
        views = [
            *(View(Category.SEEKING, tag) for tag in self._languages),
            *(View(Category.SEEKING, default, message=name) for name in self.messages),
        ]
        return [sample(view) for view in views]

    def message_for(self, category: Category) -> str:
        """The message that a search of ``category`` is shown where no plan has chosen another."""
        return {
            Category.SEEKING: self._config.banner.message,
            Category.AMBIGUOUS: "neutral",
            Category.HELP_SEEKING: "supportive",
            Category.INFORMATIONAL: BRIEF,
        }[category]

    @property
    def reviews(self) -> dict[str, dict[str, str]]:
        """For each offered language its messages and who reviewed each (a value of `Review`)."""
        return {
            tag: {name: text.review.value for name, text in language.messages.items()}
            for tag, language in self._languages.items()
        }

    @property
    def wording(self) -> str:
        """A digest of every text of every offered language."""
        texts = [
            (
                tag,
                language.words,
                [(name, text.heading, text.text) for name, text in language.messages.items()],
            )
            for tag, language in self._languages.items()
        ]
        return hashlib.sha256(repr(texts).encode()).hexdigest()

    def choose_language(
        self,
        *,
        requested: str | None = None,
        matched: str | None = None,
        script: str | None = None,
        accept_language: str | None = None,
    ) -> str:
        """Choose among ``languages``; see `interceptor.banner.languages.choose`."""
        return language_choice.choose(
            self._scripts,
            self._config.banner.default_language,
            requested=requested,
            matched=matched,
            script=script,
            accept_language=accept_language,
        )

    def page(self, view: View) -> bytes:
        """The whole HTML document, in UTF-8. To be sent with ``page_headers``."""
        return self._pages(view).encode()

    def page_size(self, view: View) -> int:
        """Bytes that the page of ``view`` takes on the wire, headers included."""
        headers = sum(len(f"{name}: {value}\r\n") for name, value in self.page_headers.items())
        return HEAD_BYTES + headers + len(self.page(view))

    def strip(self, view: View, *, styled: bool = True, direct: bool = False) -> str:
        """A fragment of HTML in pure ASCII, for any page in any character set.

        ``styled`` False leaves out all CSS, for pages whose policy would block it. ``direct`` leaves out all
        links of ours, for pages whose ``<base>`` would send them elsewhere.
        """
        return self._strips[styled, direct](view)

    def _rendered_strip(self, view: View, *, styled: bool, direct: bool) -> str:
        context = self._context(view, direct=direct)
        context |= {
            "css": self._strip_css if styled else None,
            "brief": context["content"].message_id == BRIEF,
            "more": None if direct else self._links.banner(context["language"].tag, view.ticket),
        }
        text = self._templates.strip(context).replace("\n", " ")
        # Backslash and tilde are other characters in some Japanese character sets; the CSS holds neither.
        text = text.replace("\\", "&#92;").replace("~", "&#126;")
        return text.encode("ascii", "xmlcharrefreplace").decode("ascii")

    def inserter(self, view: View, *, csp: bool, charset: str | None) -> StripInserter:
        """A transformer that puts the strip into an HTML page; see `StripInserter`."""
        return StripInserter(
            lambda styled, direct: self.strip(view, styled=styled, direct=direct), csp=csp, charset=charset
        )

    def data(self, view: View) -> dict[str, object]:
        """What the page says, as values that JSON can hold."""
        context = self._context(view, direct=False)
        content, language = context["content"], context["language"]
        return {
            "language": language.tag,
            "dir": language.dir.value,
            "message": content.message_id,
            "title": content.message.heading,
            "paragraphs": list(content.message.text),
            "help_title": language.words.help_heading,
            "help": [_plain(place) for place in content.helping],
            "surveys_title": f"{language.words.doors_heading} – {language.words.doors_note}",
            "surveys": [
                *(_plain(place, language.words.door_help) for place in [content.door_help] if place),
                *(_plain(place, language.words.door_no_need) for place in [content.door_no_need] if place),
                *map(_plain, content.surveys),
            ],
            "crisis_title": language.words.crisis_heading,
            "crisis_text": language.words.crisis_text,
            "crisis": [*map(_plain, content.crisis)],
            "young_title": language.words.young_heading,
            "young": [*map(_plain, content.young)],
            "report_title": language.words.report_heading,
            "report": [*map(_plain, content.report)],
            "counted_note": language.words.counted_note if content.is_counted else None,
            "page": self._links.banner(language.tag, view.ticket),
        }

    def target(self, resource: str, *, onion: bool) -> str | None:
        """Where ``go/<resource>/`` leads, from the configuration alone; None where nothing is to be shown."""
        found = self._catalogue.resources.get(resource)
        return found.target(onion=onion) if found else None

    def trap_target(self, *, onion: bool) -> str | None:
        """Where the link that no person follows leads: to the most important help; None where there is none."""
        view = View(Category.SEEKING, self._config.banner.default_language, onion=onion)
        content = self._context(view, direct=True)["content"]
        return next((place.href for place in content.helping if place.href), None)

    def notices(self) -> tuple[str, ...]:
        """What a check of the configuration should say: nothing here stops the banner."""
        size = max(self.page_size(view) for view in self._samples())
        return tuple(notices(self._catalogue, self._languages, size))

    def _page_context(self, view: View) -> dict[str, Any]:
        return {"css": self._page_css, **self._context(view, direct=False)}

    def _context(self, view: View, *, direct: bool) -> dict[str, Any]:
        language = self._languages.get(view.language) or self._languages[self._config.banner.default_language]
        # A ticket may outlive a change of configuration: what it names and nobody knows is as if not named.
        message = view.message if view.message in language.messages else self.message_for(view.category)
        content = Chooser(view, language, self._catalogue, self._links, direct=direct).content(message)
        engine = self._config.engine
        return {
            "language": language,
            "languages": self._languages.values(),
            "words": language.words,
            "content": content,
            "replaced": self._config.action_for(view.category) is Action.REPLACE,
            "links": self._links,
            "ticket": view.ticket,
            "home": engine.home,
            "field": engine.search_parameter,
            "back": language.words.back_named.replace("{engine}", engine.name)
            if engine.name
            else language.words.back,
        }


def sample(view: View) -> View:
    """``view`` with a ticket that is as long as a real one, and opens nowhere."""
    box = TicketBox(bytes(32), timedelta(hours=1), Names(("",), ("",), ("",)))
    ticket, _ = box.mint(category=view.category, language="", message="", plan="")
    return dataclasses.replace(view, ticket=ticket)


def _check(config: Config, shipped: Mapping[str, Language]) -> None:
    """Raise `ConfigError` where the configuration names a language or message that is not there."""
    banner = config.banner
    mistakes = [_unknown("banner.languages", tag, shipped) for tag in banner.languages if tag not in shipped]
    if banner.default_language not in (banner.languages or shipped):
        mistakes.append(
            _unknown("banner.default_language", banner.default_language, banner.languages or shipped)
        )
    warnings = [name for name in shipped[FALLBACK].messages if name != BRIEF]
    if banner.message not in warnings:
        mistakes.append(_unknown("banner.message", banner.message, warnings))
    if mistakes:
        raise ConfigError(*mistakes)


def _offered(config: Config, shipped: Mapping[str, Language]) -> dict[str, Language]:
    """The languages whose texts are all reviewed as ``banner.review`` asks.

    Raises `ConfigError` where one that the configuration names, or the default, is not among them.
    """
    wanted = config.banner.languages or tuple(shipped)
    offered = {
        tag: shipped[tag]
        for tag in wanted
        if all(text.review.covers(config.banner.review) for text in shipped[tag].messages.values())
    }
    needed = dict.fromkeys((config.banner.default_language, *config.banner.languages))
    if lacking := [tag for tag in needed if tag not in offered]:
        raise ConfigError(
            *(
                Mistake(
                    "configuration",
                    0,
                    f"banner.review asks for a review that texts in '{tag}' do not have",
                    "Lower it, or have the texts reviewed and say so in their file.",
                )
                for tag in lacking
            )
        )
    return offered


def _unknown(key: str, value: str, known: Iterable[str]) -> Mistake:
    close = difflib.get_close_matches(value, known, 1)
    remedy = f"Did you mean '{close[0]}'?" if close else f"Use one of: {', '.join(known)}."
    return Mistake("configuration", 0, f"{key} names something that the banner does not have", remedy)


def _headers(policy: str) -> dict[str, str]:
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        # Chromium looks up the hosts of links in advance, which would tell a resolver of the warning.
        "X-DNS-Prefetch-Control": "off",
        "X-Robots-Tag": "noindex, nofollow",
    }


def _plain(place: Place, title: str | None = None) -> dict[str, object]:
    return {
        "id": place.id,
        "title": title or place.title,
        "link": place.href,
        "address": next((address.text for address in place.addresses if not address.onion), None),
        "onion": next((address.text for address in place.addresses if address.onion), None),
        "phone": place.phone,
    }
