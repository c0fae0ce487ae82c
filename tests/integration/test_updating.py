"""Sealed lists in the running service: fetched, put in force, refused; and where their terms are not to be found."""

from __future__ import annotations

import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from publishing import NAME, Curator, Host, host, socks_proxy
from running import Running, until

from interceptor.signatures import PublicKey
from interceptor.transport.client import fetch
from interceptor.transport.staging import promote
from interceptor.vocabulary import Refusal

Serve = Callable[..., Running]

SECRET = "copper meadow whistle"
LATER = "silver orchard thimble"


def a_list(term: str, version: str = "1", more: str = "") -> str:
    return (
        f"id: confidential\nversion: '{version}'\nexpires: 2020-01-31\n"
        f"entries:\n  - {{id: one, terms: [{term}], samples: {{match: [{term}]}}}}\n{more}"
    )


@pytest.fixture
def curator(tmp_path: Path) -> Curator:
    curator = Curator(tmp_path / "repository")
    (tmp_path / "identity").write_text(curator.identity)
    (tmp_path / "identity").chmod(0o600)
    return curator


@pytest.fixture
def hosting(curator: Curator) -> Iterator[Host]:
    with host(curator.path) as hosting:
        yield hosting


def settings(
    curator: Curator, url: str, folder: Path, *, interval: str = "1s", **more: object
) -> dict[str, object]:
    source: dict[str, object] = {
        "name": "hotline",
        "url": url,
        "root": str(curator.root),
        "signers": [str(PublicKey.of(curator.signer))],
        "lists": [NAME],
        **more,
    }
    return {
        "lists_identity": {"file": str(folder / "identity")},
        "updates": {
            "state": str(folder / "updates"),
            "interval": interval,
            "deadline": "10s",
            "sources": [source],
        },
    }


def is_warned(running: Running, query: str) -> bool:
    try:
        with urllib.request.urlopen(f"{running.url}/search?q={quote(query)}", timeout=20) as answer:
            return b"redirectionprogram.com" in answer.read()
    except urllib.error.HTTPError as answer:  # there is no engine behind it
        assert answer.code == 404
        answer.close()
        return False


def refused(running: Running, reason: str) -> bool:
    return running.samples()[f'interceptor_list_refused{{list="garden",reason="{reason}"}}'] == 1


def ready(running: Running) -> str:
    with urllib.request.urlopen(f"http://{running.admin}/readyz", timeout=20) as answer:
        text: str = answer.read().decode()
    return text


def test_a_list_is_fetched_and_comes_into_force_and_so_does_its_successor(
    serve: Serve, curator: Curator, hosting: Host, tmp_path: Path
) -> None:
    curator.publish(a_list(SECRET))
    running = serve(settings(curator, hosting.url, tmp_path))
    until(lambda: is_warned(running, SECRET), "the list to come into force")
    assert not is_warned(running, LATER)
    assert is_warned(running, "purple garden lantern"), "the configured lists stay beside it"
    samples = running.samples()
    assert samples['interceptor_list_info{list="confidential",version="1"}'] == 1
    # Expired, and protecting all the same.
    assert samples['interceptor_list_expires_timestamp_seconds{list="confidential"}'] == 1580428800
    curator.publish(a_list(LATER, "2"))
    until(lambda: is_warned(running, LATER), "the newer list to come into force")
    assert not is_warned(running, SECRET)
    assert ready(running).startswith("ready")
    assert not any(refused(running, reason) for reason in Refusal)


def test_a_refused_list_leaves_the_last_good_one_over_a_restart_too(
    serve: Serve, curator: Curator, hosting: Host, tmp_path: Path
) -> None:
    curator.publish(a_list(SECRET))
    tree = settings(curator, hosting.url, tmp_path)
    running = serve(tree)
    until(lambda: is_warned(running, SECRET), "the list to come into force")
    curator.publish(a_list(LATER, "2"), signer=Ed25519PrivateKey.generate())
    until(lambda: refused(running, "forged"), "the forged list to be refused")
    assert is_warned(running, SECRET) and not is_warned(running, LATER)
    assert "degraded" in ready(running) and "(forged)" in ready(running)
    running.stop()
    assert any("forged" in line and "the last good one goes on" in line for line in running.lines)
    hosting.fault, hosting.at = "refuses", "timestamp.json"
    again = serve(tree)
    assert is_warned(again, SECRET), "from the sealed copy, before anything is fetched"
    until(lambda: refused(again, "unreachable"), "the repository to be found unreachable")
    assert is_warned(again, SECRET)
    hosting.fault = ""
    curator.publish(a_list(LATER, "3"))
    until(lambda: is_warned(again, LATER), "the mended list to come into force")
    until(lambda: "degraded" not in ready(again), "readiness to say so")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (a_list(SECRET, "2", "  - {id: two, terms: [a, the, how, to, in]}\n"), "gate"),
        ("id: confidential\nentries: [{terms: [x]}]\n", "broken"),
    ],
)
def test_a_list_that_the_reload_refuses_is_taken_out_again(
    serve: Serve, curator: Curator, hosting: Host, tmp_path: Path, text: str, reason: str
) -> None:
    curator.publish(a_list(SECRET))
    tree = settings(curator, hosting.url, tmp_path)
    running = serve(tree)
    until(lambda: is_warned(running, SECRET), "the list to come into force")
    curator.publish(text)
    until(lambda: refused(running, reason), f"the list to be refused ({reason})")
    assert is_warned(running, SECRET)
    running.stop()
    again = serve(tree)
    assert is_warned(again, SECRET)
    assert SECRET not in "".join([*running.lines, *again.lines])


def test_a_list_on_trial_when_the_service_was_killed_is_not_trusted(
    serve: Serve, curator: Curator, hosting: Host, tmp_path: Path
) -> None:
    curator.publish(a_list(SECRET))
    tree = settings(curator, hosting.url, tmp_path)
    running = serve(tree)
    # A worker warns a moment before the trial of the list ends.
    until(lambda: any("' is in force" in line for line in list(running.lines)), "the list to come into force")
    assert is_warned(running, SECRET)
    running.stop()
    folder = tmp_path / "updates" / "hotline"
    curator.publish("entries: [{terms: [x]}]")
    assert fetch(curator.source(hosting.url), folder, 10.0)[0].changed
    promote(folder, NAME)  # what the service does first; then it is killed
    hosting.fault, hosting.at = "silent", "timestamp.json"  # or the next fetch puts the later list in force
    again = serve(tree)
    assert is_warned(again, SECRET)


def test_through_a_proxy(serve: Serve, curator: Curator, hosting: Host, tmp_path: Path) -> None:
    curator.publish(a_list(SECRET))
    port = int(hosting.url.rstrip("/").rpartition(":")[2])
    with socks_proxy({"stand-in.onion": port}) as (proxy, asked):
        running = serve(settings(curator, "http://stand-in.onion/", tmp_path, proxy=proxy))
        until(lambda: is_warned(running, SECRET), "the list to come into force")
        running.stop()
    assert set(asked) == {"stand-in.onion"}


def test_the_admin_page_answers_while_a_host_keeps_the_fetch_waiting(
    serve: Serve, curator: Curator, hosting: Host, tmp_path: Path
) -> None:
    hosting.fault, hosting.at = "silent", "timestamp.json"
    running = serve(settings(curator, hosting.url, tmp_path))
    assert not any(refused(running, reason) for reason in Refusal), (
        "each reason has its series from the start"
    )
    until(lambda: any("timestamp.json" in path for path in hosting.asked), "the fetch to begin")
    for _ in range(20):
        began = time.monotonic()
        assert ready(running).startswith("ready")
        assert time.monotonic() - began < 2


@pytest.mark.skipif(os.geteuid() != 0, reason="reads the memory of another process")
def test_terms_of_a_sealed_list_are_in_the_services_own_memory_and_nowhere_else(
    serve: Serve, curator: Curator, hosting: Host, tmp_path: Path
) -> None:
    curator.publish(a_list(SECRET))
    running = serve(settings(curator, hosting.url, tmp_path, interval="6h"), "--log-level", "debug")
    until(lambda: is_warned(running, SECRET), "the list to come into force")
    found = 0
    for process in family(running.process.pid):
        assert limit(process, "Max core file size") == "0"
        for path, data in memory(process):
            places = sum(data.count(form) for form in forms(SECRET))
            found += places
            # Anonymous memory has no path; Python's own arenas and shared counters are such too.
            assert not places or path in ("", "[heap]", "[stack]"), path
    assert found, "the search finds what is there"
    metrics, said = running.metrics_text(), ready(running)
    running.stop()
    for text in (metrics, said, *running.lines):
        assert SECRET not in text
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert any(file.name == NAME for file in files)
    for file in files:
        data = file.read_bytes()
        assert not any(form in data for form in forms(SECRET)), file


def forms(text: str) -> list[bytes]:
    """``text`` as Python and files may hold it, whole or without its blanks."""
    return [
        form.encode(coding)
        for form in (text, text.replace(" ", ""))
        for coding in ("utf-8", "utf-16-le", "utf-32-le")
    ]


def family(process: int) -> list[int]:
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process, *(each for child in children for each in family(int(child)))]


def limit(process: int, name: str) -> str:
    line = next(
        line for line in Path(f"/proc/{process}/limits").read_text().splitlines() if line.startswith(name)
    )
    return line.removeprefix(name).split()[0]


def memory(process: int) -> Iterator[tuple[str, bytes]]:
    """Every readable mapping of a process: its path, and what is in it."""
    with Path(f"/proc/{process}/mem").open("rb", 0) as pages:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            place, rights, _, _, _, *path = line.split(maxsplit=5)
            start, end = (int(part, 16) for part in place.split("-"))
            if "r" in rights and path[:1] not in (["[vvar]"], ["[vsyscall]"], ["[vvar_vclock]"]):
                try:
                    pages.seek(start)
                    yield (path[0] if path else ""), pages.read(end - start)
                except OSError:
                    continue
