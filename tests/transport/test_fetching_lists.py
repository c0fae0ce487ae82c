"""The real client against a static host on loopback: what it takes, and every attack and fault that it refuses."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from publishing import NAME, Curator, Host, host, socks_proxy

from interceptor.settings.updates import Source
from interceptor.signatures import SIGNATURE, PublicKey
from interceptor.termlists.sealing import Identity
from interceptor.transport.client import fetch
from interceptor.transport.refusals import SENTENCES
from interceptor.transport.roles import ROLES
from interceptor.transport.staging import Fetched, confirm, promote, restore
from interceptor.vocabulary import Refusal

FIRST, SECOND = (
    "id: garden\nentries: [{id: a, terms: [purple garden lantern]}]\n",
    "id: garden\nversion: '2'\n",
)
LONG_AGO = datetime.now(UTC) - timedelta(days=40)


@pytest.fixture
def curator(tmp_path: Path) -> Curator:
    return Curator(tmp_path / "repository")


@pytest.fixture
def hosting(curator: Curator) -> Iterator[Host]:
    with host(curator.path) as hosting:
        yield hosting


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "hotline"


def take(source: Source, folder: Path, *, keep: bool = True) -> Fetched:
    """Fetch, and put in force what is new."""
    (result,) = fetch(source, folder, 20.0)
    if result.changed:
        promote(folder, result.name)
        if keep:
            confirm(folder, result.name)
    return result


def in_force(curator: Curator, folder: Path) -> str:
    return (
        Identity.parse(curator.identity, "test").open((folder / "lists" / NAME).read_bytes(), NAME).decode()
    )


def test_a_list_is_fetched_once_and_again_when_it_is_new(
    curator: Curator, hosting: Host, folder: Path
) -> None:
    curator.publish(FIRST)
    source = curator.source(hosting.url)
    assert take(source, folder) == Fetched(NAME, True)
    assert in_force(curator, folder) == FIRST
    asked = len(hosting.asked)
    assert take(source, folder) == Fetched(NAME, False)
    assert not any("targets/" in path for path in hosting.asked[asked:])
    curator.publish(SECOND)
    assert take(source, folder) == Fetched(NAME, True)
    assert in_force(curator, folder) == SECOND
    assert folder.stat().st_mode & 0o077 == 0


def test_a_list_that_is_taken_out_again_leaves_the_one_before(
    curator: Curator, hosting: Host, folder: Path
) -> None:
    curator.publish(FIRST)
    source = curator.source(hosting.url)
    take(source, folder)
    curator.publish(SECOND)
    for _ in range(2):
        assert take(source, folder, keep=False) == Fetched(NAME, True)
        assert in_force(curator, folder) == SECOND
        restore(folder, NAME)
        assert in_force(curator, folder) == FIRST
    restore(folder, NAME)
    assert in_force(curator, folder) == FIRST


def test_the_first_list_that_is_taken_out_again_leaves_none(
    curator: Curator, hosting: Host, folder: Path
) -> None:
    curator.publish(FIRST)
    take(curator.source(hosting.url), folder, keep=False)
    restore(folder, NAME)
    assert list((folder / "lists").iterdir()) == []


def refused(source: Source, folder: Path, reason: Refusal, curator: Curator, deadline: float = 20.0) -> None:
    """What is offered now is refused for ``reason``, and the list that was in force stays."""
    assert fetch(source, folder, deadline) == (Fetched(NAME, False, reason),)
    assert in_force(curator, folder) == FIRST
    assert not (folder / "incoming" / NAME).exists()
    assert SENTENCES[reason]


def test_rollback(curator: Curator, hosting: Host, folder: Path, tmp_path: Path) -> None:
    curator.publish(SECOND)
    shutil.copytree(curator.path, tmp_path / "earlier")
    curator.publish(FIRST)
    source = curator.source(hosting.url)
    take(source, folder)
    hosting.folder = tmp_path / "earlier"
    refused(source, folder, Refusal.ROLLBACK, curator)


def test_rollback_of_the_snapshot_under_a_new_timestamp(
    curator: Curator, hosting: Host, folder: Path, tmp_path: Path
) -> None:
    """Somebody with the keys of snapshot and timestamp alone cannot bring an earlier list back."""
    curator.publish(SECOND)
    shutil.copytree(curator.path, tmp_path / "earlier")
    curator.publish(FIRST)
    source = curator.source(hosting.url)
    take(source, folder)
    curator.repository.path = tmp_path / "earlier"
    earlier = type(curator.repository)(tmp_path / "earlier")
    for _ in range(4):
        earlier.refresh(["snapshot"], curator.keys)
    hosting.folder = tmp_path / "earlier"
    refused(source, folder, Refusal.ROLLBACK, curator)


def test_an_earlier_list_signed_into_a_new_state(curator: Curator, hosting: Host, folder: Path) -> None:
    """Somebody with every key of the repository but the curator's own cannot bring an earlier list back."""
    curator.publish(FIRST)
    source = curator.source(hosting.url)
    take(source, folder)
    curator.publish(SECOND, signed_at=time.time() - 3600)
    refused(source, folder, Refusal.ROLLBACK, curator)


def test_freeze(tmp_path: Path, folder: Path) -> None:
    curator = Curator(tmp_path / "repository")
    with host(curator.path) as hosting:
        curator.publish(FIRST)
        source = curator.source(hosting.url)
        take(source, folder)
        curator.repository.refresh(["timestamp"], curator.keys, now=LONG_AGO)
        refused(source, folder, Refusal.FREEZE, curator)


@pytest.mark.parametrize("role", ["snapshot", "targets"])
def test_expired_metadata(curator: Curator, hosting: Host, folder: Path, role: str) -> None:
    curator.publish(FIRST)
    source = curator.source(hosting.url)
    take(source, folder)
    days = {"targets": 92, "snapshot": 31, "timestamp": 7, role: -1}
    curator.repository.refresh(["targets"], curator.keys, days=days)
    refused(source, folder, Refusal.EXPIRED, curator)


def test_an_expired_root(tmp_path: Path, folder: Path) -> None:
    curator = Curator(tmp_path / "repository")
    with host(curator.path) as hosting:
        curator.publish(FIRST)
        source = curator.source(hosting.url)
        take(source, folder)
        curator.repository.stage_root({}, now=datetime.now(UTC) - timedelta(days=800))
        assert curator.repository.sign_root(curator.keys["root"]) == (0, 0)
        refused(source, folder, Refusal.EXPIRED, curator)


@pytest.mark.parametrize("role", ["snapshot", "targets"])
def test_mix_and_match(curator: Curator, hosting: Host, folder: Path, role: str) -> None:
    curator.publish(FIRST)
    source = curator.source(hosting.url)
    take(source, folder)
    curator.publish(SECOND)
    metadata = curator.path / "metadata"
    shutil.copy(metadata / f"2.{role}.json", metadata / f"3.{role}.json")
    refused(source, folder, Refusal.MIX_AND_MATCH, curator)


def test_another_key(curator: Curator, hosting: Host, folder: Path, tmp_path: Path) -> None:
    curator.publish(FIRST)
    source = curator.source(hosting.url)
    take(source, folder)
    other = Curator(tmp_path / "other")
    other.publish(SECOND)
    hosting.folder = other.path
    refused(source, folder, Refusal.WRONG_KEY, curator)


def test_a_list_that_the_curator_did_not_sign(curator: Curator, hosting: Host, folder: Path) -> None:
    curator.publish(FIRST)
    source = curator.source(hosting.url)
    take(source, folder)
    curator.publish(SECOND, signer=Ed25519PrivateKey.generate())
    refused(source, folder, Refusal.FORGED, curator)


def test_a_list_that_the_curator_signed_under_another_name(
    curator: Curator, hosting: Host, folder: Path
) -> None:
    curator.publish(FIRST)
    source = curator.source(hosting.url)
    take(source, folder)
    curator.publish(SECOND, signed_name="other.yaml.age")
    refused(source, folder, Refusal.FORGED, curator)


@pytest.mark.parametrize(
    ("at", "fault", "reason"),
    [
        (NAME, "cut", Refusal.DAMAGED),
        (NAME, "changed", Refusal.DAMAGED),
        ("timestamp.json", "cut", Refusal.DAMAGED),
        (NAME, "endless", Refusal.TOO_LARGE),
        ("timestamp.json", "endless", Refusal.TOO_LARGE),
        (".root.json", "endless", Refusal.TOO_LARGE),
        (NAME, "slow", Refusal.SLOW),
        ("timestamp.json", "slow-head", Refusal.SLOW),
        (".snapshot.json", "silent", Refusal.SLOW),
        ("timestamp.json", "refuses", Refusal.UNREACHABLE),
    ],
)
def test_what_goes_wrong_on_the_way(
    curator: Curator, hosting: Host, folder: Path, at: str, fault: str, reason: Refusal
) -> None:
    curator.publish(FIRST)
    source = curator.source(hosting.url)
    take(source, folder)
    curator.publish(SECOND)
    hosting.fault, hosting.at = fault, at
    began = time.monotonic()
    refused(source, folder, reason, curator, 2.0 if reason is Refusal.SLOW else 20.0)
    assert time.monotonic() - began < 15
    assert hosting.sent < 20_000_000  # what fits into the sockets' buffers beyond the bound
    hosting.fault = ""
    assert take(source, folder) == Fetched(NAME, True)


def test_a_list_cut_short_on_the_host(curator: Curator, hosting: Host, folder: Path) -> None:
    curator.publish(FIRST)
    source = curator.source(hosting.url)
    take(source, folder)
    curator.publish(SECOND)
    for file in (curator.path / "targets").iterdir():
        file.write_bytes(file.read_bytes()[:-10])
    refused(source, folder, Refusal.DAMAGED, curator)


def test_nobody_there(curator: Curator, folder: Path) -> None:
    curator.publish(FIRST)
    with host(curator.path) as hosting:
        source = curator.source(hosting.url)
        take(source, folder)
    refused(source, folder, Refusal.UNREACHABLE, curator)


def test_no_such_list_leaves_the_others(curator: Curator, hosting: Host, folder: Path) -> None:
    curator.publish(FIRST)
    source = curator.source(hosting.url, lists=("other.yaml.age", NAME))
    assert fetch(source, folder, 20.0) == (
        Fetched("other.yaml.age", False, Refusal.MISSING),
        Fetched(NAME, True),
    )


def test_a_state_folder_that_cannot_be_used(curator: Curator, hosting: Host, tmp_path: Path) -> None:
    curator.publish(FIRST)
    (tmp_path / "file").write_text("")
    assert fetch(curator.source(hosting.url), tmp_path / "file", 20.0) == (
        Fetched(NAME, False, Refusal.DEFECT),
    )


def test_through_a_socks_proxy_that_resolves_the_name(curator: Curator, hosting: Host, folder: Path) -> None:
    curator.publish(FIRST)
    port = int(hosting.url.rstrip("/").rpartition(":")[2])
    with socks_proxy({"stand-in.onion": port}) as (proxy, asked):
        assert take(curator.source("http://stand-in.onion/", proxy=proxy), folder) == Fetched(NAME, True)
        assert set(asked) == {"stand-in.onion"}
        assert in_force(curator, folder) == FIRST
        refused(curator.source("http://elsewhere.onion/", proxy=proxy), folder, Refusal.UNREACHABLE, curator)
    refused(curator.source("http://stand-in.onion/", proxy=proxy), folder, Refusal.UNREACHABLE, curator)


def test_every_key_is_replaced_in_turn(tmp_path: Path, folder: Path) -> None:
    """Two curators, whose root keys both have to sign, replace each key; services follow by themselves."""
    curator = Curator(tmp_path / "repository", root_keys=2)
    with host(curator.path) as hosting:
        curator.publish(FIRST)
        source = curator.source(hosting.url)
        take(source, folder)
        for number, role in enumerate(ROLES):
            old, new = curator.keys[role][0], Ed25519PrivateKey.generate()
            curator.repository.stage_root({role: ([PublicKey.of(old)], [PublicKey.of(new)])})
            signers = [*curator.keys["root"], *([new] if role == "root" else [])]
            assert curator.repository.sign_root(signers[:1]) != (0, 0)
            assert curator.repository.sign_root(signers[1:]) == (0, 0)
            curator.keys[role][0] = new
            curator.repository.refresh(["targets"], curator.keys)
            curator.publish(f"{FIRST}# {number}\n")
            assert take(source, folder) == Fetched(NAME, True)
            assert in_force(curator, folder) == f"{FIRST}# {number}\n"
            with pytest.raises(Exception, match=f"role '{role}'" if role != "root" else "none of the root's"):
                if role == "root":
                    curator.repository.stage_root({})
                    curator.repository.sign_root([old])
                else:
                    curator.publish(SECOND, keys={**curator.keys, role: [old]})


def test_a_lost_root_means_a_new_repository_and_a_new_root_file(
    curator: Curator, hosting: Host, folder: Path, tmp_path: Path
) -> None:
    curator.publish(FIRST)
    take(curator.source(hosting.url), folder)
    new = Curator(tmp_path / "new")
    new.identity, new.recipient, new.signer = curator.identity, curator.recipient, curator.signer
    new.publish(SECOND)
    hosting.folder = new.path
    refused(curator.source(hosting.url), folder, Refusal.WRONG_KEY, curator)
    # The operator puts the new root file in place of the old one.
    shutil.copy(new.root, curator.root)
    assert take(curator.source(hosting.url), folder) == Fetched(NAME, True)
    assert in_force(curator, folder) == SECOND


def test_a_signature_lies_beside_each_list_in_force(curator: Curator, hosting: Host, folder: Path) -> None:
    curator.publish(FIRST)
    take(curator.source(hosting.url), folder)
    assert {file.name for file in (folder / "lists").iterdir()} == {NAME, f"{NAME}{SIGNATURE}"}
