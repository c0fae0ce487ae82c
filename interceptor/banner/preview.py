"""Every message in every language as static pages, for programme staff and translators to approve.

The files are safe to open from a disk: they ask for nothing, their forms lead nowhere, and their links to help are
the real addresses, uncounted.
"""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import jinja2

from interceptor.banner.content import View
from interceptor.banner.render import Banner, sample
from interceptor.banner.style import TEMPLATES, Scheme
from interceptor.banner.texts import FALLBACK, Language, read_languages
from interceptor.config import Config
from interceptor.vocabulary import Category

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"


def write(config: Config, out: Path) -> int:
    """Write the preview of what ``config`` shows into the folder ``out``; the number of files.

    Raises `ConfigError` where the configuration cannot be shown, and `OSError` where a file cannot be written.
    """
    previews = {scheme: _Preview(config, scheme) for scheme in Scheme}
    banner = previews[Scheme.LIGHT].banner
    languages = {tag: language for tag, language in read_languages().items() if tag in banner.languages}
    written = 0
    for tag in languages:
        (out / tag).mkdir(parents=True, exist_ok=True)
        for message in banner.messages:
            for scheme, preview in previews.items():
                view = preview.view(tag, message)
                (out / tag / f"{message}-page-{scheme}.html").write_text(preview.page(view), "utf-8")
                (out / tag / f"{message}-strip-{scheme}.html").write_text(preview.strip(view), "utf-8")
                written += 2
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    texts = environment.get_template("preview-texts.html")
    original = languages.get(FALLBACK) or read_languages()[FALLBACK]
    for tag, language in languages.items():
        page = texts.render(
            language=language, original=original, rows=list(_rows(language, original)), policy=_POLICY
        )
        (out / tag / "texts.html").write_text(page, "utf-8")
        written += 1
    index = environment.get_template("preview-index.html").render(
        languages=languages.values(), messages=banner.messages, schemes=list(Scheme), policy=_POLICY
    )
    (out / "index.html").write_text(index, "utf-8")
    return written + 1


class _Preview:
    """Banners in one colour scheme, with everything that needs a server taken out."""

    def __init__(self, config: Config, scheme: Scheme) -> None:
        self.banner = Banner(config, scheme=scheme)
        self._prefix = config.prefix
        self._scheme = scheme

    def view(self, tag: str, message: str) -> View:
        """The view in which people meet ``message``."""
        usual = (each for each in Category if self.banner.message_for(each) == message)
        category = next(usual, Category.SEEKING)
        return sample(View(category, tag, message=message))

    def page(self, view: View) -> str:
        """The whole page."""
        return self._settled(self.banner.page(view).decode(), view)

    def strip(self, view: View) -> str:
        """The strip above ordinary results."""
        inserter = self.banner.inserter(view, csp=False, charset="utf-8")
        source = (TEMPLATES / "preview-results.html").read_bytes()
        shown = (inserter.feed(source) + inserter.close()).decode()
        return self._settled(shown.replace("light dark", self._scheme, 1), view)

    def _settled(self, source: str, view: View) -> str:
        """``source`` with real addresses in place of our own, and a policy that holds for a file, too."""
        ticket = quote(view.ticket or "", safe="")
        page = f"{view.message}-page-{self._scheme}.html"
        go = re.compile(rf'href="{re.escape(self._prefix)}go/([a-z0-9-]+)/{re.escape(ticket)}"')
        source = go.sub(lambda match: f'href="{self._address(match[1])}"', source)
        source = re.sub(rf'href="{re.escape(self._prefix)}banner\?[^"]*"', f'href="{page}"', source)
        source = re.sub(r'(href|action)="/[^"]*"', r'\1="#"', source)
        policy = f'<meta http-equiv=Content-Security-Policy content="{_POLICY}">'
        return re.sub(r"(?=<title)", policy, source, count=1, flags=re.IGNORECASE)

    def _address(self, resource: str) -> str:
        return html.escape(self.banner.target(resource, onion=False) or "#")


@dataclasses.dataclass(frozen=True, slots=True)
class _Row:
    """One text beside its original: where it stands in the file, and who has checked it."""

    key: str
    review: str
    original: str
    text: str
    borrowed: bool


def _rows(language: Language, original: Language) -> Iterator[_Row]:
    for name, message in language.messages.items():
        first, key = original.messages.get(name), f"messages.{name}"
        yield _Row(
            key,
            f"{message.review}, {message.dated}",
            "\n".join((first.heading, *first.text)) if first else "",
            "\n".join((message.heading, *message.text)),
            key in language.borrowed,
        )
    for field in dataclasses.fields(language.words):
        key = f"words.{field.name}"
        yield _Row(
            key,
            "",
            getattr(original.words, field.name),
            getattr(language.words, field.name),
            key in language.borrowed,
        )
