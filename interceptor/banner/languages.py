"""The choice of the banner's language, without script, cookie or guess about the person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

MAX_HEADER = 1_000
"""Characters of an Accept-Language field that are looked at; browsers send fewer than 200."""

_RANGE = re.compile(
    r"[ \t]*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)[ \t]*(?:;[ \t]*[qQ]=([01](?:\.[0-9]{0,3})?)[ \t]*)?"
)
_MAX_TAG = 64


def choose(
    offered: Mapping[str, Sequence[str]],
    default: str,
    *,
    requested: str | None = None,
    matched: str | None = None,
    script: str | None = None,
    accept_language: str | None = None,
) -> str:
    """Choose one of the ``offered`` languages (BCP 47 tag → ISO 15924 codes of its scripts).

    First what the reader asked for (``requested``), then the language of what matched, then the query's
    ``script`` where only one offered language is written in it, then ``accept_language``, then ``default``.
    The browser's languages come last because Tor Browser sends English for everyone. Whatever cannot be
    read is as if it were not there.
    """
    for tag in (requested, matched):
        if tag and (found := lookup(tag, offered)):
            return found
    if script:
        written = [tag for tag, scripts in offered.items() if script.title() in scripts]
        if len(written) == 1:
            return written[0]
    for tag in accepted(accept_language or ""):
        if found := lookup(tag, offered):
            return found
    return default


_LIKELY = {
    **dict.fromkeys(("zh", "zh-cn", "zh-sg", "zh-my"), "zh-Hans"),
    **dict.fromkeys(("zh-tw", "zh-hk", "zh-mo"), "zh-Hant"),
}
"""The script that a Chinese tag without one most likely means (Unicode CLDR, likelySubtags): browsers send regions."""


def lookup(tag: str, offered: Mapping[str, Sequence[str]]) -> str | None:
    """Find the offered language for ``tag``: RFC 4647, section 3.4 (shorten until one fits)."""
    if len(tag) > _MAX_TAG:
        return None
    known = {name.lower(): name for name in offered}
    tag = tag.lower().replace("_", "-")
    parts = _LIKELY.get(tag, tag).lower().split("-")
    while parts:
        if found := known.get("-".join(parts)):
            return found
        parts.pop()
        if parts and len(parts[-1]) == 1:
            parts.pop()
    return None


def accepted(field: str) -> Iterator[str]:
    """Yield the tags of an Accept-Language field, the most wanted first: RFC 9110, section 12.5.4."""
    ranges = []
    for position, part in enumerate(field[:MAX_HEADER].split(",")):
        if (match := _RANGE.fullmatch(part)) and (quality := min(float(match[2] or 1), 1.0)) > 0:
            ranges.append((-quality, position, match[1]))
    for _, _, tag in sorted(ranges):
        yield tag
