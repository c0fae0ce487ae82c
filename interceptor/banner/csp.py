"""Whether a Content-Security-Policy lets a page carry style of its own (CSP Level 3, section 6.7)."""

from __future__ import annotations

import re
from collections.abc import Iterable

_STYLE = ("style-src-elem", "style-src", "default-src")
_OVERRULES_INLINE = re.compile(r"'(?:nonce-|sha(?:256|384|512)-)", re.IGNORECASE)


def blocks_style(policies: Iterable[str]) -> bool:
    """Tell whether any of the ``policies`` blocks or reports an inline ``<style>`` element.

    ``policies`` are the values of every Content-Security-Policy and Content-Security-Policy-Report-Only
    field: a report holds the page's address, and the address may hold the query, so none must ever be
    caused.
    """
    return any(_blocks(policy) for field in policies for policy in field.split(","))


def _blocks(policy: str) -> bool:
    directives: dict[str, list[str]] = {}
    for directive in policy.split(";"):
        name, *sources = directive.split() or [""]
        directives.setdefault(name.lower(), sources)
    for name in _STYLE:
        if name in directives:
            sources = directives[name]
            inline = any(source.lower() == "'unsafe-inline'" for source in sources)
            return not inline or any(_OVERRULES_INLINE.match(source) for source in sources)
    return False
