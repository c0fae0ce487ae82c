"""The operator's colours, font and corners."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from interceptor import config
from interceptor.banner import Banner, View
from interceptor.banner.style import VARIABLES, Scheme, Style, contrast
from interceptor.config import Config
from interceptor.errors import ConfigError
from interceptor.vocabulary import Category

OWN = {
    "help": "#0a3d91",
    "dark-help": "#9cc2ff",
    "dark-on-help": "#001433",
    "link": "#0A3D91",
    "font": '"Source Serif 4", Georgia, serif',
    "corner": "0",
}


def banner(**style: str) -> Banner:
    return Banner(Config(banner=config.Banner(style=style)))


def test_the_operators_values_stand_in_page_and_strip() -> None:
    own = Banner(Config(banner=config.Banner(style=OWN)))
    page = own.page(View(Category.SEEKING, "en")).decode()
    strip = own.strip(View(Category.AMBIGUOUS, "en"))
    for value in ("#0a3d91", "#9cc2ff", '"Source Serif 4", Georgia, serif'):
        assert value in page
        assert value in strip
    assert "--corner:0" in page
    assert "var(" not in strip


def test_the_policy_names_the_style_that_the_page_holds() -> None:
    policies = set()
    for shown in (Banner(Config()), Banner(Config(banner=config.Banner(style=OWN)))):
        page = shown.page(View(Category.SEEKING, "fi")).decode()
        (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"style-src 'sha256-{digest}';" in shown.page_headers["Content-Security-Policy"]
        policies.add(shown.page_headers["Content-Security-Policy"])
    assert len(policies) == 2


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("helo", "#fff", "names a variable that there is not"),
        ("help", "teal", "has no colour for 'help'"),
        ("help", "#12345", "has no colour for 'help'"),
        ("help", "#fff;}body{display:none", "has no colour for 'help'"),
        ("help", "url(https://x.example/)", "has no colour for 'help'"),
        ("font", "a;b", "has no usable value for 'font'"),
        ("font", '"a', "has no usable value for 'font'"),
        ("font", "</style><script>", "has no usable value for 'font'"),
        ("font", "a\\62", "has no usable value for 'font'"),
        ("corner", "1vw", "has no usable value for 'corner'"),
        ("corner", "9999px", "has no usable value for 'corner'"),
        ("ink", "#aaa", "makes 'ink' hard to see on 'page' (contrast 2.1)"),
        ("dark-link", "#123", "makes 'dark-link' hard to see on 'dark-page'"),
        ("mark", "#fff", "makes 'mark' hard to see on 'card' (contrast 1.0)"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_with_a_remedy(name: str, value: str, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        banner(**{name: value})
    assert f"banner.style {what}" in str(caught.value)
    assert all(mistake.remedy for mistake in caught.value.mistakes)
    assert "x.example" not in str(caught.value)


def test_every_variable_is_of_use() -> None:
    style = Style({})
    for name in VARIABLES:
        assert f"var(--{name.removeprefix('dark-')})" in style.page


def test_a_forced_scheme_leaves_the_other_out() -> None:
    light, dark = Style({}, Scheme.LIGHT), Style({}, Scheme.DARK)
    for text in (light.page, light.strip, dark.page, dark.strip):
        assert "prefers-color-scheme" not in text
    assert "color-scheme:dark" in dark.page
    assert "#12191a" in dark.strip
    assert "#12191a" not in light.page + light.strip


def test_contrast_is_what_wcag_defines() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777", "#fff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#fff", "#777777") == contrast("#777", "#fff")
