"""The operator's own template of the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from interceptor import config
from interceptor.banner import Banner, View
from interceptor.banner.style import TEMPLATES
from interceptor.config import Config
from interceptor.errors import ConfigError
from interceptor.vocabulary import Category

SHIPPED = (TEMPLATES / "page.html").read_text("utf-8")
VIEW = View(Category.SEEKING, "ar", ticket="ticket")


def with_template(tmp_path: Path, text: str) -> Banner:
    path = tmp_path / "own.html"
    path.write_text(text, "utf-8")
    return Banner(Config(banner=config.Banner(template=path)))


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        with_template(tmp_path, text)
    assert all(mistake.remedy for mistake in caught.value.mistakes)
    return str(caught.value)


def test_a_template_of_ones_own_takes_the_pages_place(tmp_path: Path) -> None:
    own = SHIPPED.replace("<main>", "<main class=ours><p>Garden Search</p>")
    banner = with_template(tmp_path, own)
    assert b"<main class=ours><p>Garden Search" in banner.page(VIEW)
    assert banner.page_headers == Banner(Config()).page_headers
    assert b"Garden" not in banner.strip(VIEW).encode()


def test_a_template_may_build_on_the_one_that_ships(tmp_path: Path) -> None:
    banner = with_template(tmp_path, '{% include "page.html" %}<!-- ours -->')
    assert banner.page(VIEW).endswith(b"<!-- ours -->")


def test_the_policy_follows_a_style_of_ones_own(tmp_path: Path) -> None:
    banner = with_template(tmp_path, SHIPPED.replace("{{ css }}", "{{ css }}.go{border-radius:0}"))
    policy = banner.page_headers["Content-Security-Policy"]
    assert policy != Banner(Config()).page_headers["Content-Security-Policy"]
    assert len(re.findall(r"'sha256-[^']+'", policy)) == 1


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("<main>", "<main><img src=/logo.png alt=Logo>", "holds <img>"),
        ("<main>", "<main><script>1</script>", "holds <script>"),
        ("<main>", "<main onclick=x()>", "holds the attribute onclick"),
        ("<main>", '<main style="color:red">', "holds the attribute style"),
        ("<main>", '<main><a href=" javascript:x()">x</a>', "holds a link that runs a script"),
        ("<main>", '<main><svg><use xlink:href="/x.svg"/></svg>', "holds <use>"),
        ("<meta charset=utf-8>", '<meta http-equiv=refresh content="0;url=/">', "holds <meta http-equiv>"),
        ("<meta charset=utf-8>", "<base href=/>", "holds <base>"),
        ("{{ css }}", "{{ css }}@import '/x.css'", "has a style that loads something"),
        ("{{ css }}", "{{ css }}body{background:url(/x)}", "has a style that loads something"),
        ("{{ css }}", "{{ css }}/* {{ language.tag }} */", "has styles that differ from page to page"),
        (' lang="{{ language.tag }}" dir="{{ language.dir }}">', ">", "does not say its language"),
        ("<title>{{ words.page_title }}</title>", "", "has no title"),
        ("<h1>{{ content.message.heading }}</h1>", "", "does not show the whole message"),
        ("{% for place in content.crisis %}", "{% for place in [] %}", "lacks the links of content.crisis"),
        ("{% for place in content.young %}", "{% for place in [] %}", "lacks the links of content.young"),
        (
            "{% with place = content.program %}",
            "{% with place = none %}",
            "lacks the links of content.program",
        ),
        ("{{ links.trap(ticket) }}", "/", "lacks the link that only programs follow"),
        ('id=q name="{{ field }}"', "id=q name=query", "lacks the search box"),
        ('id=q name="{{ field }}"', "id=q name=q value=x", "fills the search box in"),
        ('name=t value="{{ ticket }}"', 'name=t value="{{ ticket }}x"', "lacks the ticket"),
        ('action="{{ links.box(ticket) }}"', "action=https://x.example/", "forms that lead elsewhere"),
    ],
)
def test_a_template_that_loads_or_lacks_something_is_refused(
    tmp_path: Path, old: str, new: str, what: str
) -> None:
    assert old in SHIPPED
    assert what in refused(tmp_path, SHIPPED.replace(old, new))


def test_a_template_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    assert "own.html:2: is not a template" in refused(tmp_path, "<p>\n{% if %}")
    assert "fails when it is rendered" in refused(tmp_path, SHIPPED + "{{ no_such_name }}")
    assert "fails when it is rendered" in refused(tmp_path, SHIPPED + "{{ 1 / 0 }}")
    with pytest.raises(ConfigError, match="cannot be read"):
        Banner(Config(banner=config.Banner(template=tmp_path / "missing.html")))


def test_the_shipped_template_passes_its_own_check(tmp_path: Path) -> None:
    assert with_template(tmp_path, SHIPPED).page(VIEW) == Banner(Config()).page(VIEW)
