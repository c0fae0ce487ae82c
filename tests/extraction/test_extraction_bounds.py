"""What is too much is refused whole, in time linear in it, and nothing raised holds any of it."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interceptor.config import Limits, Search
from interceptor.errors import BodyTooLargeError, ExtractionError, MalformedError, TargetTooLongError
from interceptor.extraction import Extractor

SMALL = Limits(target=200, search_body=2_000, fields=10, query=50)
SMALL_EVERYWHERE = Extractor((Search("*", ("q",)),), SMALL)
EVERYWHERE = Extractor((Search(), Search("/search/{query}")), Limits())
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=XX"
PART = b'--XX\r\nContent-Disposition: form-data; name="q"\r\n\r\nlantern\r\n'


@pytest.mark.parametrize(
    ("request_parts", "error"),
    [
        (("GET", "/" + "a" * 200), TargetTooLongError),
        (("GET", "/" + "ф" * 150), TargetTooLongError),
        (("GET", "/?q=" + "a" * 51), TargetTooLongError),
        (("GET", "/?q=" + "%61" * 51), TargetTooLongError),
        (("GET", "/?" + "x&" * 10), MalformedError),
        (("GET", "/?" + "x;" * 10), MalformedError),
        (("POST", "/", FORM, b"x" * 2_001), BodyTooLargeError),
        (("POST", "/", FORM, b"q=" + b"a" * 51), BodyTooLargeError),
        (("POST", "/", FORM, b"x=1&" * 10), MalformedError),
        (("POST", "/", None, b"q=1&" * 11), MalformedError),
        (("POST", "/", "application/json", b'{"q": "%s"}' % (b"a" * 51)), BodyTooLargeError),
        (("POST", "/", "application/json", b'{"q": [' + b"1," * 10 + b"1]}"), MalformedError),
        (("POST", "/", "application/json", b'{"q": 1' + b',"x": 1' * 10 + b"}"), MalformedError),
        (("POST", "/", "application/json", b"{}" * 11), MalformedError),
        (("POST", "/", "text/plain", b'{"q": [' + b"1," * 10 + b"1]}"), MalformedError),
        (("POST", "/", MULTIPART, PART * 11 + b"--XX--"), MalformedError),
        (("POST", "/", MULTIPART, PART.replace(b"lantern", b"a" * 51) + b"--XX--"), BodyTooLargeError),
    ],
)
def test_what_is_too_much_is_refused(request_parts: tuple[str, str], error: type[ExtractionError]) -> None:
    with pytest.raises(error):
        SMALL_EVERYWHERE.extract(*request_parts)


@pytest.mark.parametrize(
    "request_parts",
    [
        ("GET", "/?q=" + "%61" * 50),
        ("GET", "/?" + "x&" * 9 + "q=" + "a" * 50),
        ("POST", "/", FORM, b"x=1&" * 9 + b"q=" + b"a" * 50),
        ("POST", "/", MULTIPART, PART * 10 + b"--XX--"),
        ("POST", "/", "application/json", b'{"q": [' + b"1," * 9 + b"1]}"),
    ],
)
def test_what_is_just_within_bounds_is_read(request_parts: tuple[str, str]) -> None:
    assert SMALL_EVERYWHERE.extract(*request_parts)


def test_a_large_body_without_a_query_is_no_search() -> None:
    assert SMALL_EVERYWHERE.extract("POST", "/", "application/json", b"[" + b'{"x":"y"},' * 100 + b"1]") == ()
    assert SMALL_EVERYWHERE.extract("POST", "/", "text/plain", b"a & b = c; " * 100) == ()


def test_readings_that_add_up_to_too_much_are_refused() -> None:
    extractor = Extractor((Search(),), replace(Limits(), target=100_000, query=1_000))
    different = "&".join(f"q={number}" for number in range(900))
    with pytest.raises(TargetTooLongError):
        extractor.extract("GET", "/?" + different)
    with pytest.raises(BodyTooLargeError):
        extractor.extract("POST", "/", FORM, b"q=" + b"\xf4\xee\xed" * 300)
    assert len(extractor.extract("GET", "/?" + "&".join(f"q={number}" for number in range(300)))) == 300


MILLION = 1_000_000
HEADER = b"--XX\r\nContent-Disposition: form-data"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, b"&" * MILLION),
        (None, b"&" * MILLION),
        (None, b";" * MILLION),
        (FORM, b"q=" + b"%25" * (MILLION // 4)),
        (FORM, b"%25" * (MILLION // 4) + b"=q"),
        (FORM, b"q=" + b"%26%23" * (MILLION // 8)),
        (FORM, b"q=%26%23" + b"0" * (MILLION // 2)),
        (FORM, b"q=%26%23" + b"9" * (MILLION // 2)),
        (FORM, b"q=" + b"%u00" * (MILLION // 8)),
        (FORM, b"q=" + b"\xf4\xee\xed" * (MILLION // 4)),
        ("application/json", b"[" * MILLION),
        ("application/json", b'{"q":' * (MILLION // 8)),
        ("application/json", b"1 " * (MILLION // 2)),
        ("application/json", b'"' + b"\\" * (MILLION // 2)),
        ("application/json", b"[" * 201 + b'"' + b'\\"' * (MILLION // 3) + b"\\"),
        ("application/json", b"[]" * 201 + b'["' + b'\\"' * (MILLION // 3) + b"\\"),
        ("application/json", b"[" + b"[]," * (MILLION // 4) + b"1]"),
        ("application/json", b'{"q": ' + b"1" * (MILLION // 2) + b"}"),
        (MULTIPART, b"--X" * (MILLION // 3)),
        (MULTIPART, PART * (MILLION // 80) + b"--XX--"),
        (MULTIPART, (HEADER + b'; name="q"' * 400 + b"\r\n\r\n\r\n") * 240 + b"--XX--"),
        (MULTIPART, (HEADER + b'; name="\\"' * 400 + b"\r\n\r\n\r\n") * 240 + b"--XX--"),
        (MULTIPART, (HEADER + b"; name" + b" " * 4_000 + b"\r\n\r\n\r\n") * 240 + b"--XX--"),
        (MULTIPART, HEADER + b"; name=q\r\n\r\n" + b"\r\n--X" * (MILLION // 8) + b"\r\n--XX--"),
        ("multipart/form-data; " + "boundary " * 1_800, b"x"),
        ("multipart/form-data; charset" + " " * 16_000, b"x"),
    ],
)
def test_no_body_within_the_limit_takes_long(content_type: str | None, body: bytes) -> None:
    begin = time.process_time()
    with suppress(ExtractionError):
        EVERYWHERE.extract("POST", "/", content_type, body)
    # A thousand times less than a quadratic pass over a million octets; generous to a slow machine.
    assert time.process_time() - begin < 3


@pytest.mark.parametrize(
    "target",
    [
        "/" + "../" * 2_700,
        "/" + "%2f" * 2_700,
        "/" + "%252f;" * 1_300,
        "/" + "a;" * 4_000 + "?q=x",
        "\\" * 8_000,
    ],
)
def test_no_target_takes_long(target: str) -> None:
    begin = time.process_time()
    with suppress(ExtractionError):
        EVERYWHERE.extract("GET", target)
    assert time.process_time() - begin < 1


def everything_in(error: BaseException | None) -> str:
    held = ""
    while error is not None:
        held += repr(error) + str(error) + repr(error.args) + repr(vars(error))
        error = error.__cause__ or error.__context__
    return held


@pytest.mark.parametrize(
    "request_parts",
    [
        ("GET", "/?q=lantern" + "n" * 9_000),
        ("GET", "/?" + "lantern=1&" * 1_000),
        ("POST", "/", FORM, b"q=lantern" * 3_000),
        ("POST", "/", "application/json", b'{"q": "lantern"'),
        ("POST", "/", "application/json", b'{"lantern":' * 20_000),
        ("POST", "/", MULTIPART, b"lantern"),
        ("POST", "/", MULTIPART, b"--XX\r\nlantern\r\n\r\n--XX--"),
        ("POST", "/", MULTIPART, b"--XX\r\nContent-Length: lantern\r\n\r\n--XX--"),
        ("POST", "/", "multipart/form-data; boundary=lantern\xff", b"lantern"),
        ("POST", "/", FORM, b"q=lantern", "lantern"),
    ],
)
def test_a_refusal_holds_nothing_of_the_request(request_parts: tuple[str, str]) -> None:
    with pytest.raises(ExtractionError) as caught:
        EVERYWHERE.extract(*request_parts)
    assert "lantern" not in everything_in(caught.value)


TYPES = st.sampled_from(
    [
        FORM,
        MULTIPART,
        "application/json",
        "text/plain",
        "",
        None,
        FORM + "; charset=utf-16",
        FORM + "; charset=utf-7",
    ]
) | st.text(max_size=40)
PIECES = st.sampled_from(
    [
        *(
            b"q=",
            b"&",
            b";",
            b"+",
            b"%",
            b"%25",
            b"%u",
            b"%uD800",
            b"&#",
            b"%26%23x",
            b"\x1b$B",
            b"\xff\xfe",
            b"\xc0\xa1",
        ),
        *(
            b"ie=utf-7&",
            b"ie=iso2022-jp&",
            b"_charset_=utf-32&",
            b"charset=hz&",
            b"\r\n",
            b"\r\n\r\n",
            b"--XX\r\n",
        ),
        *(
            b"--XX--",
            b"Content-Disposition: form-data; name=q",
            b'{"q":',
            b"[",
            b"]",
            b"}",
            b'"',
            b"\\u",
            b"\\ud800",
        ),
    ]
)
BODIES = st.binary(max_size=300) | st.lists(PIECES | st.binary(max_size=4), max_size=40).map(b"".join)
TARGETS = st.text(max_size=80) | BODIES.map(lambda octets: "/?" + octets.decode("latin-1"))
METHODS = st.sampled_from(["GET", "POST", "CONNECT", "OPTIONS", "TRACE", ""])


@settings(deadline=None)
@given(METHODS, TARGETS, TYPES, BODIES, st.none() | st.text(max_size=10))
def test_nothing_but_a_refusal_is_raised(
    method: str, target: str, content_type: str | None, body: bytes, coding: str | None
) -> None:
    EVERYWHERE.reads_body(method, target, content_type)
    try:
        texts = EVERYWHERE.extract(method, target, content_type, body, coding)
    except ExtractionError as error:
        assert error.status in (400, 413, 414, 415)
        return
    assert len(set(texts)) == len(texts)
    for text in texts:
        text.encode("utf-8")
        assert text.strip()
