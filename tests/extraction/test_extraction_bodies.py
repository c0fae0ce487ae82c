"""What a body searches for: forms, multipart, JSON, and bodies whose type says little or lies."""

from __future__ import annotations

import json

import pytest

from interceptor.config import Limits, Search
from interceptor.errors import EncodingRefusedError, MalformedError
from interceptor.extraction import Extractor

EVERYWHERE = Extractor((Search(),), Limits())
NAMED = Extractor((Search("/search", ("q",)),), Limits())
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=XX"


def part(headers: str, content: bytes = b"lantern") -> bytes:
    return b"--XX\r\n" + headers.encode("latin-1") + b"\r\n\r\n" + content + b"\r\n"


def parts(*written: bytes) -> bytes:
    return b"".join(written) + b"--XX--\r\n"


def named(text: str, content: bytes = b"lantern") -> bytes:
    return part(f"Content-Disposition: form-data; {text}", content)


@pytest.mark.parametrize(
    ("content_type", "body", "texts"),
    [
        (FORM, b"q=purple+garden&page=2", ["purple garden"]),
        (FORM.upper(), b"q=lantern", ["lantern"]),
        (FORM + "; charset=UTF-8", b"q=%D1%84", ["ф"]),
        (FORM, b"q=lantern&q=garden&q[]=bench", ["lantern", "garden", "bench"]),
        (FORM, b"q=%256Cantern", ["%6Cantern", "lantern"]),
        (FORM, b"q=lantern\r\n", ["lantern\r\n"]),
        (FORM, b"page=2", []),
        (FORM, b"", []),
        (FORM, b'{"q": "lantern"}', ["lantern"]),
        (FORM, '{"q": "фон"}'.encode(), ["фон"]),
        (FORM, b"{broken", []),
    ],
)
def test_a_form_is_read(content_type: str, body: bytes, texts: list[str]) -> None:
    assert list(EVERYWHERE.extract("POST", "/", content_type, body)) == texts


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        (FORM + "; charset=windows-1251", b"q=%D1%84", "С„"),
        (FORM + '; charset="KOI8-R"', b"q=\xc6\xcf\xce", "фон"),
        (FORM, b"q=%C6%CF%CE&_charset_=koi8-r", "фон"),
        (FORM + "; charset=utf-16le", "q=фонарь".encode("utf-16-le"), "фонарь"),
        (FORM + "; charset=ibm037", "q=lantern".encode("cp037"), "lantern"),
        (FORM + "; charset=utf-7", b"q=+BEQEPgQ9-", "фон"),
    ],
)
def test_a_form_is_read_in_the_encoding_that_it_names(content_type: str, body: bytes, text: str) -> None:
    assert text in EVERYWHERE.extract("POST", "/", content_type, body)


def test_the_query_string_of_a_post_is_looked_at_too() -> None:
    assert EVERYWHERE.extract("POST", "/?q=lantern", FORM, b"q=garden") == ("lantern", "garden")
    assert EVERYWHERE.extract("POST", "/?q=lantern", FORM, b"q=lantern") == ("lantern",)
    assert EVERYWHERE.extract("POST", "/?q=lantern", FORM, None) == ("lantern",)
    assert "фон" in EVERYWHERE.extract("POST", "/?ie=koi8-r", FORM, b"q=%C6%CF%CE")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "QUERY", "GET", "HEAD", "DELETE", "OPTIONS"])
def test_the_method_does_not_hide_a_body(method: str) -> None:
    assert EVERYWHERE.reads_body(method, "/", FORM)
    assert EVERYWHERE.extract(method, "/", FORM, b"q=lantern") == ("lantern",)


def test_what_no_engine_reads_is_not_read() -> None:
    assert not EVERYWHERE.reads_body("TRACE", "/", FORM)
    assert EVERYWHERE.extract("TRACE", "/", FORM, b"q=lantern") == ()
    assert not NAMED.reads_body("POST", "/upload", FORM)
    assert NAMED.extract("POST", "/upload", FORM, b"q=lantern") == ()


@pytest.mark.parametrize(
    ("content_type", "everywhere"),
    [
        (FORM, True),
        (MULTIPART, True),
        ("application/json", True),
        ("application/problem+json; charset=utf-8", True),
        ("text/plain;charset=UTF-8", True),
        ("", True),
        (None, True),
        ("image/png", False),
        ("application/octet-stream", False),
        ("text/csv", False),
        ("multipart/related; boundary=XX", False),
    ],
)
def test_where_every_path_is_a_search_uploads_are_left_alone(
    content_type: str | None, everywhere: bool
) -> None:
    assert EVERYWHERE.reads_body("POST", "/", content_type) is everywhere
    assert NAMED.reads_body("POST", "/%73earch/", content_type)


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        (parts(named('name="q"')), ["lantern"]),
        (parts(named('name="q"'), named('name="q"', b"garden")), ["lantern", "garden"]),
        (parts(named('name="page"'), named('name="query"', b"garden")), ["garden"]),
        (parts(named('name="q"', b"")), []),
        (parts(named('name="q"', b" \r\n ")), []),
        (parts(), []),
        (parts(named('name="q"', "púrpura".encode())), ["púrpura"]),
        (parts(named('name="q"', b"%6Cantern")), ["%6Cantern", "lantern"]),
        (parts(named('name="q"; filename="a.txt"')), ["lantern"]),
        (parts(named('name="q"; filename=""')), ["lantern"]),
        (parts(named('name="q"; filename="a.bin"', b"x" * 20_000)), []),
        (parts(named('filename="a.txt"; name="q"')), ["lantern"]),
        (parts(named('name="q[]"'), named('name="%71"', b"garden")), ["lantern", "garden"]),
        (parts(named("name=q"), named("name='q'", b"garden")), ["lantern", "garden"]),
        (parts(named('NAME = "q"')), ["lantern"]),
        (parts(named('name="x"; name="q"'), named('name="q"; name="x"', b"garden")), ["lantern", "garden"]),
        (parts(named("name*=utf-8''q")), ["lantern"]),
        (parts(part('content-disposition:form-data;name="q"')), ["lantern"]),
        (parts(part('Content-Disposition: form-data;\r\n name="q"')), ["lantern"]),
        (b"a preamble\r\n" + parts(named('name="q"')) + b"an epilogue", ["lantern"]),
    ],
)
def test_a_multipart_form_is_read(body: bytes, texts: list[str]) -> None:
    assert list(EVERYWHERE.extract("POST", "/", MULTIPART, body)) == texts
    assert list(EVERYWHERE.extract("POST", "/", 'Multipart/Form-Data; Boundary="XX"', body)) == texts


@pytest.mark.parametrize(
    "body",
    [
        parts(
            part(
                'Content-Disposition: form-data; name="q"\r\nContent-Type: text/plain; charset=koi8-r',
                b"\xc6\xcf\xce",
            )
        ),
        parts(named('name="_charset_"', b"koi8-r"), named('name="q"', b"\xc6\xcf\xce")),
        parts(
            part(
                'Content-Disposition: form-data; name="q"\r\nContent-Transfer-Encoding: BASE64', b"0YTQvtC9"
            ),
        ),
        parts(
            part(
                'Content-Disposition: form-data; name="q"\r\nContent-Transfer-Encoding: base64',
                b"0YTQ\r\nvtC9==",
            ),
        ),
        parts(
            part(
                'Content-Disposition: form-data; name="q"\r\nContent-Transfer-Encoding: quoted-printable',
                b"=D1=84=D0=BE=\r\n=D0=BD",
            ),
        ),
    ],
)
def test_a_part_is_read_in_the_encodings_that_it_names(body: bytes) -> None:
    assert "фон" in EVERYWHERE.extract("POST", "/", MULTIPART, body)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (MULTIPART, b"q=lantern"),
        (MULTIPART, named('name="q"')),
        (MULTIPART, b"--XX\nContent-Disposition: form-data; name=q\n\nlantern\n--XX--"),
        (MULTIPART, parts(part("Content-Type: text/plain"))),
        (MULTIPART, parts(part("no header"))),
        (MULTIPART, parts(part('Content-Disposition: attachment; name="q"'))),
        (MULTIPART, parts(part('Content-Disposition: form-data; name="q"\r\nContent-Length: 3'))),
        ("multipart/form-data", parts(named('name="q"'))),
        ("multipart/form-data; boundary=", parts(named('name="q"'))),
        ("multipart/form-data; boundary=YY", parts(named('name="q"'))),
        ("multipart/form-data; boundary=XX; boundary=YY", parts(named('name="q"'))),
        ("multipart/form-data; boundary=XX,y", parts(named('name="q"'))),
        ("multipart/form-data; boundary=фон", parts(named('name="q"'))),
        ("application/json", b'{"q": "lantern"'),
        ("application/json", b"q=lantern"),
        ("application/json", b'{"q": "lantern"} and more'),
        ("application/json", b'{"q": ' * 20_000),
        ("application/json", b'{"q": "[' + b']\\"[' * 201 + b'"' + b"[" * 201),
        ("application/json", b'{"q": "lantern", "x": ' + b"[" * 200 + b"]" * 200 + b"}"),
        ("application/json", b"[" * 20_000 + b"]" * 20_000),
        ("text/plain", b"[" * 20_000 + b"]" * 20_000),
    ],
)
def test_a_body_that_is_not_what_its_type_says_is_refused(content_type: str, body: bytes) -> None:
    with pytest.raises(MalformedError) as caught:
        EVERYWHERE.extract("POST", "/", content_type, body)
    assert caught.value.status == 400


def test_json_is_read_to_its_greatest_depth() -> None:
    body = b"[" * 199 + b'{"q": "lantern"}' + b"]" * 199
    assert EVERYWHERE.extract("POST", "/", "application/json", body) == ("lantern",)
    brackets = b'{"q": ["' + b"[" * 300 + b'", ' + b"[], " * 300 + b'"lantern"]}'
    assert "lantern" in EVERYWHERE.extract("POST", "/", "application/json", brackets)


@pytest.mark.parametrize(
    ("document", "texts"),
    [
        ({"q": "lantern", "page": 2}, ["lantern"]),
        ({"search": {"filter": {"q": ["lantern", {"x": "garden"}]}}}, ["lantern", "garden"]),
        ([{"q": "lantern"}, {"q": "garden"}], ["lantern", "garden"]),
        ({"Q": "lantern", "q[]": ["garden"]}, ["lantern", "garden"]),
        ({"q": 1984, "query": -1.5}, ["1984", "-1.5"]),
        ({"q": [True, None, "", " ", {}, []]}, []),
        ({"q": "púrpura"}, ["púrpura"]),
        ({"q": "🏮"}, ["🏮"]),
        ({"q": "\ud83c"}, ["\ufffd"]),
        ({"q": "%6Cantern"}, ["%6Cantern", "lantern"]),
        ({"title": "lantern"}, []),
        ("lantern", []),
    ],
)
def test_json_is_read(document: object, texts: list[str]) -> None:
    for written in (json.dumps(document), json.dumps(document, ensure_ascii=False)):
        for codec in ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "utf-32-le"):
            body = written.encode(codec, "surrogatepass")
            if "\ud83c" in written and codec != "utf-16":
                continue  # half a pair has an encoding of its own nowhere else
            for content_type in ("application/json", "application/vnd.engine+json; charset=utf-8"):
                assert list(EVERYWHERE.extract("POST", "/", content_type, body)) == texts, codec


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        (b'{"q": "weather", "q": "lantern"}', ["weather", "lantern"]),
        (b'{"\\u0071": "l\\u0061ntern"}', ["lantern"]),
        (b'{"q": "purple\tgarden"}', ["purple\tgarden"]),
        (b'{"q": ' + b"1" * 5000 + b"}", ["1" * 5000]),
        (b'{"q": "lantern"}\n{"q": "garden"}\n', ["lantern", "garden"]),
        (b'\x1e{"q": "lantern"}\n', ["lantern"]),
        (b'{"q": "lan\xfftern"}', ["lan\ufffdtern"]),
        (b"", []),
        (b" \n", []),
    ],
)
def test_json_as_only_a_hand_writes_it_is_read(body: bytes, texts: list[str]) -> None:
    assert list(EVERYWHERE.extract("POST", "/", "application/json", body)) == texts


def test_json_is_read_in_the_encoding_that_it_names() -> None:
    body = '{"q": "фон"}'.encode("koi8-r")
    assert "фон" in EVERYWHERE.extract("POST", "/", "application/json; charset=koi8-r", body)


@pytest.mark.parametrize("content_type", [None, "", "text/plain", "text/plain;charset=UTF-8"])
@pytest.mark.parametrize(
    ("body", "texts"),
    [
        (b"q=purple+garden&page=2", ["purple garden"]),
        (b"q=purple garden\r\npage=2\r\n", ["purple garden"]),
        (b"page=2\r\nq=purple garden\r\n", ["purple garden"]),
        (b'{"q": "lantern"}', ["lantern"]),
        (b'\n [{"q": "lantern"}]', ["lantern"]),
        (b'{"q": "lantern"} and more', ["lantern"]),
        (b"a letter to the editor; q & a", []),
        (b"{not json}", []),
        (bytes(range(256)), []),
        (b"--XX\r\nnothing", []),
    ],
)
def test_a_body_whose_type_says_nothing_is_read_as_what_it_looks_like(
    content_type: str | None, body: bytes, texts: list[str]
) -> None:
    assert list(EVERYWHERE.extract("POST", "/", content_type, body)) == texts
    assert list(NAMED.extract("POST", "/search", "application/x-unheard-of", body)) == texts


def test_no_body_is_none_that_is_at_fault() -> None:
    for content_type in (FORM, MULTIPART, "application/json", "text/plain", None):
        assert EVERYWHERE.extract("POST", "/", content_type, b"", "gzip") == ()
        assert EVERYWHERE.extract("POST", "/", content_type, None, "gzip") == ()


def test_a_content_coding_is_refused_where_the_body_matters() -> None:
    for coding in ("gzip", "br", "identity, gzip", "x-anything"):
        with pytest.raises(EncodingRefusedError) as caught:
            EVERYWHERE.extract("POST", "/", FORM, b"\x1f\x8b", coding)
        assert caught.value.status == 415
        assert EVERYWHERE.extract("POST", "/", "image/png", b"\x1f\x8b", coding) == ()
        assert NAMED.extract("POST", "/other", FORM, b"\x1f\x8b", coding) == ()
        assert EVERYWHERE.extract("GET", "/?q=lantern", None, None, coding) == ("lantern",)
    for plain in (None, "", "identity", "Identity, identity"):
        assert EVERYWHERE.extract("POST", "/", FORM, b"q=lantern", plain) == ("lantern",)
