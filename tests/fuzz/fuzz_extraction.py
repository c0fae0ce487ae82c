"""Requests of any octets: texts without surrogates come out, or an error of the kind that is answered."""

from __future__ import annotations

import atheris

with atheris.instrument_imports(include=["interceptor.extraction"]):
    from interceptor.extraction import Extractor

from driving import bounded, drive

from interceptor.config import Limits, Search
from interceptor.errors import ExtractionError

EXTRACTORS = (
    Extractor((Search(),), Limits()),
    Extractor((Search("/search", ("q",)), Search("/tag/{query}")), Limits(fields=20, query=200)),
)
SEEDS = (
    b"0GET\n/search?q=purple+lantern%2520&query=%ff&q[]=2\n\n\n",
    b"1POST\n/search\napplication/x-www-form-urlencoded; charset=utf-7\n\nq=+BEQEPgQ9-&_charset_=koi8-r",
    b'0POST\n/\napplication/json\n\n{"q": ["a", {"query": "\\ud83d\\u0041"}], "q": 1e5}',
    b"1POST\n/search\nmultipart/form-data; boundary=XX\n\n"
    b'--XX\r\nContent-Disposition: form-data; name="q"\r\n\r\nlantern\r\n--XX--\r\n',
    b"1GET\n/tag/a%2Fb;q=c#q=d\n\n\n",
    b"0POST\nhttp://host/;x?q=1\ntext/plain; charset=utf-16\ngzip\n\xff\xfea\x00",
)


def test_one_input(data: bytes) -> None:
    method, target, kind, coding, body = (data[1:].split(b"\n", 4) + [b""] * 5)[:5]
    extractor = EXTRACTORS[data[:1] != b"0"]
    arguments = (
        method.decode("latin-1"),
        target.decode("utf-8", "surrogateescape"),
        kind.decode("latin-1") or None,
        body or None,
        coding.decode("latin-1") or None,
    )
    with bounded(len(data)):
        extractor.reads_body(*arguments[:3])
        try:
            texts = extractor.extract(*arguments)
        except ExtractionError as refused:
            assert not refused.args or len(str(refused)) < 500
            return
    assert len(set(texts)) == len(texts)
    for text in texts:
        assert text.strip()
        text.encode()  # raises where a surrogate is left


if __name__ == "__main__":
    drive(test_one_input, SEEDS)
