"""The page's own search box in front of engines of every kind, in a real Chromium, which applies ``form-action`` to
redirects too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from browsing import Opener, Site, running_site
from playwright.sync_api import Route
from running import Running

Serve = Callable[..., Running]
SEARCH = "/search?q=purple+garden+lantern"


@pytest.fixture
def site() -> Iterator[Site]:
    """The engine: as upstream, or at an origin of its own."""
    with running_site() as site:
        yield site


def arrives(opener: Opener, site: Site, running: Running, query: str, at: str) -> tuple[str, str, bytes]:
    """Search for ``query`` in the page's box, arrive ``at``; the request that the engine got last."""
    page = opener(running.url + SEARCH)
    page.get_by_label("Words to search for").fill(query)
    page.get_by_role("button", name="Search").click()
    page.wait_for_url(at)
    assert page.locator("body").inner_text() == "arrived"
    running.until_counted(1, "returns", message="harm-legal", outcome="other")
    asked = [item for item in site.requests if item[1] != "/favicon.ico"]
    method, path, headers, body = asked[-1]
    assert "Referer" not in headers
    assert "/_interceptor/" not in path
    return method, path, body


@pytest.mark.parametrize("elsewhere", [False, True])
def test_an_engine_that_takes_searches_by_get(
    serve: Serve, opener: Opener, site: Site, elsewhere: bool
) -> None:
    place = site.address if elsewhere else ""
    running = serve({"engine": {"search": f"{place}/find?text={{query}}&page=1"}}, "--upstream", site.address)
    at = (place or running.url) + "/find?text=rain%20%26%20wind&page=1"
    assert arrives(opener, site, running, "rain & wind", at) == (
        "GET",
        "/find?text=rain%20%26%20wind&page=1",
        b"",
    )


@pytest.mark.parametrize("elsewhere", [False, True])
def test_an_engine_that_takes_searches_by_post(
    serve: Serve, opener: Opener, site: Site, elsewhere: bool
) -> None:
    place = site.address if elsewhere else ""
    engine = {"search_by": "post", "search": f"{place}/find", "search_parameter": "text"}
    running = serve({"engine": engine}, "--upstream", site.address)
    at = (place or running.url) + "/find"
    assert arrives(opener, site, running, "rain & wind", at) == ("POST", "/find", b"text=rain+%26+wind")
    running.until_counted(1 if elsewhere else 2, "searches")


@pytest.mark.parametrize("elsewhere", [False, True])
def test_an_engine_whose_form_needs_a_token_of_its_own(
    serve: Serve, opener: Opener, site: Site, elsewhere: bool
) -> None:
    place = site.address if elsewhere else ""
    engine = {"search_by": "home", "home": f"{place}/start"}
    running = serve({"engine": engine}, "--upstream", site.address)
    at = (place or running.url) + "/start"
    assert arrives(opener, site, running, "rain & wind", at) == ("GET", "/start", b"")


def test_a_search_that_matches_again_gets_its_warning_and_never_leaves(
    serve: Serve, opener: Opener, site: Site
) -> None:
    engine = {"search_by": "post", "search": f"{site.address}/find", "search_parameter": "text"}
    running = serve({"engine": engine})
    page = opener(running.url + SEARCH)
    page.get_by_label("Words to search for").fill("purple garden lanterns purple garden lantern")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/_interceptor/search?t=*")
    assert page.locator("a.go").is_visible()
    assert page.get_by_label("Words to search for").input_value() == ""
    running.until_counted(1, "returns", message="harm-legal", outcome="matching")
    assert site.requests == []


def test_a_place_that_the_policy_does_not_name_is_out_of_the_boxs_reach(
    serve: Serve, opener: Opener, site: Site
) -> None:
    """What the tests above would look like if the policy did not allow the redirect."""
    running = serve({"engine": {"search": f"{site.address}/find?q={{query}}"}})

    def tightened(route: Route) -> None:
        answer = route.fetch()
        headers = {name: value.replace(site.address, "") for name, value in answer.headers.items()}
        route.fulfill(response=answer, headers=headers)

    page = opener(running.url)
    page.route("**/search?q=*", tightened)
    page.goto(running.url + SEARCH)
    page.get_by_label("Words to search for").fill("rain")
    with page.expect_console_message(lambda message: "form-action" in message.text):
        page.get_by_role("button", name="Search").click()
    assert site.requests == []
