"""What a request asks for, read from its fields."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interceptor.adapters.http import Answer, Request, json_answer, plain_answer


def request(target: str = "/", method: str = "GET", **fields: str) -> Request:
    by_name = {name.replace("_", "-").lower(): value for name, value in fields.items()}
    return Request(method, target, lambda name: by_name.get(name.lower()), "192.0.2.7")


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("application/json", True),
        ("Application/JSON", True),
        ("application/json, text/plain, */*", True),  # what axios sends
        ("application/json;q=0.9, */*;q=0.8", True),
        ("application/json; charset=utf-8", True),
        ("text/html, application/json;q=0.9", False),
        ("TEXT/HTML, application/json", False),
        ("application/json, text/html", False),
        ("text/html;q=0.5, application/json;q=0.9", True),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", False),
        ("*/*", False),
        ("application/json;q=0", False),
        ("application/json;q=0, */*", False),
        ("application/json;q=none", False),
        ("application/json;q=nan", False),
        ("application/jsonp", False),
        ("image/png", False),
        ("", False),
        (",;,;q=,", False),
    ],
)
def test_who_wants_json(accept: str, wanted: bool) -> None:
    assert request(Accept=accept).wants_json is wanted


def test_a_client_that_sends_json_and_names_nothing_wants_json() -> None:
    assert request(Content_Type="application/json; charset=utf-8").wants_json
    assert request(Content_Type="Application/Json", Accept="image/png").wants_json
    assert not request(Content_Type="application/json", Accept="text/html").wants_json
    assert not request(Content_Type="application/x-www-form-urlencoded").wants_json
    assert not request().wants_json


@pytest.mark.parametrize(
    "fields",
    [
        {"Sec_Purpose": "prefetch"},
        {"Sec_Purpose": "prefetch;prerender"},
        {"Sec_Purpose": "Prefetch;anonymous-client-ip"},
        {"Purpose": "prefetch"},
        {"Purpose": "preview"},
        {"X_Moz": "prefetch"},
        {"X_Purpose": "preview"},
        {"User_Agent": "TelegramBot (like TwitterBot)"},
        {"User_Agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
        {"User_Agent": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"},
        {"User_Agent": "WhatsApp/2.23.20.0"},
        {"User_Agent": "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"},
        {"User_Agent": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5"},
    ],
)
def test_nobody_asked_for_a_prefetch(fields: dict[str, str]) -> None:
    assert request(**fields).is_look_ahead


def test_nobody_reads_the_answer_to_head() -> None:
    assert request(method="HEAD").is_look_ahead
    assert not request().is_look_ahead
    assert not request(method="POST", Sec_Purpose="").is_look_ahead


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Mozilla/5.0 (Linux; Android 10; CUBOT X20 PRO) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36",
        "w3m/0.5.3+git20230121",
        "Lynx/2.9.0dev.12 libwww-FM/2.14",
    ],
)
def test_people_are_people_whatever_they_read_with(agent: str) -> None:
    assert not request(User_Agent=agent).is_look_ahead


@pytest.mark.parametrize(
    ("target", "value"),
    [
        ("/banner?lang=fi", "fi"),
        ("/banner?t=x&lang=fi&lang=en", "fi"),
        ("/banner?lang=f%69", "fi"),
        ("/banner?a+b=1&lang=a+b", "a b"),
        ("/banner?lang=", ""),
        ("/banner?lang", ""),
        ("/banner?LANG=fi", ""),
        ("/banner", ""),
        ("/banner?x=/?lang=fi", ""),
        ("/banner?lang=%ff%00", "\ufffd\0"),
        ("/banner?" + "x=1&" * 60 + "lang=fi", ""),
    ],
)
def test_a_parameter(target: str, value: str) -> None:
    assert request(target).parameter("lang") == value


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_target_and_any_field_are_read(target: str, field: str) -> None:
    seen = request(target, Accept=field, Sec_Purpose=field, Content_Type=field)
    assert isinstance(seen.parameter("q"), str)
    assert isinstance(seen.wants_json, bool)
    assert isinstance(seen.is_look_ahead, bool)


def test_the_path_ends_at_the_question_mark() -> None:
    assert request("/a/%2F;x?q=1?2").path == "/a/%2F;x"


def test_nothing_printed_holds_target_field_or_peer() -> None:
    shown = repr(
        [request("/search?q=lantern", Accept="lantern"), Answer(200, (("X", "lantern"),), b"lantern")]
    )
    assert "lantern" not in shown
    assert "192.0.2.7" not in shown


def test_short_answers_are_kept_nowhere_and_not_sniffed() -> None:
    plain, data = plain_answer(404, "Not here.", ("Allow", "POST")), json_answer(200, {"text": "é"})
    for answer, kind in ((plain, "text/plain; charset=utf-8"), (data, "application/json")):
        headers = dict(answer.headers)
        assert headers["Content-Type"] == kind
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert (plain.status, plain.body, dict(plain.headers)["Allow"]) == (404, b"Not here.\n", "POST")
    assert json.loads(data.body) == {"text": "é"}
