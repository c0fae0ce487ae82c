"""A real Chromium, a small site to show it pages, and what a page has to be whatever it says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from interceptor.banner import Banner, View
from interceptor.banner.render import sample
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
SIZES = {"narrow": (320, 568), "wide": (1280, 800)}
SCHEMES = ("light", "dark")
FORMS = ("page", "strip")

RESULTS = "".join(
    f'<div><h2><a href="/r/{number}">Purple garden lantern {number}</a></h2><p>Paper and light.</p></div>'
    for number in range(8)
)

STICKING_OUT = """width => [...document.body.querySelectorAll("*")].filter(e => {
    const box = e.getBoundingClientRect();
    return e.checkVisibility() && (box.left < 0 || box.right > width + 0.5) }).map(e => e.outerHTML)"""


def document(css: str = "") -> str:
    """A page of results as an engine may have it."""
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


@contextmanager
def running_site() -> Iterator[Site]:
    """A `Site` on a free port of the loopback interface."""
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
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def running_browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


_AXE = Axe().axe_script


@dataclass
class Opener:
    """Opens addresses as people have set up their browsers; one context for each set-up.

    A page that runs script has axe-core in it.
    """

    browser: Browser
    contexts: dict[tuple[str, str, bool, bool], BrowserContext] = field(default_factory=dict)
    kept: dict[tuple[str, str, bool, bool], Page] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)

    def __call__(
        self,
        url: str,
        *,
        colours: str = "light",
        size: str = "wide",
        script: bool = False,
        forced: bool = False,
        again: bool = False,
    ) -> Page:
        """Open ``url`` in a new page, or ``again`` in the one that this set-up had before."""
        key = (colours, size, script, forced)
        if key not in self.contexts:
            width, height = SIZES[size]
            self.contexts[key] = self.browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if colours == "dark" else "light",
                java_script_enabled=script,
                forced_colors="active" if forced else "none",
            )
            if script:
                self.contexts[key].add_init_script(_AXE)
        if again and key in self.kept:
            page = self.kept[key]
        else:
            page = self.contexts[key].new_page()
            if again:
                self.kept[key] = page
            else:
                self.pages.append(page)
        page.goto(url)
        return page

    def close_pages(self) -> None:
        """Close every page that is not kept."""
        for page in self.pages:
            page.close()
        self.pages.clear()

    def close(self) -> None:
        """Close everything."""
        for context in self.contexts.values():
            context.close()
        self.contexts.clear()


def violations(page: Page) -> str:
    """What axe-core finds wrong with a page that an `Opener` opened with script; empty where it is nothing."""
    found = page.evaluate("axe.run({resultTypes: ['violations']}).then(results => results.violations)")
    return "\n".join(
        f"{each['id']}: {each['help']}: {', '.join(node['html'] for node in each['nodes'])}" for each in found
    )


def annotated(
    banner: Banner, view: View, source: bytes, *, csp: bool = False, charset: str | None = "utf-8"
) -> bytes:
    """``source`` with the strip in it."""
    inserter = banner.inserter(view, csp=csp, charset=charset)
    out = inserter.feed(source) + inserter.close()
    assert inserter.inserted
    return out


def view_of(banner: Banner, language: str, message: str, *, replaced: bool = True) -> View:
    """What a person sees of ``message``, with a ticket as long as a real one."""
    usual = (each for each in Category if banner.message_for(each) == message)
    category = next(usual, Category.SEEKING) if not replaced else Category.SEEKING
    return sample(View(category, language, message=message))


def faults(
    site: Site, open_page: Opener, banner: Banner, view: View, form: str, colours: str, size: str
) -> str:
    """Everything that is wrong with how ``view`` looks in one set-up; empty where it is nothing."""
    found = []
    headers = dict(banner.page_headers)
    if form == "page":
        url = site.put("/search", banner.page(view), headers)
        if (bytes_ := banner.page_size(view)) > 14_000:
            found.append(f"takes {bytes_} bytes")
    else:
        url = site.put("/search", annotated(banner, view, document().encode()))
    page = open_page(url + "?q=purple+garden+lantern", colours=colours, size=size, again=True)
    if site.asked != ["/search?q=purple+garden+lantern"]:
        found.append(f"asks for {site.asked}")
    width = SIZES[size][0]
    help_ = page.locator("a.go" if form == "page" else "#ic-n .ic-go").first
    crisis = page.locator('a[href="https://findahelpline.com/"]').first
    if not (help_.is_visible() and crisis.is_visible()):
        found.append("hides help or the crisis line")
    if form == "page":
        top = page.locator('a[href="#else"]').bounding_box()
        if top is None or top["y"] + top["height"] > 120:
            found.append("has no way out on the first screen")
        begun = help_.bounding_box()
        if begun is None or begun["y"] > 1.5 * SIZES[size][1]:
            found.append("has help far down")
    scripted = open_page(url, colours=colours, size=size, script=True, again=True)
    found += filter(None, [violations(scripted)])
    root = "document.body" if form == "page" else 'document.querySelector("#ic-n")'
    found += scripted.evaluate(STICKING_OUT.replace("document.body", root), width)
    return "\n".join(found)
