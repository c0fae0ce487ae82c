"""Page and strip in a real Chromium, over a real socket, as a person would meet them."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import (
    FORMS,
    SCHEMES,
    SIZES,
    Opener,
    Site,
    annotated,
    document,
    faults,
    running_site,
    view_of,
    violations,
)

from interceptor.banner import Banner, View
from interceptor.banner.texts import read_languages
from interceptor.config import Config
from interceptor.vocabulary import Category

TICKET = "dGlja2V0" * 12
LANGUAGES = read_languages()
MESSAGES = tuple(LANGUAGES["en"].messages)

# For each language two views that differ in everything else. With that, every pair of values of language, message,
# form, colours and size occurs but language with message: those are rendered without a browser in
# test_banner_render.py, and in one by `make gallery`.
VIEWS = [
    (
        tag,
        MESSAGES[(number + 6 * turn) % len(MESSAGES)],
        FORMS[(number // 4 + turn) % 2],
        SCHEMES[(number // 2 + number // 12 + turn) % 2],
        list(SIZES)[(number + turn) % 2],
    )
    for number, tag in enumerate(LANGUAGES)
    for turn in (0, 1)
]


def test_the_views_cover_every_pair() -> None:
    parts = (tuple(LANGUAGES), MESSAGES, FORMS, SCHEMES, tuple(SIZES))
    for first in range(5):
        for second in range(first + 1, 5):
            if (first, second) != (0, 1):
                wanted = {(one, other) for one in parts[first] for other in parts[second]}
                assert wanted == {(view[first], view[second]) for view in VIEWS}, (first, second)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running_site() as site:
        yield site


@pytest.fixture
def open_page(opener: Opener) -> Iterator[Opener]:
    yield opener
    opener.close_pages()


@pytest.fixture(scope="module")
def banner() -> Banner:
    return Banner(Config())


@pytest.mark.parametrize(("language", "message", "form", "colours", "size"), VIEWS)
def test_every_language_and_message_is_accessible_fits_and_asks_for_nothing(
    site: Site,
    banner: Banner,
    open_page: Opener,
    language: str,
    message: str,
    form: str,
    colours: str,
    size: str,
) -> None:
    view = view_of(banner, language, message)
    assert faults(site, open_page, banner, view, form, colours, size) == ""


def test_help_is_the_largest_link_on_the_page(site: Site, banner: Banner, open_page: Opener) -> None:
    url = site.put("/p", banner.page(View(Category.SEEKING, "en", ticket=TICKET)), dict(banner.page_headers))
    for size in SIZES:
        areas: dict[str, float] = open_page(url, size=size, script=True).evaluate(
            """() => Object.fromEntries([...document.links].map(link => {
                const box = link.getBoundingClientRect();
                return [link.getAttribute("href"), box.width * box.height] }))"""
        )
        assert max(areas, key=lambda href: areas[href]) == f"/_interceptor/go/redirection/{TICKET}"


@pytest.mark.parametrize("size", SIZES)
def test_the_page_runs_from_right_to_left_where_it_should(
    site: Site, banner: Banner, open_page: Opener, size: str
) -> None:
    page = open_page(
        site.put("/rtl", banner.page(View(Category.SEEKING, "ar", ticket=TICKET)), dict(banner.page_headers)),
        size=size,
    )
    width = SIZES[size][0]
    way_out, address = page.locator("header a").first.bounding_box(), page.locator("bdi").first.bounding_box()
    assert way_out is not None
    assert address is not None
    assert way_out["x"] + way_out["width"] > width / 2
    assert address["x"] + address["width"] > width / 2
    assert address["x"] >= 0


@pytest.mark.parametrize("size", SIZES)
def test_languages_are_one_disclosure_and_one_button_away(
    site: Site, banner: Banner, open_page: Opener, size: str
) -> None:
    url = site.put(
        "/languages", banner.page(View(Category.SEEKING, "fi", ticket=TICKET)), dict(banner.page_headers)
    )
    page = open_page(url, size=size)
    button = page.get_by_role("button", name="العربية")
    assert not button.is_visible()
    page.locator("summary").click()
    box = button.bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= SIZES[size][0] - box["width"]
    assert box["height"] >= 24  # WCAG 2.2, 2.5.8
    button.click()
    page.wait_for_url("**/_interceptor/banner?*")
    method, path, headers, _ = next(item for item in site.requests if "/banner" in item[1])
    assert (method, path) == ("GET", f"/_interceptor/banner?t={TICKET}&lang=ar")
    assert "Referer" not in headers


def test_the_trap_is_out_of_everybodys_way(site: Site, banner: Banner, open_page: Opener) -> None:
    view = View(Category.SEEKING, "en", ticket=TICKET)
    trap = f'a[href="/_interceptor/go/trap/{TICKET}"]'
    for source in (banner.page(view), annotated(banner, view, document().encode())):
        page = open_page(site.put("/trap", source), script=True)
        assert page.locator(trap).inner_text().strip() in ("automatic check, please skip", "")
        assert page.get_by_role("link", name="automatic check").count() == 0
        stops = page.evaluate("document.links.length") + 40
        for _ in range(stops):
            page.keyboard.press("Tab")
            assert "/trap/" not in page.evaluate("document.activeElement.getAttribute('href') || ''")
        found = page.evaluate(
            """selector => { const box = document.querySelector(selector).getBoundingClientRect();
            return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)?.outerHTML ?? "" }""",
            trap,
        )
        assert "/trap/" not in found.partition(">")[0]


def test_forced_colours_keep_the_help_visible(site: Site, banner: Banner, open_page: Opener) -> None:
    url = site.put(
        "/forced", banner.page(View(Category.SEEKING, "en", ticket=TICKET)), dict(banner.page_headers)
    )
    page = open_page(url, script=True, forced=True)
    style = page.locator("a.go").evaluate(
        "e => getComputedStyle(e).borderTopStyle + getComputedStyle(e).borderTopWidth"
    )
    assert style == "solid2px"
    assert violations(page) == ""


def test_the_keyboard_reaches_way_out_and_help_with_a_visible_focus(
    site: Site, banner: Banner, open_page: Opener
) -> None:
    url = site.put(
        "/keys", banner.page(View(Category.SEEKING, "en", ticket=TICKET)), dict(banner.page_headers)
    )
    page = open_page(url, script=True)
    seen = []
    for _ in range(6):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "[document.activeElement.getAttribute('href'), getComputedStyle(document.activeElement).outlineStyle]"
            )
        )
    assert seen[0] == ["#else", "solid"]
    assert [f"/_interceptor/go/redirection/{TICKET}", "solid"] in seen


def test_the_search_box_works_without_script(site: Site, banner: Banner, open_page: Opener) -> None:
    url = site.put(
        "/box", banner.page(View(Category.SEEKING, "en", ticket=TICKET)), dict(banner.page_headers)
    )
    page = open_page(url)
    box = page.get_by_label("Words to search for")
    assert box.input_value() == ""
    box.fill("purple garden lantern")
    page.get_by_role("button", name="Search").click()
    place = f"/_interceptor/search?t={TICKET}"
    page.wait_for_url(f"**{place}")
    method, path, headers, body = next(item for item in site.requests if item[1] == place)
    assert (method, path) == ("POST", place)
    assert body == b"q=purple+garden+lantern"
    assert "Referer" not in headers


# Pages whose style would bury an ordinary element.
HOSTILE = {
    "ordinary": "body{font:16px Georgia;margin:1rem auto;max-width:50rem}",
    "hides and shouts": "*{font-size:40px!important;color:#fff!important;text-transform:uppercase;opacity:.01}"
    "a,p,div,aside{display:none!important}#ic-n *{visibility:hidden}",
    "row": "body{display:flex;background:#222;color:#ddd}main{min-width:10rem}",
    "column": "body{display:flex;flex-direction:column;align-items:center}",
    "grid": "body{display:grid;grid-template-columns:1fr 3fr}",
    "floats": "aside,div{float:right;width:40px;height:10px;overflow:hidden}p{white-space:nowrap;text-indent:-999em}",
    "moved": "aside{position:absolute;left:-9999px;transform:scale(0);clip-path:inset(50%)}",
    "fixed bar": "main::before{content:'';position:fixed;inset:0 0 auto;height:60px;background:navy;z-index:99}",
}


@pytest.mark.parametrize(
    ("name", "size"),
    [(name, size) for number, name in enumerate(HOSTILE) for size in list(SIZES)[number % 2 :][:1]],
)
def test_the_strip_survives_any_page(
    site: Site, banner: Banner, open_page: Opener, name: str, size: str
) -> None:
    view = View(Category.AMBIGUOUS, "en", ticket=TICKET)
    url = site.put("/search", annotated(banner, view, document(HOSTILE[name]).encode()))
    page = open_page(url + "?q=purple", size=size, script=True)
    assert site.asked == ["/search?q=purple"]
    box = page.locator("#ic-n").bounding_box()
    assert box is not None
    assert box["y"] < 60
    assert box["width"] >= 260
    link = page.locator("#ic-n .ic-go")
    assert link.is_visible()
    assert page.locator('#ic-n a[href="https://findahelpline.com/"]').is_visible()
    style = link.evaluate(
        "e => { const s = getComputedStyle(e);"
        " return [s.opacity, s.visibility, s.fontSize, s.textTransform, s.textIndent] }"
    )
    assert style == ["1", "visible", "18px", "none", "0px"]
    link.click()
    page.wait_for_url("**/go/redirection/*")
    _, _, headers, _ = next(item for item in site.requests if "/go/" in item[1])
    assert "Referer" not in headers


def test_the_bare_strip_is_accessible(site: Site, banner: Banner, open_page: Opener) -> None:
    view = View(Category.HELP_SEEKING, "en", ticket=TICKET)
    source = annotated(banner, view, document().encode(), csp=True)
    assert violations(open_page(site.put("/search", source), size="narrow", script=True)) == ""


def test_the_bare_strip_causes_no_report(site: Site, banner: Banner, open_page: Opener) -> None:
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "default-src 'self'; report-uri /report",
    }
    view = View(Category.AMBIGUOUS, "en", ticket=TICKET)
    source = document().replace("<style></style>", "").encode()
    site.put("/styled", annotated(banner, view, source, csp=False), headers)
    page = open_page(site.put("/bare", annotated(banner, view, source, csp=True), headers))
    assert page.locator('#ic-n a[href="https://findahelpline.com/"]').is_visible()
    # The styled strip does cause one: when it has come, one of the page before it would have come too.
    with page.expect_request_finished(lambda request: request.url.endswith("/report")):
        page.goto(site.address + "/styled")
    reports = [body for _, path, _, body in site.requests if path == "/report"]
    assert reports
    assert not [
        body
        for body in reports
        if b"/bare" in json.dumps(json.loads(body)["csp-report"]["document-uri"]).encode()
    ]


@pytest.mark.parametrize("codec", ["utf-8", "windows-1252", "shift_jis", "utf-16le", "iso-2022-jp"])
def test_the_strip_reads_right_in_any_charset(
    site: Site, banner: Banner, open_page: Opener, codec: str
) -> None:
    word = {"shift_jis": "表示", "iso-2022-jp": "表示"}.get(codec, "Äpfel")
    source = f"<!doctype html><title>{word}</title><p>{word}".encode(codec)
    view = View(Category.HELP_SEEKING, "fi", ticket=TICKET)
    url = site.put(
        "/search",
        annotated(banner, view, source, charset=codec),
        {"Content-Type": f"text/html; charset={codec}"},
    )
    page = open_page(url)
    assert page.title() == word
    assert page.locator("body > p").inner_text() == word
    assert (
        "Avun etsiminen on hyvä askel, eikä kenenkään tarvitse selvitä yksin"
        in page.locator("#ic-n").inner_text()
    )


HEADS = {
    "no body tag": "<title>t</title><p>x",
    "text only": "x",
    "comments": "<!-- <body> --><!--> <title>t</title><!-- > --!><p>x",
    "script": "<title>t</title><script><!-- <script> '<body>' </script> --> </script><p>x",
    "noscript": "<title>t</title><noscript><p>none</p></noscript><body class='a>b'><p>x",
    "template": "<title>t</title><template><body><p>y</template><p>x",
    "ends early": "<html><head><title>t</title></head>",
    "stray ends": "</p></div><title>t</title></head></html>",
    "unfinished": "<title>t</title><bod",
    "head after text": "x<head><title>t</title></head><body id=b>",
}


@pytest.mark.parametrize(
    ("name", "script"),
    [*((name, False) for name in HEADS), ("script", True), ("noscript", True), ("template", True)],
)
def test_chromium_finds_the_strip_where_we_put_it(
    site: Site, banner: Banner, open_page: Opener, name: str, script: bool
) -> None:
    view = View(Category.AMBIGUOUS, "en", ticket=TICKET)
    page = open_page(site.put("/h", annotated(banner, view, HEADS[name].encode())), script=script)
    strip = page.locator("body > #ic-n")
    assert strip.count() == 1
    assert strip.is_visible()
    assert page.title() == ("t" if "<title>" in HEADS[name] else "")


@pytest.mark.parametrize("language", ["en", "ar", "ja", "ta", "uk"])
@pytest.mark.parametrize(
    "command",
    [
        ["w3m", "-dump", "-cols", "300", "-T", "text/html", "-I", "UTF-8", "-O", "UTF-8"],
        ["lynx", "-dump", "-width=300", "-assume_charset=utf-8", "-display_charset=utf-8"],
    ],
    ids=["w3m", "lynx"],
)
def test_text_browsers_show_languages_and_help_in_a_sensible_order(
    banner: Banner, tmp_path: Path, command: list[str], language: str
) -> None:
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed")
    file = tmp_path / "page.html"
    source = banner.page(View(Category.SEEKING, language, ticket=TICKET))
    file.write_bytes(source)
    shown = subprocess.run([*command, str(file)], capture_output=True, check=True, timeout=30).stdout.decode()
    shown = " ".join(re.sub(r"\[\d+\]", "", shown).split())
    heading = html.unescape(re.search(r"<h1>(.*?)</h1>", source.decode())[1])  # type: ignore[index]
    order = [
        LANGUAGES["de"].name,
        LANGUAGES["zh-Hant"].name,
        heading,
        "ReDirection",
        "https://www.redirectionprogram.com/",
        "https://link.webropolsurveys.com/S/8A07773150E3D599",
        "https://findahelpline.com/",
        "https://www.stopitnow.org.uk/",
        "https://takeitdown.ncmec.org/",
        "https://www.inhope.org/EN#hotlineReferral",
        LANGUAGES[language].words.trap,
    ]
    squeezed = shown.replace(" ", "")
    places = [squeezed.find(part.replace(" ", "")) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
