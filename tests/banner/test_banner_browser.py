"""Page and strip in a real Chromium, over a real socket, as a person would meet them."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from interceptor.banner import Banner, View
from interceptor.config import Config
from interceptor.vocabulary import Category

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TICKET = "dGlja2V0" * 12
LANGUAGES = ("en", "es", "fi")
SIZES = {"narrow": (320, 568), "wide": (1280, 800)}

# Every pair of language, category, colours and size occurs; the full product would say nothing more.
VIEWS = [
    ("en", Category.SEEKING, "light", "narrow"),
    ("en", Category.HELP_SEEKING, "dark", "wide"),
    ("en", Category.AMBIGUOUS, "light", "wide"),
    ("en", Category.INFORMATIONAL, "dark", "narrow"),
    ("es", Category.SEEKING, "dark", "wide"),
    ("es", Category.HELP_SEEKING, "light", "narrow"),
    ("es", Category.AMBIGUOUS, "dark", "narrow"),
    ("es", Category.INFORMATIONAL, "light", "wide"),
    ("fi", Category.SEEKING, "light", "wide"),
    ("fi", Category.HELP_SEEKING, "dark", "narrow"),
    ("fi", Category.AMBIGUOUS, "light", "narrow"),
    ("fi", Category.INFORMATIONAL, "dark", "wide"),
]

RESULTS = "".join(
    f'<div><h2><a href="/r/{number}">Purple garden lantern {number}</a></h2><p>Paper and light.</p></div>'
    for number in range(8)
)


STICKING_OUT = """width => [...document.body.querySelectorAll("*")].filter(e => {
    const box = e.getBoundingClientRect(); return box.left < 0 || box.right > width + 0.5 }).map(e => e.outerHTML)"""


def document(css: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"><head><title>Engine</title><style>{css}</style></head>'
        f"<body><main><h1>Results</h1>{RESULTS}</main></body></html>"
    )


@dataclass
class Site:
    """A small server: ``pages`` by path, and every request that came."""

    address: str = ""
    pages: dict[str, tuple[dict[str, str], bytes]] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def put(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> str:
        self.pages[path] = (headers or {"Content-Type": "text/html; charset=utf-8"}, body)
        self.requests.clear()
        return self.address + path

    @property
    def asked(self) -> list[str]:
        return [path for _, path, _, _ in self.requests if path != "/favicon.ico"]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            site.requests.append((self.command, self.path, dict(self.headers), body))
            headers, page = site.pages.get(
                urlsplit(self.path).path, ({"Content-Type": "text/plain"}, b"arrived")
            )
            self.send_response(200)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        do_GET = do_POST = answer

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def banner() -> Banner:
    return Banner(Config())


@pytest.fixture
def contexts(browser: Browser) -> Iterator[list[BrowserContext]]:
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


@pytest.fixture
def open_page(browser: Browser, contexts: list[BrowserContext]) -> Opener:
    return Opener(browser, contexts)


@dataclass
class Opener:
    browser: Browser
    contexts: list[BrowserContext]

    def __call__(
        self,
        url: str,
        *,
        colours: str = "light",
        size: str = "wide",
        script: bool = False,
        forced: bool = False,
    ) -> Page:
        width, height = SIZES[size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if colours == "dark" else "light",
            java_script_enabled=script,
            forced_colors="active" if forced else "none",
        )
        self.contexts.append(context)
        page = context.new_page()
        page.goto(url)
        return page


def violations(page: Page) -> str:
    found = Axe().run(page)
    return found.generate_report() if found.violations_count else ""


def annotated(
    banner: Banner, view: View, source: bytes, *, csp: bool = False, charset: str | None = "utf-8"
) -> bytes:
    inserter = banner.inserter(view, csp=csp, charset=charset)
    out = inserter.feed(source) + inserter.close()
    assert inserter.inserted
    return out


@pytest.mark.parametrize(("language", "category", "colours", "size"), VIEWS)
def test_the_page_is_accessible_fits_and_asks_for_nothing(
    site: Site,
    banner: Banner,
    open_page: Opener,
    language: str,
    category: Category,
    colours: str,
    size: str,
) -> None:
    view = View(category, language, ticket=TICKET)
    url = site.put("/search", banner.page(view), dict(banner.page_headers))
    page = open_page(url + "?q=purple+garden+lantern", colours=colours, size=size)
    assert site.asked == ["/search?q=purple+garden+lantern"]
    go = page.locator(f'a[href="/_interceptor/go/redirection/{TICKET}"]')
    crisis = page.locator('a[href="https://findahelpline.com/"]')
    assert go.is_visible()
    assert crisis.is_visible()
    width, height = SIZES[size]
    # Help has begun on the first screen, and the way out stands at its top.
    begun = go.bounding_box()
    assert begun is not None
    assert begun["y"] < height
    way_out = page.locator('a[href="#else"]').bounding_box()
    assert way_out is not None
    assert way_out["y"] + way_out["height"] < 120

    scripted = open_page(url, colours=colours, size=size, script=True)
    assert violations(scripted) == ""
    assert scripted.evaluate(STICKING_OUT, width) == []


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
    source = banner.page(View(Category.SEEKING, "en", ticket=TICKET)).replace(
        b'dir="ltr">\n<head>', b'dir="rtl">\n<head>'
    )
    assert b'dir="rtl"' in source
    page = open_page(site.put("/rtl", source, dict(banner.page_headers)), size=size)
    width = SIZES[size][0]
    heading, address = page.locator("h1").bounding_box(), page.locator("bdi").first.bounding_box()
    assert heading is not None
    assert address is not None
    assert heading["x"] >= 0
    assert address["x"] + address["width"] > width / 2


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
    for _ in range(5):
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
    page.wait_for_url("**/_interceptor/search")
    method, path, headers, body = next(item for item in site.requests if item[1] == "/_interceptor/search")
    assert (method, path) == ("POST", "/_interceptor/search")
    assert body == f"q=purple+garden+lantern&t={TICKET}".encode()
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


@pytest.mark.parametrize(
    ("language", "colours", "csp"),
    [("en", "light", False), ("es", "dark", False), ("fi", "light", False), ("en", "light", True)],
)
def test_the_strip_is_accessible(
    site: Site, banner: Banner, open_page: Opener, language: str, colours: str, csp: bool
) -> None:
    view = View(Category.HELP_SEEKING, language, ticket=TICKET)
    page = open_page(
        site.put("/search", annotated(banner, view, document().encode(), csp=csp)),
        colours=colours,
        size="narrow",
        script=True,
    )
    assert violations(page) == ""


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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "command", [["w3m", "-dump", "-cols", "300", "-T", "text/html"], ["lynx", "-dump", "-width=300"]]
)
def test_text_browsers_show_help_in_a_sensible_order(
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
        heading,
        "ReDirection",
        "https://www.redirectionprogram.com/",
        "https://link.webropolsurveys.com/S/8A07773150E3D599",
        "https://findahelpline.com/",
        "https://www.stopitnow.org.uk/",
        "https://takeitdown.ncmec.org/",
        "https://www.inhope.org/EN#hotlineReferral",
    ]
    places = [shown.find(part) for part in order]
    assert -1 not in places
    assert places == sorted(places)
