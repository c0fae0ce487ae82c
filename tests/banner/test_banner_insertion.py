from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interceptor.banner.insertion import StripInserter

MARK = "<i>STRIP</i>"


def make(styled: bool, direct: bool) -> str:
    return f"<i>STRIP{'' if styled else ' bare'}{' direct' if direct else ''}</i>"


def insert(document: bytes, *, charset: str | None = "utf-8", csp: bool = False, size: int = 0) -> bytes:
    inserter = StripInserter(make, csp=csp, charset=charset)
    size = size or len(document) or 1
    out = b"".join(inserter.feed(document[at : at + size]) for at in range(0, len(document), size))
    out += inserter.close()
    assert inserter.inserted == (b"STRIP" in out.replace(b"\0", b""))
    return out


# Each "|" is where the strip belongs; a document without one has no place for it.
PLACES = {
    "a body tag": "<!doctype html><html><head><title>x</title></head><body>|<p>y",
    "attributes": """<body class="a>b" data-x='>' onload=f(1) hidden>|text""",
    "capitals": "<HTML><HEAD></HEAD><BODY\nBGCOLOR=red\n>|text",
    "slash": "<body/>|text",
    "missing value": "<body class=>|text",
    "quote in a name": """<body a"b=c>|text""",
    "slash in a value": "<body a=/b/>|text",
    "no body tag": "<!doctype html><title>x</title>|<p>y",
    "no tags at all": "|just text",
    "white space first": "\n \t|text",
    "nothing but a head": "<html><head><title>x</title></head></html>"[:-7] + "|</html>",
    "ends in the head": "<head><meta charset=utf-8>|",
    "an end of the body": "<html><head></head>|</body></html>",
    "an early line break end tag": "<head></head>|</br>",
    "stray end tags": "</p></div></head><title>x</title>|<p>y",
    "a comment that looks like a body": "<!-- <body> --><body>|y",
    "an abrupt comment": "<!--><body>|y",
    "another abrupt comment": "<!---><body>|y",
    "a comment with a bang": "<!-- x --!><body>|y",
    "a comment whose bang does not count": "<!--!><body>--><body>|y",
    "bogus comments": "<?xml version='1.0'?><!x <body ></ <body ></><body>|y",
    "a script that writes a body": "<script>document.write('<body>')</script><body>|y",
    "a script's quoted end": "<script type='a>b'>x</script foo='>'><body>|y",
    "a script in a comment": "<script><!-- <script> </script> <body> --> </script><body>|y",
    "a script whose comment ends": "<script><!-- --> <script> </script><body>|y",
    "a script with an abrupt comment": "<script><!--> <script> </script><body>|y",
    "a script's longer name": "<script>x</scripty></script><body>|y",
    "a style": "<style>a:after{content:'<body>'}</style><body>|y",
    "a title": "<title>All about <body> tags</title><body>|y",
    "a noscript": "<noscript><img src=x><body></noscript><body>|y",
    "a template": "<template><body><p>x<template></template></template><body>|y",
    "a template with a script": "<template><script></template></script> a < b</template><body>|y",
    "a noframes": "<noframes><body></noframes><body>|y",
    "a text area": "<head></head>|<textarea><body></textarea>",
    "a long unknown tag": "<head></head>|<my-very-own-custom-element>",
    "a tag that begins like body": "|<bodyguard>",
    "a lone less-than sign": "|< body>",
    "an unfinished tag": "<head>|<bod",
    "an unfinished comment start": "<head>|<!-",
    "text that is not ASCII": "<head></head>|ä",
    "a frameset": "<head></head><frameset><frame><noframes><body>x</body></noframes></frameset>",
    "an endless comment": "<!-- <body>",
    "an endless title": "<title><body>",
    "an endless tag": "<body class='",
    "an endless template": "<template><body>",
    "plain text in a template": "<template><plaintext></template><body>",
    "nothing": "",
}


@pytest.mark.parametrize("size", [0, 1, 3])
@pytest.mark.parametrize("name", PLACES)
def test_the_strip_stands_first_in_the_body(name: str, size: int) -> None:
    document = PLACES[name].replace("|", "").encode()
    assert insert(document, size=size) == PLACES[name].replace("|", MARK).encode()


@pytest.mark.parametrize("size", [0, 1, 3])
@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16(name: str, codec: str, size: int) -> None:
    document = PLACES[name].replace("|", "").encode(codec)
    assert insert(document, charset=codec.replace("16-", "16"), size=size) == PLACES[name].replace(
        "|", MARK
    ).encode(codec)


@pytest.mark.parametrize(
    ("mark", "codec"), [(b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")]
)
@pytest.mark.parametrize("charset", [None, "iso-8859-1", "utf-16be", "utf-8"])
@pytest.mark.parametrize("size", [0, 1])
def test_a_byte_order_mark_beats_the_content_type(
    mark: bytes, codec: str, charset: str | None, size: int
) -> None:
    for text in ("<title>ä</title><body>|ö", "|text", "ä"):
        expected = text if "|" in text else "|" + text
        document = mark + text.replace("|", "").encode(codec)
        assert insert(document, charset=charset, size=size) == mark + expected.replace("|", MARK).encode(
            codec
        )


@pytest.mark.parametrize("charset", ["iso-2022-jp", "ISO-2022-JP", None])
@pytest.mark.parametrize("size", [0, 1, 5])
def test_japanese_bytes_that_look_like_markup(charset: str | None, size: int) -> None:
    title = b"\x1b$B<p>>\x1b(B"
    assert not title.decode("iso-2022-jp").isascii()
    document = b"<title>" + title + b"</title><body>" + title
    expected = b"<title>" + title + b"</title><body>" + MARK.encode() + title
    assert insert(document, charset=charset, size=size) == expected
    assert insert(title, charset=charset, size=size) == MARK.encode() + title


@pytest.mark.parametrize("charset", ["shift_jis", "gb18030", "big5", "euc-kr", "windows-1252"])
def test_legacy_charsets_keep_their_bytes(charset: str) -> None:
    text = "<title>lantern</title><body>|" + {"windows-1252": "ÄÖ", "euc-kr": "한국"}.get(charset, "表示")
    document = text.replace("|", "").encode(charset)
    assert insert(document, charset=charset) == text.replace("|", MARK).encode(charset)


@pytest.mark.parametrize(
    ("head", "strip"),
    [
        ("", "<i>STRIP</i>"),
        ("<meta http-equiv=Content-Security-Policy content=\"default-src 'self'\">", "<i>STRIP bare</i>"),
        ("<META content='style-src &#39;self&#39;' HTTP-EQUIV=content-security-policy>", "<i>STRIP bare</i>"),
        (
            "<meta http-equiv='content-security-policy' content=\"style-src 'unsafe-inline'\">",
            "<i>STRIP</i>",
        ),
        ("<meta name=x content=content-security-policy>", "<i>STRIP</i>"),
        ("<base href='https://example.org/'>", "<i>STRIP direct</i>"),
        ("<base target=_top>", "<i>STRIP</i>"),
        ("<!-- <base href=x> --><template><base href=x></template>", "<i>STRIP</i>"),
        (f"<meta content='{'x' * 70_000}'>", "<i>STRIP bare</i>"),
        (f"<base id='{'x' * 70_000}'>", "<i>STRIP direct</i>"),
    ],
)
@pytest.mark.parametrize("size", [0, 2])
def test_the_head_tells_which_strip(head: str, strip: str, size: int) -> None:
    document = f"<head>{head}</head><body>text".encode()
    assert insert(document, size=size) == f"<head>{head}</head><body>{strip}text".encode()


def test_a_policy_of_the_response_asks_for_the_bare_strip() -> None:
    assert insert(b"<body>", csp=True) == b"<body><i>STRIP bare</i>"


@pytest.mark.parametrize(
    "opening", ["<!-- ", "<title>", "<script>", "<body class='", "<!doctype ", "<meta content='"]
)
def test_however_long_a_token_grows_little_is_held_back(opening: str) -> None:
    inserter = StripInserter(make, csp=False, charset="utf-8")
    passed = len(inserter.feed(opening.encode()))
    given_ = len(opening)
    for _ in range(40):
        passed += len(inserter.feed(b"x" * 65_536))
        given_ += 65_536
        assert given_ - passed <= 12


def test_what_follows_the_strip_is_passed_at_once() -> None:
    inserter = StripInserter(make, csp=False, charset=None)
    inserter.feed(b"<body>")
    assert inserter.feed(b"<bod") == b"<bod"
    assert inserter.feed(b"<!-") == b"<!-"


PIECES = st.sampled_from(
    [
        *(
            "<body>",
            "<body class='>'>",
            "<html>",
            "<head>",
            "</head>",
            "</body>",
            "<title>",
            "</title>",
            "<p>",
        ),
        *("<script>", "</script>", "<!--", "-->", "--!>", "<!-->", "<!doctype html>", "<?x?>", "<style>"),
        *(
            "</style>",
            "<template>",
            "</template>",
            "<noscript>",
            "</noscript>",
            "<frameset>",
            "<base href=/>",
        ),
        *(
            '<meta http-equiv="Content-Security-Policy" content="default-src *">',
            "<a b='c",
            "'",
            '"',
            "=",
            "/",
        ),
        *("<", ">", " ", "\n", "ä", "x", "<!", "</", "-", "\x1b$B", "\x1b(B", "\ufeff"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(PIECES, max_size=25).map("".join),
    st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]),
    st.lists(st.integers(1, 20), min_size=1, max_size=30),
    st.booleans(),
)
def test_any_chunking_gives_the_same(text: str, codec: str, sizes: list[int], labelled: bool) -> None:
    document = text.encode(codec)
    charset = codec if labelled else None
    whole = insert(document, charset=charset)
    inserter = StripInserter(make, csp=False, charset=charset)
    out, at, turn = b"", 0, 0
    while at < len(document):
        size = sizes[turn % len(sizes)]
        out += inserter.feed(document[at : at + size])
        at, turn = at + size, turn + 1
    out += inserter.close()
    assert out == whole
    for styled in (True, False):
        for direct in (True, False):
            for encoding in ("ascii", "utf-16-le", "utf-16-be"):
                out = out.replace(make(styled, direct).encode(encoding), b"", 1)
    assert out == document
