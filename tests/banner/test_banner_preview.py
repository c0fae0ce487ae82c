"""The preview for reviewers: complete, and safe to open from a disk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from browsing import CHROMIUM, Opener, running_browser, violations

from interceptor import config
from interceptor.banner.preview import write
from interceptor.banner.resources import read_catalogue
from interceptor.banner.texts import read_languages
from interceptor.config import Config

TAGS = ("ar", "en", "ta")
MESSAGES = tuple(read_languages()["en"].messages)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    out = tmp_path_factory.mktemp("preview")
    settings = Config(
        banner=config.Banner(languages=TAGS), engine=config.Engine(name="Garden", home="/start?a=1")
    )
    written = write(settings, out)
    assert written == sum(1 for path in out.rglob("*") if path.is_file())
    yield out


class Hrefs(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.actions: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hrefs += [value or "" for name, value in attrs if name == "href"]
        self.actions += [value or "" for name, value in attrs if name == "action"]


def test_every_message_is_there_in_every_language_form_and_scheme(folder: Path) -> None:
    for tag in TAGS:
        expected = {
            f"{message}-{form}-{scheme}.html"
            for message in MESSAGES
            for form in ("page", "strip")
            for scheme in ("light", "dark")
        }
        assert {path.name for path in (folder / tag).iterdir()} == expected | {"texts.html"}
        heading = read_languages()[tag].messages["control-gain"].heading
        for form in ("page", "strip"):
            source = (folder / tag / f"control-gain-{form}-dark.html").read_text("utf-8")
            assert heading in source or heading in re.sub(
                r"&#(\d+);", lambda match: chr(int(match[1])), source
            )


def test_every_link_of_ours_leads_to_a_file_and_every_other_to_a_resource(folder: Path) -> None:
    resources = read_catalogue({}).resources.values()
    known = {address for item in resources for address in (item.address, item.onion) if address}
    for path in folder.rglob("*.html"):
        found = Hrefs(path.read_text("utf-8"))
        assert set(found.actions) <= {"#"}
        for href in found.hrefs:
            parts = urlsplit(href)
            if parts.scheme in ("http", "https"):
                assert href in known
            elif parts.scheme == "tel" or href.startswith("#"):
                pass
            else:
                assert (path.parent / unquote(parts.path)).resolve().is_file(), href


def test_opening_a_file_asks_for_nothing_and_shows_its_scheme(folder: Path) -> None:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    grounds = {}
    with running_browser() as browser:
        page = Opener(browser)("about:blank", script=True)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for name in (
            "index.html",
            "ar/texts.html",
            "ta/harm-legal-page-dark.html",
            "ta/harm-legal-page-light.html",
            "ar/supportive-strip-dark.html",
        ):
            asked.clear()
            page.goto((folder / name).as_uri())
            assert asked == [(folder / name).as_uri()]
            assert violations(page) == "", name
            grounds[name] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert grounds["ta/harm-legal-page-dark.html"] == "rgb(18, 25, 26)"
        assert grounds["ta/harm-legal-page-light.html"] == "rgb(245, 244, 240)"
        page.goto((folder / "en/neutral-page-light.html").as_uri())
        page.get_by_label("Words to search for").fill("purple garden lantern")
        asked.clear()
        page.get_by_role("button", name="Search").click(no_wait_after=True)
        assert page.evaluate("location.hash") == ""
        assert asked == []


def test_the_texts_stand_beside_the_english_ones(folder: Path) -> None:
    source = (folder / "ar" / "texts.html").read_text("utf-8")
    for words in (read_languages()["ar"].words, read_languages()["en"].words):
        assert words.way_out in source
        assert words.page_title in source
    assert "messages.harm-legal<br>review: none, 2026-" in source
