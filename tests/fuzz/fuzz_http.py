"""The public listener under any octets: one answer a request, nothing of it told, nothing smuggled to the engine.

The first octet tells how the rest is read: as what a client sends, octet for octet, or as choices of which requests
are put together. The second kind knows what has to come of it.
"""

from __future__ import annotations

import re
from typing import TypeVar

import atheris

with atheris.instrument_imports(include=["interceptor.sidecar", "interceptor.adapters"]):
    from http_world import Account, World

from driving import bounded, drive

T = TypeVar("T")

CANARY = b"quokka"
HIDDEN = b"GET /hidden-quokka HTTP/1.1\r\nHost: x\r\n\r\n"
"""Stands in bodies: an engine that sees it as a request was deceived."""

MOST_ANSWER = 200_000
"""Octets that an answer of ours or of the engine may have at most."""

METHODS = (b"GET", b"HEAD", b"POST", b"PUT", b"OPTIONS", b"PATCH", b"DELETE")
TARGETS = (
    b"/search?q=quokka",
    b"/search?q=purple+garden+lantern+quokka",
    b"/search?q=purple+garden+lantern+law+quokka",
    b"/quokka/\xc5\xbeirafa?q=\xff",
    b"http://engine.example/search?q=quokka#part",
    b"/_interceptor/banner?t=quokka&lang=quokka",
    b"/_interceptor/go/quokka/quokka",
    b"/_interceptor/search?t=quokka",
    b"/_interceptor/v1/decide?quokka",
    b"/_interceptor/authz/ext-authz/search?q=quokka",
    b"/_interceptor/authz/forward-auth?quokka",
    b"/_interceptor/authz/auth-request",
)
HARMLESS = (
    b"X-Original-URI: /search?q=purple+garden+lantern+quokka",
    b"X-Forwarded-Uri: /search?q=quokka",
    b"X-Forwarded-Method: GET",
    b"Connection: keep-alive, X-Quokka",
    b"Connection: host, content-length, transfer-encoding",
    b"Keep-Alive: timeout=quokka",
    b"TE: trailers",
    b"Expect: 100-continue",
    b"Upgrade: websocket",
    b"Accept-Language: quokka;q=x, fi",
    b"Accept: application/json",
    b"Content-Encoding: gzip",
    b"Content-Type: application/x-www-form-urlencoded",
    b"Content-Type: application/json; charset=quokka",
    b"Content-Type: multipart/form-data; boundary=quokka",
    b"X-Empty:",
    b"X-Octets: \xff\xc5\xbe\tquokka",
    b"Sec-Purpose: prefetch",
)
UNCLEAR = (
    b"Content-Length: 5\r\nContent-Length: 6",
    b"Content-Length: 5\r\nTransfer-Encoding: chunked",
    b"Transfer-Encoding: chunked\r\nContent-Length: 0",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    b"Transfer-Encoding: identity, chunked",
    b"Transfer-Encoding: xchunked",
    b"Transfer-Encoding:\x0bchunked",
    b"Transfer-Encoding : chunked",
    b"Transfer-Encoding\x00: chunked",
    b"Content-Length: +5",
    b"Content-Length: 0x5",
    b"Content-Length: 5, 5",
    b"Content-Length: 5 5",
    b"Content-Length:",
    b"Content-Length: 5\r\n folded: quokka",
    b"X-Folded: quokka\r\n\tTransfer-Encoding: chunked",
    b"X-Line: quokka\nTransfer-Encoding: chunked",
    b"X-Line: quokka\rTransfer-Encoding: chunked",
    b"X-Nul: quokka\x00",
    b"Host: quokka",
    b"no field quokka",
    b"X-Long: " + b"quokka" * 200,
    b"\r\n".join([b"X-Many: quokka"] * 200),
)
"""Fields for which nobody can be sure where the request ends, or which no engine has to cope with."""

SEEDS = (
    *(
        b"\x00\x00POST %s HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n%s" % (TARGETS[0], line, HIDDEN)
        for line in UNCLEAR[:20]
    ),
    *(b"\x00\x21GET %s HTTP/1.1\r\nHost: x\r\n\r\n%s" % (target, HIDDEN) for target in TARGETS),
    b"\x00\x00GET /quokka\r\n",
    b"\x00\x00GET / HTTP/1.0\r\n\r\n" + HIDDEN,
    b"\x00\x00GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + HIDDEN,
    b"\x00\x00PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x00\x00\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03quokka",
    b"\x00\x05POST /search HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5;quokka=1\r\nhello\r\n0\r\nX-Trailer: quokka\r\n\r\n" + HIDDEN,
    b"\x00\x03POST /search HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n0x0\r\n\r\n",
    *(bytes([1, number]) + bytes(range(number, 250, 7)) for number in range(40)),
)

WORLD = World()


def in_pieces(octets: bytes, size: int) -> list[bytes]:
    """``octets`` as they might arrive: whole for a ``size`` of 0, at most 60 pieces otherwise."""
    step = max(size, len(octets) // 60 + 1) if size else len(octets) or 1
    return [octets[start : start + step] for start in range(0, len(octets), step)]


def pick(chooser: atheris.FuzzedDataProvider, options: tuple[T, ...]) -> T:
    """One of ``options``."""
    place: int = chooser.ConsumeIntInRange(0, len(options) - 1)
    return options[place]


def one_request(chooser: atheris.FuzzedDataProvider) -> tuple[bytes, bytes]:
    """A request that is clear, though not always welcome, and its method."""
    method, target = pick(chooser, METHODS), pick(chooser, TARGETS)
    lines = [b"Host: engine.example"]
    lines += [pick(chooser, HARMLESS) for _ in range(chooser.ConsumeIntInRange(0, 3))]
    text = chooser.ConsumeBytes(chooser.ConsumeIntInRange(0, 40))
    content = pick(chooser, (b"", b"q=quokka", HIDDEN, text + HIDDEN, CANARY * 600))
    framing = chooser.ConsumeIntInRange(0, 2)
    if framing == 0:
        content = b""
    elif framing == 1:
        lines.append(b"Content-Length: %d" % len(content))
    else:
        lines.append(b"Transfer-Encoding: chunked")
        chunks = [content[:7], content[7:]]
        extension = pick(chooser, (b"", b";quokka", b';quokka="%s"' % b"a", b";" + b"q" * 300))
        content = b"".join(b"%x%s\r\n%s\r\n" % (len(part), extension, part) for part in chunks if part)
        content += pick(chooser, (b"0\r\n\r\n", b"000\r\nX-Trailer: quokka\r\n\r\n"))
    return b"%s %s HTTP/1.1\r\n%s\r\n\r\n%s" % (method, target, b"\r\n".join(lines), content), method


def check(account: Account) -> None:
    """What holds whatever was sent."""
    received = bytes(account.received)
    assert not account.faults, [type(fault) for fault in account.faults]
    assert not account.broken, account.broken
    assert not account.written, account.written[:500]
    assert CANARY not in received.lower(), received[:2_000]
    numbers = [int(number) for number in re.findall(rb"\r\nX-Number: ([0-9]+)\r\n", received)]
    assert numbers == list(range(1, len(account.seen) + 1)), (numbers, len(account.seen))
    answers = len(re.findall(rb"HTTP/1\.[01] [2-5][0-9][0-9] ", received))
    assert len(received) <= MOST_ANSWER * max(answers, 1)


def any_octets(data: bytes) -> None:
    octets = data[1:]
    check(WORLD.send(in_pieces(octets, data[0] if data else 0)))


def chosen_requests(data: bytes) -> None:
    chooser = atheris.FuzzedDataProvider(data)
    size = pick(chooser, (0, 0, 1, 3, 64))
    unclear = chooser.ConsumeBool()
    stream, methods = b"", []
    for _ in range(chooser.ConsumeIntInRange(1, 4)):
        octets, method = one_request(chooser)
        stream += octets
        methods.append(method)
    if unclear:
        line = pick(chooser, UNCLEAR)
        stream += b"POST /unclear HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n%s" % (line, HIDDEN)
    account = WORLD.send(in_pieces(stream, size))
    check(account)
    assert len(account.seen) <= len(methods)
    # Methods stand in the order in which they were sent; some were answered without the engine.
    left = iter(methods)
    assert all(request.method in left for request in account.seen)
    for request in account.seen:
        assert b"hidden" not in request.target
        assert b"unclear" not in request.target


def test_one_input(data: bytes) -> None:
    with bounded(len(data) + 2_000):
        (chosen_requests if data[:1] == b"\x01" else any_octets)(data[1:])


if __name__ == "__main__":
    any_octets(
        b"\x00GET /search?q=purple+garden+lantern HTTP/1.1\r\nHost: x\r\n\r\n"
    )  # what is made once, is made
    drive(test_one_input, SEEDS)
