"""The dashboard of a running service: what it shows, to whom, and how it looks in a real browser."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import SCHEMES, SIZES, STICKING_OUT, Opener, violations
from released_days import CLICKED, history_file, windows
from running import Running, start

from interceptor.banner.inspection import Outline

PRIVATE: dict[str, object] = {"privacy": {"window": "24h", "release": "private", "linger": "0s"}}
TOKEN = "a-token-for-prometheus-alone"
PASSWORD = "a-password-for-people"


def fetch(
    running: Running, path: str, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], str]:
    request = urllib.request.Request(f"http://{running.admin}{path}", headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, dict(refused.headers), refused.read().decode()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service that has released 300 windows."""
    folder = tmp_path_factory.mktemp("service")
    file = history_file(folder / "history.sqlite", windows(300))
    running = start(folder, {**PRIVATE, "history": {"file": str(file)}})
    yield running
    running.stop()


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service in shadow mode that releases exact counts, and has released none yet."""
    folder = tmp_path_factory.mktemp("laboratory")
    running = start(folder, {"mode": "shadow", "privacy": {"window": "24h", "release": "exact"}})
    yield running
    running.stop()


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[[dict[str, object]], Running]]:
    """Start a service of its own."""
    started: list[Running] = []

    def start_one(config: dict[str, object]) -> Running:
        started.append(start(tmp_path, config))
        return started[-1]

    yield start_one
    for running in started:
        running.stop()


def words(page: str) -> str:
    """What the page says, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.partition("</style>")[2]))


@pytest.mark.parametrize("period", ["", "?days=7", "?days=28", "?days=140", "?days=all"])
def test_each_period_is_shown(service: Running, period: str) -> None:
    status, headers, page = fetch(service, f"/dashboard/{period}")
    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    number = {"": 28, "?days=7": 7, "?days=28": 28, "?days=140": 140, "?days=all": 300}[period]
    assert f"{number} released windows" in page
    for message in CLICKED:
        assert f'<th scope="row">{message}</th>' in page
    assert ("days before" in words(page)) == (period != "?days=all")


def test_it_says_what_figures_are_not(service: Running) -> None:
    said = words(fetch(service, "/dashboard/")[2])
    for word in ("noised", "signed", "lower bound", "not people", "not stopping"):
        assert word in said
    assert "Laboratory" not in said
    assert "garden" in said  # the list in force
    assert "in a file" in said


def test_a_laboratory_is_said_loudly_and_shadow_too(laboratory: Running) -> None:
    _, _, page = fetch(laboratory, "/dashboard/")
    assert 'class="notice loud">Laboratory mode' in page
    assert "Shadow mode" in page
    assert "Nothing to show yet" in page
    assert "in memory" in page


def test_exact_windows_of_the_past_are_said_loudly(
    begin: Callable[[dict[str, object]], Running], tmp_path: Path
) -> None:
    file = history_file(tmp_path / "history.sqlite", windows(9, exact=True))
    running = begin({**PRIVATE, "history": {"file": str(file)}})
    assert "Laboratory mode: counts of some of these windows were exact" in fetch(running, "/dashboard/")[2]


def test_an_unknown_period_or_page_is_none(service: Running) -> None:
    assert fetch(service, "/dashboard/?days=8")[0] == 404
    assert fetch(service, "/dashboard/other")[0] == 404
    assert fetch(service, "/dashboard/?" + "&".join(f"a{number}=1" for number in range(50)))[0] == 404


def test_the_address_without_a_slash_leads_there(service: Running) -> None:
    status, _, page = fetch(service, "/dashboard")
    assert (status, "released windows" in page) == (200, True)


def test_windows_can_be_downloaded(service: Running) -> None:
    _, headers, text = fetch(service, "/dashboard/released.csv?days=7")
    assert headers["Content-Disposition"] == 'attachment; filename="interceptor-released-20261122-7.csv"'
    rows = list(csv.DictReader(io.StringIO(text)))
    expected = windows(300)[-7:]
    assert len({row["end"] for row in rows}) == 7
    shown = [int(row["value"]) for row in rows if (row["family"], row["cell"]) == ("warnings", "harm-legal")]
    assert shown == [window.values["warnings", "harm-legal"] for window in expected]
    _, headers, text = fetch(service, "/dashboard/released.json?days=7")
    assert headers["Content-Type"] == "application/json"
    assert len(json.loads(text)) == 7


def test_the_page_loads_nothing_and_runs_nothing(service: Running) -> None:
    _, headers, page = fetch(service, "/dashboard/")
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "<script" not in page
    assert not re.findall(r"\s(?:src|style|on[a-z]+)=", page)
    assert len(Outline(page).styles) == 1


def test_counts_need_what_is_configured_and_health_does_not(
    begin: Callable[[dict[str, object]], Running], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = tmp_path / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    monkeypatch.setenv("INTERCEPTOR_ADMIN_PASSWORD", PASSWORD)
    running = begin(
        {"admin_auth": {"token": str(token), "password": {"environment": "INTERCEPTOR_ADMIN_PASSWORD"}}},
    )
    basic = base64.b64encode(f"staff:{PASSWORD}".encode()).decode()
    for path in ("/", "/metrics", "/dashboard", "/dashboard/", "/dashboard/released.csv", "/nothing"):
        status, headers, text = fetch(running, path)
        assert (status, text) == (401, "Authorization is needed.\n")
        assert headers["WWW-Authenticate"].startswith("Bearer")
        assert fetch(running, path, {"Authorization": "Bearer wrong"})[0] == 401
    for field in (f"Bearer {TOKEN}", f"Basic {basic}"):
        assert fetch(running, "/metrics", {"Authorization": field})[0] == 200
        assert fetch(running, "/dashboard/", {"Authorization": field})[0] == 200
    assert fetch(running, "/healthz")[0] == 200
    assert fetch(running, "/readyz")[0] == 200
    running.stop()
    assert not [line for line in running.lines if TOKEN in line or PASSWORD in line]


def test_a_listener_beyond_loopback_needs_to_be_told_who_may_read(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "interceptor",
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--admin",
        "0.0.0.0:0",
    ]
    refused = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 2
    assert "admin_auth asks for nothing" in refused.stderr
    running = start(tmp_path, {**PRIVATE, "admin_auth": {"open": True}}, "--admin", "0.0.0.0:0")
    assert fetch(running, "/metrics")[0] == 200
    assert running.stop() == 0


@pytest.mark.parametrize("colours", SCHEMES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["?days=28", "?days=all"])
def test_it_is_accessible_and_fits(
    service: Running, opener: Opener, colours: str, size: str, path: str
) -> None:
    url = f"http://{service.admin}/dashboard/{path}"
    scripted = opener(url, colours=colours, size=size, script=True, again=True)
    scripted.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert violations(scripted) == ""
    assert scripted.evaluate(STICKING_OUT, SIZES[size][0]) == []
    plain = opener(url, colours=colours, size=size, again=True)
    assert plain.locator("svg.chart").count() == 2
    assert plain.locator("svg.chart text").first.is_visible()


@pytest.mark.parametrize("colours", SCHEMES)
def test_a_first_day_is_accessible(laboratory: Running, opener: Opener, colours: str) -> None:
    page = opener(f"http://{laboratory.admin}/dashboard/", colours=colours, script=True, again=True)
    assert violations(page) == ""


def test_a_browser_that_draws_nothing_shows_no_stray_text(service: Running, opener: Opener) -> None:
    """Tor Browser at its safest setting takes what stands in a drawing for elements that it does not know."""
    page = opener(f"http://{service.admin}/dashboard/", script=True)
    width = page.evaluate(
        """() => { const drawing = document.querySelector("svg.chart");
            // An element of the same name that is no drawing, as where drawings are switched off.
            const other = document.createElementNS("http://www.w3.org/1999/xhtml", "svg");
            other.className = "chart";
            other.innerHTML = drawing.innerHTML;
            drawing.replaceWith(other);
            const range = document.createRange();
            range.selectNodeContents(other);
            return range.getBoundingClientRect().width }"""
    )
    assert width == 0


def test_periods_are_reached_by_keyboard_alone(service: Running, opener: Opener) -> None:
    page = opener(f"http://{service.admin}/dashboard/?days=28")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboard/?days=7")
    assert page.locator('nav a[aria-current="page"]').inner_text() == "7 days"
