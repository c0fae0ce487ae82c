"""Targets beyond ASCII: however the octets arrive, a request is read exactly as sent, or refused."""

from __future__ import annotations

import itertools
from unittest.mock import Mock

import pytest
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.http_parser import HttpRequestParser
from aiohttp.streams import StreamReader
from hypothesis import given
from hypothesis import strategies as st

from interceptor.sidecar.request_line import RequestLines

octets = st.binary(max_size=12)
targets = st.lists(st.integers(0x21, 0xFF).filter(lambda octet: octet != 0x7F), max_size=8).map(
    lambda found: b"/" + bytes(found)
)
values = st.lists(st.integers(0x21, 0xFF).filter(lambda octet: octet != 0x7F), max_size=8).map(bytes)
# A body that looks like a request is what must never be taken for one.
bodies = st.one_of(octets, targets.map(lambda target: b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n"))


@st.composite
def requests(draw: st.DrawFn) -> tuple[bytes, bytes, bytes, bytes]:
    """Octets of a request, and the target, the value of ``X`` and the body in them."""
    target, value, body = draw(targets), draw(values), draw(bodies)
    head = b"POST " + target + b" HTTP/1.1\r\nHost: x\r\nX: " + value + b"\r\n"
    framing = draw(st.sampled_from(("none", "length", "chunked")))
    if framing == "none":
        return head + b"\r\n", target, value, b""
    if framing == "length" or not body:
        return head + b"Content-Length: %d\r\n\r\n" % len(body) + body, target, value, body
    chunk = b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
    return head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk, target, value, body


def read(pieces: list[bytes]) -> tuple[list[tuple[bytes, bytes, bytes]], bool]:
    """Feed a parser as the server does; return what it made of it, and whether it refused the rest."""
    loop = Mock()
    parser = HttpRequestParser(Mock(), loop, 2**16, max_line_size=8190, max_field_size=8190)
    lines = RequestLines()
    found: list[tuple[bytes, bytes, StreamReader]] = []
    refused = False
    for piece in pieces:
        try:
            messages, _, _ = parser.feed_data(lines.feed(piece))
        except HttpProcessingError:
            refused = True
            break
        if found:
            lines.body_ended(complete=found[-1][2].is_eof())
        for message, payload in messages:
            length = None if message.chunked else int(message.headers.get("Content-Length", 0))
            target = lines.parsed(length=length, complete=payload.is_eof())
            if target is None:
                target = message.path.encode("utf-8", "surrogateescape")
            value = next(value for name, value in message.raw_headers if name == b"X")
            found.append((target, value, payload))
    return [
        (target, value, payload.read_nowait()) for target, value, payload in found if payload.is_eof()
    ], refused


def cut(whole: bytes, places: list[int]) -> list[bytes]:
    edges = sorted({0, len(whole), *(place % (len(whole) + 1) for place in places)})
    return [whole[start:end] for start, end in itertools.pairwise(edges)]


FRAMINGS = {
    "none": (b"\r\n", b""),
    "length": (b"Content-Length: 4\r\n\r\n\xe9\r\n\xe9", b"\xe9\r\n\xe9"),
    "chunked": (b"Transfer-Encoding: chunked\r\n\r\n4\r\n\xe9\r\n\xe9\r\n0\r\n\r\n", b"\xe9\r\n\xe9"),
}


@pytest.mark.parametrize("first", FRAMINGS)
@pytest.mark.parametrize("second", FRAMINGS)
def test_every_place_to_cut_two_requests(first: str, second: str) -> None:
    head = b"POST /\xe8 HTTP/1.1\r\nHost: x\r\nX: \xea\r\n"
    whole = head + FRAMINGS[first][0] + head + FRAMINGS[second][0]
    expected = [(b"/\xe8", b"\xea", FRAMINGS[name][1]) for name in (first, second)]
    for place in range(1, len(whole)):
        found, refused = read([whole[:place], whole[place:]])
        assert found == expected[: len(found)]
        assert refused or len(found) == 2


@given(st.lists(requests(), min_size=1, max_size=4), st.lists(st.integers(0, 10_000), max_size=8))
def test_any_cutting_reads_exactly_or_refuses(
    sent: list[tuple[bytes, bytes, bytes, bytes]], places: list[int]
) -> None:
    found, refused = read(cut(b"".join(whole for whole, *_ in sent), places))
    expected = [(target, value, body) for _, target, value, body in sent]
    assert found == expected[: len(found)]
    if not refused:
        assert len(found) == len(expected)


@given(st.lists(requests(), min_size=1, max_size=4), st.lists(st.integers(0, 10_000), max_size=8))
def test_requests_that_wait_for_their_turn_are_never_refused(
    sent: list[tuple[bytes, bytes, bytes, bytes]], places: list[int]
) -> None:
    pieces = [piece for whole, *_ in sent for piece in cut(whole, places)]
    found, refused = read(pieces)
    assert not refused
    assert found == [(target, value, body) for _, target, value, body in sent]
