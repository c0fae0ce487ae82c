"""Every framework's example, served as an operator would, and asked what each kind of search gets."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Iterator

import applications
import pytest
import yaml
from applications import SERVERS, Application
from asking import Got, ask
from running import GARDEN

HELP = "redirectionprogram.com"
RESULTS = "There would be some."
CANARY = "zwoelfquokka"


@pytest.fixture(scope="module", params=[name for name in SERVERS if name != "searxng"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    name: str = request.param
    module = {"django-asgi": "django"}.get(name, name)
    pytest.importorskip(module, reason=f"{module} is not installed")
    folder = tmp_path_factory.mktemp(name)
    lists = folder / "lists"
    lists.mkdir()
    (lists / "garden.yaml").write_text(GARDEN)
    config = folder / "interceptor.yaml"
    config.write_text(yaml.safe_dump({"lists": str(lists)}))
    application = applications.serve(name, config)
    try:
        yield application
    finally:
        application.stop()
        written = "".join(application.lines)
        # A server's own log or a traceback would keep what people search for.
        assert CANARY not in written, written


def search(served: Application, query: str, **headers: str) -> Got:
    return ask(f"{served.url}/search?q={urllib.parse.quote_plus(query)}", "GET", None, **headers)


def test_an_ordinary_search_is_the_engines_own(served: Application) -> None:
    got = search(served, "weather & wind + 100 %")
    assert got.status == 200
    assert RESULTS in got.text and "weather &amp; wind + 100 %" in got.text
    assert HELP not in got.text


def test_a_match_is_replaced_and_kept_by_no_cache(served: Application) -> None:
    got = search(served, f"purple garden lantern {CANARY}")
    assert got.status == 200
    assert HELP in got.text and RESULTS not in got.text and CANARY not in got.text
    assert got.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "target",
    [
        "/search?a=1&q=purple%20garden%20lantern&b=2",
        "/search?q=purple+garden+lantern",
        "/search?q=100%+purple+garden+lantern",
        "/search?q=weather&q=purple+garden+lantern",
        "/search?q=%70urple+garden+l%61ntern",
    ],
    ids=["between", "plus", "stray-percent", "repeated", "encoded"],
)
def test_however_the_url_is_written(served: Application, target: str) -> None:
    assert HELP in ask(served.url + target).text


def test_an_annotated_page_has_its_results_and_the_strip(served: Application) -> None:
    got = search(served, "purple garden lantern law", Accept_Encoding="gzip")
    assert got.status == 200
    assert RESULTS in got.text and "findahelpline.com" in got.text
    assert got.headers["cache-control"] == "no-store"


def test_a_posted_search_is_looked_at_and_an_ordinary_one_still_reaches_the_engine(
    served: Application,
) -> None:
    url = f"{served.url}/search"
    data = urllib.parse.urlencode({"q": "purple garden lantern"}).encode()
    form = "application/x-www-form-urlencoded"
    assert HELP in ask(url, "POST", data, Content_Type=form).text
    got = ask(url, "POST", b"q=weather", Content_Type=form)
    assert RESULTS in got.text and "weather" in got.text


def test_a_posted_file_form_is_looked_at(served: Application) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="q"\r\n\r\n%s\r\n--x--\r\n'
    kind = "multipart/form-data; boundary=x"
    assert (
        HELP in ask(f"{served.url}/search", "POST", body % b"purple garden lantern", Content_Type=kind).text
    )
    assert "weather" in ask(f"{served.url}/search", "POST", body % b"weather", Content_Type=kind).text


def test_head_has_the_headers_and_no_body(served: Application) -> None:
    got = ask(f"{served.url}/search?q=purple+garden+lantern", "HEAD")
    assert got.status == 200 and got.text == ""
    assert "text/html" in got.headers["content-type"]


def test_a_client_of_the_api_gets_data(served: Application) -> None:
    got = search(served, "purple garden lantern", Accept="application/json")
    assert json.loads(got.text)["results"] == []


def test_a_body_too_large_is_refused(served: Application) -> None:
    got = ask(
        f"{served.url}/search",
        "POST",
        b"q=" + b"a" * 2_000_000,
        Content_Type="application/x-www-form-urlencoded",
    )
    assert got.status == 413


def test_an_over_long_query_is_refused_and_not_let_through(served: Application) -> None:
    got = ask(f"{served.url}/search?q={'a' * 8_000}+purple+garden+lantern+{'b' * 4_000}")
    assert got.status in (400, 414, 431)
    assert RESULTS not in got.text


def test_the_banners_search_box_leads_back(served: Application) -> None:
    got = ask(
        f"{served.url}/_interceptor/search",
        "POST",
        b"q=weather",
        Content_Type="application/x-www-form-urlencoded",
    )
    assert got.status == 303
    assert got.headers["location"] == "/search?q=weather"


def test_help_is_one_redirect_away(served: Application) -> None:
    page = search(served, "purple garden lantern").text
    link = page.split('href="/_interceptor/go/', 1)[1].split('"', 1)[0]
    got = ask(f"{served.url}/_interceptor/go/{link}")
    assert got.status == 303
    assert got.headers["location"].startswith("https://")
