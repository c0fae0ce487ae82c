"""Hostile values at the service's own pages: they reach no page unescaped, no header, and steer no redirect."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest
from running import Running

from interceptor.banner.inspection import Outline
from interceptor.banner.resources import read_catalogue

Serve = Callable[..., Running]

MARK = "zzmarkzz"
HOSTILE = [
    f'"><script>{MARK}</script>',
    f"'><img src=x onerror={MARK}>",
    f"{{{{ {MARK} }}}}{{% {MARK} %}}",
    f"\r\nLocation: https://{MARK}.example/\r\n\r\n",
    f"https://{MARK}.example/",
    f"//{MARK}.example/..%2f..%2f",
    f"javascript:{MARK}()",
    f"../../{MARK}",
    MARK * 500,
    f"{MARK}\x00\x7f\u202e\u2066",
    f"ar;q=1,{MARK}-{MARK}",
]


class Client:
    """Sends requests as they are given, following nothing."""

    def __init__(self, running: Running) -> None:
        self._host, _, port = running.public.rpartition(":")
        self._port = int(port)

    def __call__(
        self,
        target: str,
        method: str = "GET",
        body: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=20)
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        connection.request(method, target, body, {**form, **(headers or {})})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text


@pytest.fixture
def client(serve: Serve) -> Client:
    evil = '"><script>zzenginezz</script>{{ 7 * 7 }}'
    return Client(
        serve(
            {
                "engine": {"name": evil, "home": '/"onclick="zzenginezz', "search": '/find?"=x&q={query}'},
                "resources": {"our-help": {"title": evil, "address": "https://own.example/?a='b'&c=(d)"}},
            }
        )
    )


def ticket_of(client: Client) -> str:
    _, _, page = client("/search?q=purple+garden+lantern")
    found = re.search(r"/_interceptor/go/redirection/([A-Za-z0-9_-]+)", page)
    assert found is not None
    return found[1]


def check_page(text: str) -> None:
    assert MARK not in text
    shown = Outline(text)
    assert shown.loading == set()
    assert {action.partition("?")[0] for action in shown.actions} == {
        "/_interceptor/search",
        "/_interceptor/banner",
    }
    assert "{{ 7 * 7 }}" in shown.text
    assert not any("zzengine" in href and not href.startswith("/") for href in shown.hrefs)


def header(value: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", " ", value).encode("ascii", "ignore").decode()


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_no_hostile_value_reaches_a_page_or_steers_a_redirect(client: Client, number: int) -> None:
    value, safe = HOSTILE[number], header(HOSTILE[number])
    ticket = ticket_of(client)
    known = {
        address
        for item in read_catalogue({}).resources.values()
        for address in (item.address, item.onion)
        if address
    } | {"https://own.example/?a='b'&c=(d)"}

    for query in (
        {"lang": value},
        {"lang": value, "t": ticket},
        {"t": value},
        {"t": ticket + value},
        {value: value},
    ):
        status, headers, text = client("/_interceptor/banner?" + urlencode(query))
        assert status in (200, 414)
        if status == 200:
            check_page(text)
        assert MARK not in str(headers)

    for name in ("Accept-Language", "Host", "X-Forwarded-Host", "Referer", "User-Agent"):
        if name == "Host" and len(safe) > 200:
            continue
        status, headers, text = client("/_interceptor/banner?t=" + ticket, headers={name: safe})
        assert status in (200, 400)
        if status == 200:
            check_page(text)
        assert MARK not in str(headers)
        status, headers, _ = client("/_interceptor/go/redirection/" + ticket, headers={name: safe})
        assert status in (303, 400)
        assert status == 400 or headers["location"] in known

    for path in (
        f"{quote(value, safe='')}/{ticket}",
        f"redirection/{quote(value, safe='')}",
        f"trap/{quote(value)}",
    ):
        status, headers, text = client("/_interceptor/go/" + path)
        assert status in (303, 404, 414)
        assert MARK not in str(headers) + text
        if status == 303:
            assert headers["location"] in known

    body = urlencode({"q": f"clean {value}", "t": value, "next": value, "action": value})
    status, headers, _ = client("/_interceptor/search?t=" + quote(value, safe=""), "POST", body)
    assert status in (303, 413, 414)
    if status == 303:
        # The one place for it is the query's own, quoted.
        assert headers["location"] == '/find?"=x&q=' + quote(f"clean {value}", safe="")
        assert set(headers) <= {
            "location",
            "referrer-policy",
            "content-type",
            "content-length",
            "cache-control",
            "x-content-type-options",
            "date",
            "server",
            "connection",
        }


@pytest.mark.parametrize(
    ("engine", "status", "place"),
    [
        ({"search_by": "post", "search": "https://engine.example/find"}, 307, "https://engine.example/find"),
        ({"search_by": "home", "home": "https://engine.example/"}, 303, "https://engine.example/"),
    ],
)
def test_the_search_box_leads_to_the_configured_place_alone(
    serve: Serve, engine: dict[str, str], status: int, place: str
) -> None:
    client = Client(serve({"engine": engine}))
    for value in HOSTILE:
        for name in ("Host", "X-Forwarded-Host", "Referer", "Origin"):
            if len(safe := header(value)) > 200:
                continue
            target = f"/_interceptor/search?t={quote(value[:200], safe='')}&search={quote(place)}x"
            body = urlencode({"q": f"clean {value}", "search": value, "home": value})
            found, headers, text = client(target, "POST", body, {name: safe})
            assert found in (status, 400, 413, 414)
            assert MARK not in str(headers) + text
            assert found not in (303, 307) or headers["location"] == place
    _, headers, page = client("/search?q=purple+garden+lantern")
    assert "form-action 'self' https://engine.example;" in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert Outline(page).loading == set()


def test_the_trap_leads_to_help_and_counts_no_click(serve: Serve) -> None:
    running = serve()
    client = Client(running)
    ticket = ticket_of(client)
    for method in ("HEAD", "GET", "GET"):
        status, headers, _ = client("/_interceptor/go/trap/" + ticket, method)
        assert (status, headers["location"]) == (303, "https://www.redirectionprogram.com/")
    _, headers, _ = client("/_interceptor/go/trap/forged", headers={"Host": "abc.onion"})
    assert headers["location"].endswith(".onion/")
    running.until_window()
    assert running.counted("clicks_by_resource", resource="redirection") == 0
