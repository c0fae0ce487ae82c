"""The templates of page and strip, and the operator's own template of the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import jinja2

from interceptor.banner.content import Links
from interceptor.banner.inspection import Outline, faults
from interceptor.banner.style import TEMPLATES
from interceptor.errors import ConfigError, Mistake

_MOST_STYLES = 4
"""Style elements that all pages of a template may have between them: each is a hash in the policy."""


class Templates:
    """Renders pages and strips.

    ``own`` is a template of the page in place of the shipped one; it may include what ships. Raises
    `ConfigError` where it cannot be read.
    """

    def __init__(self, own: Path | None = None) -> None:
        self._own = own
        self._strip = _environment(TEMPLATES).get_template("strip.html")
        environment = _environment(own.parent, TEMPLATES) if own else _environment(TEMPLATES)
        try:
            self._page = environment.get_template(own.name if own else "page.html")
        except jinja2.TemplateSyntaxError as fault:
            raise self._error(fault.lineno, "is not a template", "Correct the tag at this line.") from None
        except (jinja2.TemplateError, OSError, UnicodeDecodeError):
            raise self._error(
                0, "cannot be read", "Check the path, its permissions, and that it is UTF-8."
            ) from None

    def page(self, context: Mapping[str, Any]) -> str:
        """Render the page."""
        return _tight(self._page.render(context))

    def strip(self, context: Mapping[str, Any]) -> str:
        """Render the strip."""
        return _tight(self._strip.render(context))

    def check(self, contexts: Iterable[Mapping[str, Any]], links: Links) -> list[str]:
        """Render the operator's template for each context; the contents of its style elements.

        Raises `ConfigError` with everything that a page loads, or lacks of a warning.
        """
        styles: dict[str, None] = {}
        mistakes: dict[Mistake, None] = {}
        for context in contexts:
            try:
                outline = Outline(self.page(context))
            except (jinja2.TemplateError, ArithmeticError, LookupError, TypeError, ValueError):
                raise self._error(
                    0, "fails when it is rendered", "Use only names that the shipped page.html uses."
                ) from None
            styles |= dict.fromkeys(outline.styles)
            found = faults(outline, context["content"], links, context["ticket"], context["field"])
            mistakes |= {Mistake(str(self._own), 0, each.what, each.remedy): None for each in found}
        if len(styles) > _MOST_STYLES:
            mistakes[
                Mistake(str(self._own), 0, "has styles that differ from page to page", "Use one style sheet.")
            ] = None
        if mistakes:
            raise ConfigError(*mistakes)
        return list(styles)

    def _error(self, line: int, what: str, remedy: str) -> ConfigError:
        return ConfigError(Mistake(str(self._own or TEMPLATES), line, what, remedy))


def _environment(*folders: Path) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["run_on"] = _run_on
    return environment


def _run_on(texts: Iterable[str]) -> str:
    """``texts`` in one paragraph; no space stands behind a full stop that is as wide as one itself."""
    return re.sub(r"(?<=[。！？]) ", "", " ".join(texts))


_BLOCK = re.compile(
    r"\n(?=</?(?:body|details|div|footer|form|h[1-6]|head|header|html|label|li|main|meta|p|section|style|summary|"
    r"title|ul)\b)"
)


def _tight(html: str) -> str:
    """``html`` without indentation, empty lines and line breaks before blocks: no element keeps white space."""
    return _BLOCK.sub("", re.sub(r"\s*\n\s*", "\n", html.strip()))
