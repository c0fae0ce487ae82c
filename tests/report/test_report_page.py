"""The report as a page, in a real browser."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from browsing import CHROMIUM, Opener, running_browser, running_site, violations
from released import DAY, NOISE, released

from interceptor.counting.released import ReleasedWindow
from interceptor.report import svg
from interceptor.report.analysis import Report, analyse
from interceptor.report.page import page

SHARES = {"neutral": 0.2, "harm-legal": 0.4, "help-hope": 0.4}


def fleet(days: int = 40) -> list[ReleasedWindow]:
    windows = []
    for day in range(days):
        values: dict[tuple[str, ...], int] = {
            ("searches",): 20_000 + 37 * (day % 7),
            ("interventions", "replace", "seeking"): 4_000,
            ("clicks_by_resource", "stop-it-now"): 420,
            ("clicks_by_resource", "<odd>"): 90,
            ("warnings_by_language", "en"): 3_000,
            ("warnings_by_language", "pt-BR"): 1_000,
        }
        for number, (message, share) in enumerate(SHARES.items()):
            values["warnings", message] = round(4_000 * share)
            values["clicks", message] = (
                round(4_000 * share * (0.09 + 0.03 * number)) + day % 5 + 40 * (day >= 20)
            )
            values["returns", message, "other"] = 30 + day % 4
            values["returns", message, "matching"] = 20 + day % 3
        windows.append(released(20_000 + day, values, noise=NOISE, shares=SHARES))
    return windows


def full() -> Report:
    return analyse(fleet(), (20_000 + 20) * DAY)


def test_the_page_is_one_file_that_asks_for_nothing() -> None:
    text = page(full())
    assert len(text) < 60_000
    assert not re.search(r"(?i)<script|<link|<img|url\(|@import|https?://|javascript:| on[a-z]+=", text)
    assert "&lt;odd&gt;" in text
    assert "<odd>" not in text


def test_the_page_says_what_the_figures_are() -> None:
    report = full()
    text = page(report)
    for words in (
        "Click-through is a lower bound",
        "Compared with neutral",
        "Compared with help-hope, which has the highest rate so far",
        "Bonferroni",
        "Before and after 2024-10-24",
        "Box, matching",
        "Not seen",
    ):
        assert words in text
    assert text.count("<svg") == 5
    exact = page(analyse([replace(window, epsilon=math.inf, stddev={}) for window in fleet()]))
    assert "LABORATORY" in exact
    assert "LABORATORY" not in text


@pytest.mark.parametrize("days", [0, 1])
def test_a_page_of_nothing_or_one_window_says_so(days: int) -> None:
    text = page(analyse(fleet(days)))
    assert "Cannot tell: " in text
    assert "nan" not in text


def test_round_numbers_enclose_what_a_chart_shows() -> None:
    picture = svg.ranges("Lanterns", [svg.Range("a", 12.3, 11.0, 13.8), svg.Range("b", 9.1, None, None)])
    assert re.findall(r">([0-9.]+) %<", picture) == ["9", "10", "11", "12", "13", "14"]
    assert svg.ranges("Lanterns", []) == ""
    assert svg.series("Lanterns", [(0, None)], ("a", "b")) == ""
    line = svg.series("Lanterns", [(0, 1.0), (1, None), (2, 3.0), (3, -1.0)], ("a", "b"))
    assert line.count('<path class="line') == 2
    assert "-1 %" in line


@pytest.fixture(scope="module")
def opened() -> Iterator[tuple[Opener, str]]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is missing")
    with running_site() as site, running_browser() as browser:
        opener = Opener(browser)
        site.put("/report", page(full()).encode())
        yield opener, f"{site.address}/report"
        opener.close()


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", ["narrow", "wide"])
def test_the_page_in_a_browser_has_no_barrier(opened: tuple[Opener, str], colours: str, size: str) -> None:
    opener, url = opened
    shown = opener(url, colours=colours, size=size, script=True)
    assert violations(shown) == ""
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # Each chart has a table after it in its section.
    assert shown.evaluate(
        "[...document.querySelectorAll('svg')].every(e => e.closest('section').querySelector('table'))"
    )


def test_the_browser_asks_for_the_page_alone(opened: tuple[Opener, str]) -> None:
    opener, url = opened
    asked: list[str] = []
    shown = opener(url)
    shown.on("request", lambda request: asked.append(request.url))
    shown.reload()
    assert [each for each in asked if not each.endswith("/favicon.ico")] == [url]
