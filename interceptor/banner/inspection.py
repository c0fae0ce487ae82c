"""What a rendered page asks of a browser and what it shows: the check of an operator's own template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from interceptor.banner.content import Content, Links

MAX_BYTES = 14_000
"""Largest page with its headers: what a server may send before it has to wait for an answer (RFC 6928)."""

HEAD_BYTES = 120
"""Set aside for what a server adds: status line, length, date and its name."""

_LOADING = re.compile(
    r"applet|audio|base|embed|feimage|frame(?:set)?|iframe|image|img|link|object|picture|portal|script|source|"
    r"track|use|video"
)
_LOADING_ATTRIBUTE = re.compile(
    r"background|data|formaction|on.*|ping|poster|src|srcdoc|srcset|style|xlink:href"
)
_LOADING_STYLE = re.compile(r"@import|@font-face|(?:url|src|image|image-set)\s*\(|\\", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a page: what it is, and how to mend it."""

    what: str
    remedy: str


@dataclass(slots=True)
class Outline(HTMLParser):
    """The links, forms, styles and text of a page, and what it would load."""

    source: str
    hrefs: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    fields: dict[str, str | None] = field(default_factory=dict)
    styles: list[str] = field(default_factory=list)
    loading: set[str] = field(default_factory=set)
    root: dict[str, str | None] = field(default_factory=dict)
    title: str = ""
    text: str = ""
    _inside: str = ""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)
        self.feed(self.source)
        self.close()
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag in."""
        values = dict(attrs)
        self._inside = tag if tag in ("style", "title") else ""
        if tag == "style":
            self.styles.append("")
        elif tag == "html":
            self.root = values
        elif tag == "a":
            self.hrefs.add(values.get("href") or "")
        elif tag == "form":
            self.actions.add(values.get("action") or "")
        elif tag == "input" and values.get("name"):
            self.fields[values["name"] or ""] = values.get("value")
        self.loading.update(self._loads(tag, values))

    @staticmethod
    def _loads(tag: str, values: dict[str, str | None]) -> Iterator[str]:
        if _LOADING.fullmatch(tag):
            yield f"<{tag}>"
        if tag == "meta" and "http-equiv" in values:
            yield "<meta http-equiv>"
        for name, value in values.items():
            if _LOADING_ATTRIBUTE.fullmatch(name):
                yield f"the attribute {name}"
            elif name == "href" and re.match(r"\s*(?:javascript|data|vbscript):", value or "", re.IGNORECASE):
                yield "a link that runs a script"

    def handle_endtag(self, tag: str) -> None:
        """Take the end of an element in."""
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Take text in."""
        if self._inside == "style":
            self.styles[-1] += data
        elif self._inside == "title":
            self.title += data
        else:
            self.text += data


def faults(page: Outline, content: Content, links: Links, ticket: str, box: str) -> Iterator[Fault]:
    """What keeps a page of ``content`` from being shown: it loads something, or lacks what a warning needs.

    ``box`` is the name of the search box.
    """
    for found in sorted(page.loading):
        yield Fault(f"holds {found}", "Take it out: the page is one document without script, image or frame.")
    if any(_LOADING_STYLE.search(style) for style in page.styles):
        yield Fault(
            "has a style that loads something", "Take out @import, @font-face, url() and backslashes."
        )
    if not page.root.get("lang") or not page.root.get("dir"):
        yield Fault(
            "does not say its language",
            'Begin with <html lang="{{ language.tag }}" dir="{{ language.dir }}">.',
        )
    if not page.title.strip():
        yield Fault("has no title", "Add <title>{{ words.page_title }}</title>.")
    yield from _missing_texts(page, content)
    yield from _missing_links(page, content, links.trap(ticket))
    if links.box(ticket) not in page.actions or box not in page.fields:
        yield Fault(
            "lacks the search box",
            "Keep the form with action={{ links.box(ticket) }} and the field {{ field }}.",
        )
    elif page.fields[box]:
        yield Fault("fills the search box in", "Leave the value of the field {{ field }} out.")
    if page.fields.get("t", ticket) != ticket:
        yield Fault("lacks the ticket", "Keep the hidden field t with {{ ticket }} in the form of languages.")
    if outside := page.actions - {links.box(ticket), links.page}:
        yield Fault(
            f"has {len(outside)} forms that lead elsewhere",
            "Keep only those to {{ links.box(ticket) }} and {{ links.page }}.",
        )


def _missing_texts(page: Outline, content: Content) -> Iterator[Fault]:
    for part in (content.message.heading, *content.message.text):
        if " ".join(part.split()) not in page.text:
            yield Fault(
                "does not show the whole message", "Show content.message.heading and every paragraph."
            )
            return


def _missing_links(page: Outline, content: Content, trap: str) -> Iterator[Fault]:
    groups = {
        "content.program": [content.program],
        "content.door_help": [content.door_help],
        "content.door_no_need": [content.door_no_need],
        "content.surveys": content.surveys,
        "content.crisis": content.crisis,
        "content.other": content.other,
        "content.young": content.young,
        "content.report": content.report,
    }
    for name, places in groups.items():
        if any(place and place.href and place.href not in page.hrefs for place in places):
            yield Fault(f"lacks the links of {name}", f"Show every place of {name} with its href.")
    if trap not in page.hrefs:
        yield Fault(
            "lacks the link that only programs follow",
            'End with <a class=trap href="{{ links.trap(ticket) }}" tabindex=-1 aria-hidden=true>'
            "{{ words.trap }}</a>.",
        )
