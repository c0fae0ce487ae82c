"""The banner, rendered: a whole page, a strip for another page, or plain data."""

from __future__ import annotations

import base64
import difflib
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jinja2
from markupsafe import Markup

from interceptor.banner import languages as language_choice
from interceptor.banner.content import Chooser, Links, Place, View
from interceptor.banner.insertion import StripInserter
from interceptor.banner.resources import Role, read_catalogue
from interceptor.banner.texts import Language, Review, read_languages
from interceptor.config import Config
from interceptor.errors import ConfigError, Mistake
from interceptor.vocabulary import Action, Category

TEMPLATES = Path(__file__).parent / "templates"

_BRIEF = "informational"
"""The one-line message; too little for a warning."""


class Banner:
    """Renders banners. Data and templates are read once; afterwards it holds no state and is thread-safe.

    ``languages``, ``messages`` and ``counted`` (resource ids) are every value that can occur, so that
    counters can exist from the first scrape. ``page_headers`` belong on every answer that is the page.
    """

    def __init__(self, config: Config) -> None:
        """Read data and templates. Raises `ConfigError` where the configuration cannot be shown."""
        shipped = read_languages()
        _check(config, shipped)
        self._config = config
        self._languages = {tag: shipped[tag] for tag in config.banner.languages or shipped}
        self._scripts = {tag: language.scripts for tag, language in self._languages.items()}
        self._catalogue = read_catalogue(config.resources)
        self._links = Links(config.prefix)
        self._page_css = Markup(_minified(TEMPLATES / "page.css"))  # noqa: S704  (a file of this package)
        self._strip_css = Markup(_minified(TEMPLATES / "strip.css"))  # noqa: S704
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._page = environment.get_template("page.html")
        self._strip = environment.get_template("strip.html")
        self.languages = tuple(self._languages)
        self.messages = tuple(self._languages[config.banner.default_language].messages)
        self.counted = tuple(name for name, item in self._catalogue.resources.items() if item.is_counted)
        self.page_headers: Mapping[str, str] = MappingProxyType(_headers(self._page_css))

    def message_for(self, category: Category) -> str:
        """The message that a search of ``category`` is shown."""
        return {
            Category.SEEKING: self._config.banner.message,
            Category.AMBIGUOUS: "neutral",
            Category.HELP_SEEKING: "supportive",
            Category.INFORMATIONAL: _BRIEF,
        }[category]

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
        text = self._page.render(css=self._page_css, **self._context(view, direct=False))
        return _tight(text).encode()

    def strip(self, view: View, *, styled: bool = True, direct: bool = False) -> str:
        """A fragment of HTML in pure ASCII, for any page in any character set.

        ``styled`` False leaves out all CSS, for pages whose policy would block it. ``direct`` leaves out all
        links of ours, for pages whose ``<base>`` would send them elsewhere.
        """
        context = self._context(view, direct=direct)
        text = self._strip.render(
            css=self._strip_css if styled else None,
            brief=context["content"].message_id == _BRIEF,
            more=None if direct else self._links.banner(context["language"].tag, view.ticket),
            **context,
        )
        text = _tight(text).replace("\n", " ")
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
            "surveys_title": f"{language.words.doors_heading}. {language.words.doors_note}",
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

    def notices(self) -> tuple[str, ...]:
        """What a check of the configuration should say: nothing here stops the banner."""
        return tuple(self._notices())

    def _notices(self) -> Iterator[str]:
        for name, resource in self._catalogue.resources.items():
            if not resource.is_shown:
                yield f"resources.{name}: has no address and is not shown; give it one, or switch it off."
            elif resource.confirmed is None:
                yield (
                    f"resources.{name}: unconfirmed (from: {resource.source}); open or call it, "
                    f"then set resources.{name}.confirmed to the date."
                )
        for name in self._catalogue.unknown_off:
            yield f"resources.{name}: is switched off, but there is no such resource; correct the name."
        if not any(True for _ in self._catalogue.shown(Role.CRISIS)):
            yield "resources: no crisis line is left; the page names the local emergency number alone."
        for tag, language in self._languages.items():
            unreviewed = [
                name for name, message in language.messages.items() if message.review is Review.NONE
            ]
            if unreviewed:
                yield f"banner: texts in '{tag}' that nobody has reviewed: {', '.join(unreviewed)}."

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
            "back": language.words.back_named.replace("{engine}", engine.name)
            if engine.name
            else language.words.back,
        }


def _check(config: Config, shipped: Mapping[str, Language]) -> None:
    """Raise `ConfigError` where the configuration names a language or message that is not there."""
    banner = config.banner
    mistakes = [_unknown("banner.languages", tag, shipped) for tag in banner.languages if tag not in shipped]
    if banner.default_language not in (banner.languages or shipped):
        mistakes.append(
            _unknown("banner.default_language", banner.default_language, banner.languages or shipped)
        )
    warnings = [name for name in next(iter(shipped.values())).messages if name != _BRIEF]
    if banner.message not in warnings:
        mistakes.append(_unknown("banner.message", banner.message, warnings))
    if mistakes:
        raise ConfigError(*mistakes)


def _unknown(key: str, value: str, known: Iterable[str]) -> Mistake:
    close = difflib.get_close_matches(value, known, 1)
    remedy = f"Did you mean '{close[0]}'?" if close else f"Use one of: {', '.join(known)}."
    return Mistake("configuration", 0, f"{key} names something that the banner does not have", remedy)


def _minified(path: Path) -> str:
    """The style sheet without the white space that only its authors need."""
    text = re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))
    return re.sub(r" ?([{};,]) ?|(?<=:) ", lambda match: match[1] or "", text).replace(";}", "}").strip()


def _tight(html: str) -> str:
    """``html`` without indentation and empty lines; no element of the templates keeps white space."""
    return re.sub(r"\s*\n\s*", "\n", html.strip())


def _headers(css: str) -> dict[str, str]:
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": (
            f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        ),
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
