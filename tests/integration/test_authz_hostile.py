"""Questions that somebody tampered with: whatever stands beside a matching address, the answer is never "go on".

The mishap: a client sends fields of its own through a proxy that hands them on, and gets round the warning; or it
makes the service fail, which a proxy that lets pass on failures takes for "go on".
"""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from running import Running

Serve = Callable[..., Running]
Field = tuple[bytes, bytes]

ALL: dict[str, object] = {
    "auth_request": {"enabled": True},
    "forward_auth": {"enabled": True},
    "ext_authz": {"enabled": True},
}
URI_AND_METHOD = {
    "auth-request": (b"X-Original-URI", b"X-Original-Method"),
    "forward-auth": (b"X-Forwarded-Uri", b"X-Forwarded-Method"),
    "ext-authz": (),
}
PROTOCOLS = tuple(URI_AND_METHOD)
HARMLESS = b"/search?q=weather"

matching = st.sampled_from(
    [
        b"/search?q=purple+garden+lantern",
        b"/search?q=purple%20garden%20lantern",
        b"/search?q=%70urple+garden+lanter%6E",
        b"/search?q=PURPLE++GARDEN%0ALANTERN",
        b"/search?q=weather&q=purple+garden+lantern",
        b"/search?q=purple+garden+lantern&q=weather",
        b"/search?page=2&q=purple+garden+lantern&%FF=%00#top",
        b"/search?q=purple+garden+lantern+\xc5\xbe\xff",
        b"//search?q=purple+garden+lantern",
        b"/search;x?q=purple+garden+lantern",
        b"/?q=purple+garden+lantern",
        b"/search?x=" + b"x" * 7_000 + b"&q=purple+garden+lantern",
        b"/search?x=" + b"x" * 9_000 + b"&q=purple+garden+lantern",
    ]
)
names = st.sampled_from(
    [
        *(name for pair in URI_AND_METHOD.values() for name in pair),
        *(
            b"x-original-uri",
            b"X-FORWARDED-URI",
            b"X_Original_URI",
            b"X_Forwarded_Uri",
            b"X_Forwarded_Method",
        ),
        *(
            b"X-Original-Url",
            b"X-Rewrite-Url",
            b"X-Forwarded-Prefix",
            b"X-Forwarded-Host",
            b"X-Forwarded-Proto",
        ),
        *(
            b"X-Forwarded-For",
            b"X-Real-IP",
            b"Forwarded",
            b"X-Envoy-Original-Path",
            b"X-HTTP-Method-Override",
        ),
        *(b"X-Interceptor-Action", b"X-Interceptor-Ticket", b"Host", b"Connection", b"Upgrade", b"TE"),
        *(b"Content-Type", b"Content-Encoding", b"Accept-Language", b"User-Agent", b"Sec-Purpose", b"Cookie"),
    ]
)
values = st.one_of(
    st.sampled_from(
        [
            *(
                HARMLESS,
                b"http://engine.example" + HARMLESS,
                b"GET",
                b"HEAD",
                b"OPTIONS",
                b"PURGE",
                b"get",
                b"",
            ),
            *(b"127.0.0.1", b"pass", b"X-Original-URI", b"websocket", b"application/x-www-form-urlencoded"),
            *(b"multipart/form-data; boundary=x", b"application/json; charset=utf-7", b"gzip", b"prefetch"),
            *(b"\xff\xfe", "Zwölf".encode(), b"x" * 8_100, b"y" * 17_000),
        ]
    ),
    st.binary(max_size=40).map(lambda octets: octets.replace(b"\r", b"").replace(b"\n", b"")),
)
extras = st.lists(st.tuples(names, values), max_size=6)
methods = st.sampled_from([b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"PATCH", b"OPTIONS"])
anything = st.binary(max_size=200).map(lambda octets: octets.replace(b"\r", b"").replace(b"\n", b""))


def ask(running: Running, method: bytes, path: bytes, fields: list[Field]) -> int:
    """The status of the answer to octets that no client library would send."""
    lines = [b"%s /_interceptor/authz/%s HTTP/1.1" % (method, path), b"Host: engine.example"]
    lines += [name + b": " + value for name, value in fields]
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as connection:
        connection.sendall(b"\r\n".join([*lines, b"Connection: close", b"", b""]))
        answer = b""
        while b"\r\n" not in answer:
            data = connection.recv(4_096)
            assert data, "no answer"
            answer += data
    return int(answer.split(b" ")[1])


def asked(protocol: str, method: bytes, target: bytes) -> tuple[bytes, bytes, list[Field]]:
    """Method, path and fields of the question as the proxy asks it."""
    if protocol == "ext-authz":
        return method, b"ext-authz" + target, []
    return b"GET", protocol.encode(), list(zip(URI_AND_METHOD[protocol], (target, method), strict=True))


bounded = settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_nothing_beside_a_matching_address_lets_it_pass(serve: Serve, protocol: str) -> None:
    running = serve({"authz": ALL})

    @bounded
    @given(target=matching, method=methods, more=extras, data=st.data())
    def tampered(target: bytes, method: bytes, more: list[Field], data: st.DataObject) -> None:
        asked_with, path, fields = asked(protocol, method, target)
        status = ask(running, asked_with, path, data.draw(st.permutations(fields + more)))
        assert 400 <= status < 500, status

    tampered()
    assert ask(running, *asked(protocol, b"GET", HARMLESS)) == 200
    running.stop()
    assert not [line for line in running.lines if "fault" in line.lower() or "failed" in line.lower()]


@pytest.mark.parametrize("protocol", ["auth-request", "forward-auth"])
def test_a_question_without_its_fields_is_refused(serve: Serve, protocol: str) -> None:
    running = serve({"authz": ALL})
    own = {name.lower() for name in URI_AND_METHOD[protocol]}

    @bounded
    @given(more=extras, kept=st.sampled_from([*URI_AND_METHOD[protocol], None]))
    def incomplete(more: list[Field], kept: bytes | None) -> None:
        fields = [(name, value) for name, value in more if name.lower() not in own]
        if kept is not None:
            fields.append((kept, HARMLESS if kept.lower().endswith(b"uri") else b"GET"))
        status = ask(running, b"GET", protocol.encode(), fields)
        assert 400 <= status < 500, status

    incomplete()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_no_question_makes_the_service_fail(serve: Serve, protocol: str) -> None:
    running = serve({"authz": ALL})

    @bounded
    @given(target=anything, method=anything, more=extras)
    @example(target=b"", method=b"", more=[])
    @example(target=b"/search?q=%ED%A0%80&q=\xed\xa0\x80", method=b"GET", more=[])
    @example(target=b"/" + b"?q=" * 2_000, method=b"GET", more=[])
    def strange(target: bytes, method: bytes, more: list[Field]) -> None:
        asked_with, path, fields = asked(protocol, method if protocol != "ext-authz" else b"GET", target)
        status = ask(running, asked_with, path, fields + more)
        assert status == 200 or 400 <= status < 500 or status == 505, status

    strange()
    running.stop()
    assert not [line for line in running.lines if "fault" in line.lower() or "failed" in line.lower()]
