"""Every message in every language, page and strip, light and dark, narrow and wide, in a real browser; and pictures.

    make gallery                       everything: 2,400 views, about half an hour
    make gallery ARGS=--pictures       only the pictures of docs/gallery
    make gallery ARGS='--language ta'  one language

Tests take a covering set of these views (test_banner_browser.py). Pictures in all scripts take fonts for them: on
Debian fonts-noto-core and fonts-noto-cjk.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from browsing import (
    FORMS,
    SCHEMES,
    SIZES,
    Opener,
    Site,
    annotated,
    document,
    faults,
    running_browser,
    running_site,
    view_of,
)

from interceptor.banner import Banner
from interceptor.config import Config

GALLERY = Path(__file__).parents[2] / "docs" / "gallery"

# language, message, form, colours, size; "open": with the list of languages
PICTURES = [
    ("en", "harm-legal", "page", "light", "wide"),
    ("en", "control-gain", "page", "light", "narrow"),
    ("en", "neutral", "page", "dark", "open"),
    ("en", "harm-legal", "strip", "light", "wide"),
    ("ar", "harm-gain", "page", "light", "wide"),
    ("ar", "legal-gain", "page", "dark", "narrow"),
    ("de", "legal-loss", "page", "light", "narrow"),
    ("el", "distress-gain", "page", "dark", "narrow"),
    ("es", "informational", "strip", "light", "narrow"),
    ("fa", "harm-legal", "strip", "dark", "wide"),
    ("fi", "supportive", "page", "dark", "wide"),
    ("hi", "control-loss", "page", "light", "narrow"),
    ("ja", "legal-loss", "page", "dark", "narrow"),
    ("ru", "distress-loss", "page", "light", "narrow"),
    ("ta", "harm-loss", "page", "light", "narrow"),
    ("uk", "supportive", "strip", "dark", "narrow"),
    ("zh-Hans", "harm-legal", "page", "light", "wide"),
]


def check(site: Site, open_page: Opener, banner: Banner, languages: tuple[str, ...]) -> int:
    """Look at every view; how many have a fault."""
    failed = seen = 0
    for language in languages:
        for message in banner.messages:
            for form in FORMS:
                for colours in SCHEMES:
                    for size in SIZES:
                        seen += 1
                        view = view_of(banner, language, message)
                        if found := faults(site, open_page, banner, view, form, colours, size):
                            failed += 1
                            print(f"{language} {message} {form} {colours} {size}:\n{found}", flush=True)
        print(f"{language}: {seen:,} views so far, {failed} with faults", flush=True)
    return failed


def draw(site: Site, open_page: Opener, banner: Banner) -> None:
    """Write the pictures and the page that shows them."""
    GALLERY.mkdir(exist_ok=True)
    lines = [
        "# What people see",
        "",
        "First screens, 320 or 1280 pixels wide. `interceptor banner preview --out DIR` writes every message in every",
        "language as pages to open; `make gallery` drew these pictures.",
        "",
    ]
    for language, message, form, colours, size in PICTURES:
        view = view_of(banner, language, message, replaced=form == "page")
        source = banner.page(view) if form == "page" else annotated(banner, view, document().encode())
        page = open_page(
            site.put("/search", source, dict(banner.page_headers) if form == "page" else None),
            colours=colours,
            size="narrow" if size == "open" else size,
        )
        if size == "open":
            page.locator("summary").click()
        name = f"{language}-{message}-{form}-{colours}-{size}.png"
        page.screenshot(path=GALLERY / name)
        lines += [f"![{form} in '{language}', message {message}, {colours}, {size}]({name})", ""]
    (GALLERY / "README.md").write_text("\n".join(lines).rstrip() + "\n", "utf-8")
    open_page.close_pages()


def main() -> int:
    """Do what the command line asks; 1 where a view has a fault."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pictures", action="store_true", help="only write the pictures")
    parser.add_argument("--language", action="append", help="only this language; may be repeated")
    options = parser.parse_args()
    banner = Banner(Config())
    failed = 0
    with running_site() as site, running_browser() as browser:
        opener = Opener(browser)
        if not options.pictures:
            failed = check(site, opener, banner, tuple(options.language or banner.languages))
        if not options.language:
            draw(site, opener, banner)
        opener.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
