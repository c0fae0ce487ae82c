"""The style of page and strip: a palette that the operator may change, checked, and the style sheets made of it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from interceptor.errors import ConfigError, Mistake

TEMPLATES = Path(__file__).parent / "templates"


class Scheme(StrEnum):
    """Light or dark colours; on the page itself the reader's own setting chooses."""

    LIGHT = "light"
    DARK = "dark"


_COLOURS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # name: light, dark
        "page": ("#f5f4f0", "#12191a"),
        "card": ("#fff", "#1a2425"),
        "ink": ("#1c2525", "#e6ebe9"),
        "soft": ("#4a5656", "#a9b7b4"),
        "line": ("#c4cac6", "#3a4a4a"),
        "link": ("#0b5a54", "#8fd8cd"),
        "help": ("#0b5a54", "#8fd8cd"),
        "on-help": ("#fff", "#08201d"),
        "crisis": ("#fbf0d9", "#2c2616"),
        "mark": ("#a86a00", "#e0b055"),
    }
)
_OTHERS: Mapping[str, str] = MappingProxyType({"font": "system-ui,sans-serif", "corner": ".5rem"})

VARIABLES = (*_COLOURS, *(f"dark-{name}" for name in _COLOURS), *_OTHERS)
"""Everything that ``banner.style`` may set."""

_COLOUR = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
_FAMILY = r"(?:[A-Za-z][A-Za-z0-9-]*(?: [A-Za-z0-9-]+)*|\"[A-Za-z0-9-]+(?: [A-Za-z0-9-]+)*\")"
_SHAPES = {
    "font": (
        re.compile(rf"{_FAMILY}(?:, ?{_FAMILY}){{0,9}}"),
        "Write names of fonts with commas between: Georgia, serif.",
    ),
    "corner": (
        re.compile(r"0|[0-9]{0,2}(?:\.[0-9]{1,3})?(?:px|rem|em)"),
        "Write a length: 0, 4px or .5rem.",
    ),
}

TEXT_CONTRAST, SHAPE_CONTRAST = 4.5, 3.0
"""Least contrast of text and of a focus mark: WCAG 2.2, success criteria 1.4.3 and 1.4.11."""

_TEXT_ON = {
    "page": ("ink", "soft", "link"),
    "card": ("ink", "soft", "link"),
    "crisis": ("ink", "soft", "link"),
    "help": ("on-help",),
}


class Style:
    """The style sheets for the values of ``banner.style``.

    ``scheme`` forces light or dark, for previews. Raises `ConfigError` where a value is unknown, is not what
    its name asks for, or makes text hard to read.
    """

    def __init__(self, values: Mapping[str, str], scheme: Scheme | None = None) -> None:
        _check(values)
        light = {name: values.get(name, pair[0]) for name, pair in _COLOURS.items()}
        dark = {name: values.get(f"dark-{name}", pair[1]) for name, pair in _COLOURS.items()}
        others = {name: values.get(name, default) for name, default in _OTHERS.items()}
        if mistakes := [*_hard_to_read(light, ""), *_hard_to_read(dark, "dark-")]:
            raise ConfigError(*mistakes)
        shown = {Scheme.LIGHT: light, Scheme.DARK: dark}
        palette = _root(shown[scheme or Scheme.LIGHT] | others, scheme or "light dark")
        shape, colours = _read("strip.css"), _read("strip-colours.css")
        strip = _filled(shape, others) + _filled(colours, shown[scheme or Scheme.LIGHT])
        if scheme is None:
            palette += "@media (prefers-color-scheme:dark){" + _root(dark) + "}"
            strip += "@media (prefers-color-scheme:dark){" + _filled(colours, dark) + "}"
        self.page = palette + _read("page.css")
        """For the page, under a hash."""
        self.strip = strip
        """For the strip: without variables, backslash or tilde, in any page and character set."""


def content_security_policy(styles: Iterable[str], form_origins: Iterable[str] = ()) -> str:
    """The policy of a page that holds these ``<style>`` elements and nothing else of weight (CSP Level 3).

    ``form_origins`` are other origins that its forms may lead to; browsers apply that to redirects too.
    """
    hashes = " ".join(f"'sha256-{_digest(style)}'" for style in dict.fromkeys(styles)) or "'none'"
    targets = " ".join(("'self'", *form_origins))
    return f"default-src 'none'; style-src {hashes}; form-action {targets}; base-uri 'none'; frame-ancestors 'none'"


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _check(values: Mapping[str, str]) -> None:
    mistakes = []
    for name, value in values.items():
        if name not in VARIABLES:
            known = ", ".join((*_COLOURS, *_OTHERS))
            mistakes.append(
                _mistake("names a variable that there is not", f"Use one of: {known}; or dark-… of a colour.")
            )
        elif (shape := _SHAPES.get(name)) is not None:
            if not shape[0].fullmatch(value):
                mistakes.append(_mistake(f"has no usable value for '{name}'", shape[1]))
        elif not _COLOUR.fullmatch(value):
            mistakes.append(_mistake(f"has no colour for '{name}'", 'Write it in hexadecimal: "#0b5a54".'))
    if mistakes:
        raise ConfigError(*mistakes)


def _hard_to_read(colours: Mapping[str, str], prefix: str) -> list[Mistake]:
    pairs = [(text, ground, TEXT_CONTRAST) for ground, texts in _TEXT_ON.items() for text in texts]
    pairs += [("mark", ground, SHAPE_CONTRAST) for ground in ("page", "card")]
    return [
        _mistake(
            f"makes '{prefix}{text}' hard to see on '{prefix}{ground}' (contrast {found:.1f})",
            f"Choose colours with a contrast of {least} or more.",
        )
        for text, ground, least in pairs
        if (found := contrast(colours[text], colours[ground])) < least
    ]


def _mistake(what: str, remedy: str) -> Mistake:
    return Mistake("configuration", 0, f"banner.style {what}", remedy)


def contrast(first: str, second: str) -> float:
    """The contrast of two hexadecimal colours, 1 to 21: WCAG 2.2, "contrast ratio"."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    red, green, blue = (_linear(int(digits[place : place + 2], 16) / 255) for place in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _root(values: Mapping[str, str], scheme: str = "") -> str:
    said = [f"color-scheme:{scheme}"] if scheme else []
    return ":root{" + ";".join([*said, *(f"--{name}:{value}" for name, value in values.items())]) + "}"


def _filled(css: str, values: Mapping[str, str]) -> str:
    """``css`` with values in place of variables: an engine's page may have variables of the same names."""
    return re.sub(r"var\(--([a-z-]+)\)", lambda match: values.get(match[1], match[0]), css)


def _read(name: str) -> str:
    """A style sheet without the white space that only its authors need."""
    text = re.sub(r"\s+", " ", (TEMPLATES / name).read_text(encoding="utf-8"))
    return re.sub(r" ?([{};,>]) ?|(?<=:) ", lambda match: match[1] or "", text).replace(";}", "}").strip()
