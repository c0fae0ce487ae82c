"""The same row of requests and mishaps behind each proxy, on the real software with the shipped configuration."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from running import until

from tests.integration.proxies.kinds import KINDS
from tests.integration.proxies.site import PEER, Proxy, Site, start_site

MATCHING = "/search?q=purple+garden+lantern"
ABOUT_LAW = f"{MATCHING}+law"
ORDINARY = "/search?q=weather+tomorrow"
FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.name)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site of each kind, for everything that leaves it as it was."""
    running = start_site(request.param, tmp_path_factory.mktemp(request.param.name))
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def _whole_again(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "site" in request.fixturenames:
        running: Site = request.getfixturevalue("site")
        if running.service is None:
            running.start_service()
            until(lambda: running.send(MATCHING).is_banner, "the proxy to notice that all is well again")
        running.engine.seen.clear()


def test_an_ordinary_search_is_the_engines_own(site: Site) -> None:
    """Mishap: ordinary searches came back changed, or with a header that only told of the check."""
    answer = site.send(ORDINARY)
    assert answer.status == 200 and answer.is_page
    assert answer.headers["x-engine"] == "yes" and answer.headers["etag"] == '"abc"'
    assert not any("interceptor" in name for name in answer.headers)
    assert [seen.target for seen in site.engine.seen] == [ORDINARY.encode()]


@pytest.mark.parametrize(
    "query", ["a%26b%3Dc", "100%25", "c%2B%2B", "a+b", "%E2%82%AC", "x&q=y;z", "a%2Fb%23c"]
)
def test_a_query_reaches_the_engine_as_it_was_typed(site: Site, query: str) -> None:
    """Mishap: the proxy decoded ``%26`` on its way, and half of the query became another parameter."""
    answer = site.send(f"/search?q={query}")
    assert answer.is_page
    assert site.engine.seen[0].target == f"/search?q={query.replace(';', site.proxy.semicolon)}".encode()


def test_a_matching_search_is_answered_with_the_banner(site: Site) -> None:
    """Mishap: the check said no and the person saw an empty error page, without any help on it."""
    answer = site.send(MATCHING)
    assert answer.is_banner
    assert answer.status == site.proxy.replaced
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert site.engine.seen == []


def test_a_program_that_asks_for_json_gets_json(site: Site) -> None:
    """Mishap: an application on top of the engine got a page of HTML, and showed an error in place of help."""
    answer = site.send(MATCHING, "Accept: application/json")
    assert answer.headers["content-type"] == "application/json"
    said = json.loads(answer.body)
    assert said["results"] == [] and said["interceptor"]["help"]


@pytest.mark.parametrize(
    "query",
    [
        "weather&q=purple+garden+lantern",
        "rain%26wind&q=purple%20garden%20lantern",
        "%70urple%2Bgarden%2Blantern",
        quote(quote("purple garden lantern")),
        "100%25+purple+garden+lantern",
        "purple+garden+lantern%26x%3D1%23",
    ],
)
def test_signs_in_the_query_do_not_hide_a_match(site: Site, query: str) -> None:
    """Mishap: the check was asked with the query in a parameter of its own, and saw what stood before ``&``."""
    assert site.send(f"/search?q={query}").is_banner
    assert site.engine.seen == []


@pytest.mark.parametrize(
    "path", ["/search/", "//search", "/./search", "/%73earch", "/search;x=1", "/elsewhere"]
)
def test_no_way_of_writing_the_path_leads_past_the_check(site: Site, path: str) -> None:
    """Mishap: the check stood on ``/search`` alone, and the engine took ``//search`` for the same."""
    answer = site.send(f"{path}?q=purple+garden+lantern")
    assert not answer.is_page
    assert site.engine.seen == []


def test_a_question_about_the_law_keeps_its_results(site: Site) -> None:
    """Mishap: people who asked about the law lost their results, since the proxy knew only yes and no."""
    answer = site.send(ABOUT_LAW)
    assert answer.status == 200
    assert b"<h1>Results</h1>" in answer.body
    if site.proxy.annotates:
        assert b"findahelpline.com" in answer.body
        assert "no-store" in answer.headers["cache-control"]
    else:
        assert answer.is_page
    assert len(site.engine.seen) == 1


def test_a_search_by_post_is_looked_at_and_passes_whole(site: Site) -> None:
    """Mishap: the check never saw a form, so whoever searched by POST was never warned."""
    answer = site.send("/search", FORM, method="POST", body=b"q=purple+garden+lantern")
    assert answer.is_banner
    assert site.engine.seen == []
    answer = site.send("/search?x=1", FORM, method="POST", body=b"q=rain+%26+wind")
    assert answer.is_page
    assert [(seen.method, seen.target, seen.body) for seen in site.engine.seen] == [
        (b"POST", b"/search?x=1", b"q=rain+%26+wind")
    ]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_behind_get_does_not_carry_a_search_past_the_check(site: Site, chunked: bool) -> None:
    """Mishap: the engine read forms behind any method, and the check looked at those behind POST."""
    answer = site.send("/search", FORM, method="GET", body=b"q=purple+garden+lantern", chunked=chunked)
    assert not answer.is_page or all(b"garden" not in seen.body for seen in site.engine.seen)
    assert not any(b"chunked" in seen.head for seen in site.engine.seen)


def test_head_is_answered_without_a_body_and_shows_no_page(site: Site) -> None:
    """Mishap: a link checker's HEAD counted as a warning, and got a body that broke its connection."""
    answer = site.send(MATCHING, method="HEAD")
    assert (answer.status, answer.body) == (site.proxy.replaced, b"")
    assert site.engine.seen == []
    answer = site.send(ORDINARY, method="HEAD")
    assert (answer.status, answer.headers["x-engine"]) == (200, "yes")


def test_a_query_too_long_to_be_read_does_not_pass_unread(site: Site) -> None:
    """Mishap: a few thousand characters behind the query broke the check, and a broken check let it pass."""
    for size in (7_000, 9_000, 20_000):
        answer = site.send(f"{MATCHING}&x={'y' * size}")
        assert answer.is_banner or 400 <= answer.status < 500, (size, answer.status)
        assert site.engine.seen == []
    refused = site.send(f"/search?{'&'.join(['q=x'] * 1500)}")
    assert 400 <= refused.status < 500
    assert not refused.is_banner
    assert site.engine.seen == []


FORGED = (
    "X-Original-URI: /search?q=weather",
    "X-Original-Method: HEAD",
    "X_Original_URI: /search?q=weather",
    "X-Forwarded-Uri: /search?q=weather",
    "X-Forwarded-URI: /search?q=weather",
    "X-Forwarded-Method: HEAD",
    "X_Forwarded_Uri: /search?q=weather",
    "X-Forwarded-For: 127.0.0.1",
    "X-Rewrite-Url: /search?q=weather",
    "X-Envoy-Original-Path: /search?q=weather",
    "X-Interceptor-Action: pass",
    "X-Interceptor-Ticket: x",
)


def test_what_a_client_says_of_its_own_request_is_not_believed(site: Site) -> None:
    """Mishap: a client sent ``X-Forwarded-Uri`` itself, and the check looked at that."""
    assert site.send(MATCHING, *FORGED).is_banner
    for forged in FORGED:
        assert site.send(MATCHING, forged).is_banner, forged
    assert site.engine.seen == []


@pytest.mark.parametrize(
    "path",
    [
        "/_interceptor/authz/auth-request",
        "/_interceptor/authz/forward-auth",
        "/_interceptor/authz/ext-authz/search?q=weather",
        "/_interceptor/%61uthz/auth-request",
        "/_interceptor/v1/decide",
        "/_interceptor/go/../authz/auth-request",
        "/metrics",
    ],
)
def test_the_public_cannot_ask_what_is_on_the_list(site: Site, path: str) -> None:
    """Mishap: the endpoint for the proxy was open to all, since every request came from the proxy's address."""
    answer = site.send(path, "X-Original-URI: /search?q=weather", "X-Original-Method: GET")
    assert answer.status in (400, 403, 404) or answer.is_page
    assert "x-interceptor-action" not in answer.headers
    assert b"interceptor_" not in answer.body


def test_another_peer_than_the_proxy_gets_no_answer(site: Site) -> None:
    """Mishap: whoever reached the service beside the proxy could forge the proxy's fields."""
    for path in ("auth-request", "forward-auth", "ext-authz/search?q=weather"):
        answer = site.send(
            f"/_interceptor/authz/{path}",
            "X-Original-URI: /search?q=weather",
            "X-Original-Method: GET",
            "X-Forwarded-Uri: /search?q=weather",
            "X-Forwarded-Method: GET",
            port=site.places.sidecar,
        )
        assert answer.status == 404, PEER


def test_the_banner_and_what_it_leads_to_work_through_the_proxy(site: Site) -> None:
    """Mishap: the page was shown, and every button on it led to the engine's "not found"."""
    page = site.send(MATCHING).body.decode()
    link = next(part for part in page.split('"') if "/go/redirection/" in part)
    answer = site.send(link)
    assert (answer.status, answer.headers["location"]) == (303, "https://www.redirectionprogram.com/")
    ticket = page.partition('name=t value="')[2].partition('"')[0]
    assert b'lang="fi"' in site.send(f"/_interceptor/banner?t={ticket}&lang=fi").body
    answer = site.send(f"/_interceptor/search?t={ticket}", FORM, method="POST", body=b"q=rain+%26")
    assert (answer.status, answer.headers["location"]) == (303, "/search?q=rain%20%26")
    answer = site.send("/_interceptor/search", FORM, method="POST", body=b"q=purple+garden+lantern")
    assert answer.is_banner
    assert site.engine.seen == []


def test_the_banner_is_stored_nowhere(site: Site) -> None:
    """Mishap: a cache in the proxy kept the banner, and showed it, and its ticket, to the next person."""
    first, second = site.send(MATCHING), site.send(MATCHING)
    assert first.is_banner and second.is_banner
    assert first.body != second.body
    assert "no-store" in first.headers["cache-control"]
    assert "age" not in second.headers and "etag" not in first.headers


def test_no_search_is_answered_before_the_check(site: Site) -> None:
    """Mishap: a cache in the proxy answered searches that nobody had looked at since the list changed."""
    for _ in range(2):
        assert site.send("/search?q=lantern+parade", "Cache-Control: max-stale").is_page
    assert len(site.engine.seen) == 2


def test_each_search_is_counted_once(site: Site) -> None:
    """Mishap: the check counted a search, and the reverse proxy that it was handed to counted it again."""
    assert site.service is not None
    site.service.until_window()
    before = site.service.counted("searches"), site.service.counted("warnings", message="harm-legal")
    requests = [ORDINARY, MATCHING, ABOUT_LAW, ORDINARY, MATCHING]
    for target in requests:
        site.send(target)
    site.send("/search", FORM, method="POST", body=b"q=rain")
    site.send(MATCHING, method="HEAD")
    service = site.service
    until(lambda: service.counted("searches") >= before[0] + 6, "the searches to be counted")
    service.until_window()
    assert service.counted("searches") == before[0] + 6
    assert service.counted("warnings", message="harm-legal") == before[1] + 2


# ---- faults


def test_with_the_interceptor_down_searches_go_on(site: Site) -> None:
    """Mishap: the interceptor was being upgraded, and the whole search engine was down with it."""
    site.stop_service()
    for target in (ORDINARY, MATCHING):
        assert site.send(target).is_page
    assert site.send("/search", FORM, method="POST", body=b"q=rain").is_page
    assert len(site.engine.seen) == 3
    assert site.engine.seen[2].body == b"q=rain"


def test_with_the_interceptor_hanging_searches_go_on(site: Site) -> None:
    """Mishap: the interceptor took connections and answered none; every search waited a minute and failed."""
    site.hang_service()
    # Where the interceptor is the reverse proxy, its proxy finds out by a check a second.
    until(lambda: site.send(ORDINARY).is_page, "an answer to GET")
    until(lambda: site.send("/search", FORM, method="POST", body=b"q=rain").is_page, "an answer to POST")


def test_with_the_interceptor_back_searches_are_looked_at_again(site: Site) -> None:
    """Mishap: the proxy held the interceptor for dead after one failure, and let searches pass for a minute more."""
    assert site.send(MATCHING).is_banner
    site.stop_service()
    assert site.send(MATCHING).is_page
    site.start_service()
    # Those that check once a second may take as long to notice.
    began = time.monotonic()
    until(lambda: site.send(MATCHING).is_banner, "the banner")
    assert time.monotonic() - began < 5
    site.engine.seen.clear()
    for _ in range(3):
        assert site.send(MATCHING).is_banner
    assert site.engine.seen == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_failing_closed_lets_no_search_through(kind: Proxy, tmp_path: Path) -> None:
    """Mishap: an operator had chosen ``closed``, and the proxy went on without the check all the same."""
    site = start_site(kind, tmp_path, closed=True)
    try:
        assert site.send(ORDINARY).is_page
        assert site.send(MATCHING).is_banner
        site.engine.seen.clear()
        for mishap in (site.stop_service, site.hang_service):
            mishap()
            for answer in (site.send(MATCHING), site.send("/search", FORM, method="POST", body=b"q=rain")):
                assert answer.status in (403, 500, 502, 503, 504)
                assert not answer.is_page
        assert site.engine.seen == []
    finally:
        site.stop()


# ---- nothing is written


CANARY = "zwolfquokka"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_no_query_and_no_address_is_written_anywhere(kind: Proxy, tmp_path: Path) -> None:
    """Mishap: ``access_log off`` was set, and the error log had every search of the hour when the engine was down."""
    site = start_site(kind, tmp_path)
    try:

        def everything() -> None:
            for target in (f"{MATCHING}+{CANARY}", f"{ABOUT_LAW}+{CANARY}", f"{ORDINARY}+{CANARY}"):
                site.send(target)
                site.send(target, f"Referer: http://search.example{target}", method="HEAD")
                site.send("/search", FORM, method="POST", body=target.partition("?")[2].encode())
            site.send(f"{ORDINARY}+{CANARY * 2000}")
            site.send(f"/search?q={CANARY}&{'q=x&' * 1200}")
            site.send(f"/_interceptor/go/redirection/{CANARY}")
            site.send(f"/_interceptor/banner?q={CANARY}")
            site.send(f"/search?q={CANARY}", "Content-Length: x")
            big = f"q={CANARY}&x=".encode() + b"y" * 900_000
            site.send("/search", FORM, method="POST", body=big)

        everything()
        site.hang_service()
        site.send(f"{ORDINARY}+{CANARY}")
        site.stop_service()
        site.unblock()
        everything()
        site.start_service()
        site.engine.end()
        everything()
    finally:
        site.stop()
    for path, data in site.written().items():
        if path.is_relative_to(tmp_path / "service-0" / "lists") or "/lists/" in str(path):
            continue
        for trace in (CANARY, "garden", "weather", PEER, "canary-agent", "/_interceptor/go/redirection/"):
            assert trace.encode() not in data.lower(), f"{trace} in {path}"
