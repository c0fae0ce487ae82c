"""The updater with the real client in its own process; only the reload is a stand-in."""

from __future__ import annotations

import asyncio
import logging
import shutil
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from publishing import NAME, Curator, Host, host

from interceptor.config import Config, ListsIdentity, Updates
from interceptor.errors import StartError
from interceptor.sidecar import updater
from interceptor.sidecar.updater import Updater, check, recover
from interceptor.transport.client import fetch
from interceptor.transport.refusals import SENTENCES
from interceptor.transport.staging import promote
from interceptor.vocabulary import Refusal


@pytest.fixture
def curator(tmp_path: Path) -> Curator:
    curator = Curator(tmp_path / "repository")
    curator.publish("one")
    return curator


@pytest.fixture
def hosting(curator: Curator) -> Iterator[Host]:
    with host(curator.path) as hosting:
        yield hosting


class Reloading:
    """A reload that answers as it is told, and notes what was in force when it was called."""

    def __init__(self) -> None:
        self.answers: list[bool] = []
        self.refused: Refusal | None = None
        self.seen: list[bytes] = []
        self.path = Path()

    async def __call__(self, reason: str) -> bool:
        assert "'garden'" in reason
        self.seen.append(self.path.read_bytes())
        return self.answers.pop(0) if self.answers else True


@pytest.fixture
def reloading() -> Reloading:
    return Reloading()


@pytest.fixture
def config(curator: Curator, hosting: Host, tmp_path: Path) -> Config:
    return Config(
        lists_identity=ListsIdentity(environment="LISTS_IDENTITY"),
        updates=Updates(
            sources=(curator.source(hosting.url),),
            state=tmp_path / "state",
            interval=timedelta(seconds=0.2),
            deadline=timedelta(seconds=10),
        ),
    )


@pytest.fixture
def made(config: Config, reloading: Reloading) -> Updater:
    (reloading.path,) = config.updates.places()
    return Updater(config, reloading, lambda: reloading.refused)


async def once(made: Updater, config: Config) -> None:
    await made.update(config.updates.sources[0])


async def test_what_is_new_is_put_in_force_once(
    made: Updater, config: Config, reloading: Reloading, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await once(made, config)
    await once(made, config)
    assert len(reloading.seen) == 1
    assert made.refusals == frozenset() and made.said == ()
    assert made.names == ("garden",)
    assert [record.message for record in caplog.records] == ["the list 'garden' from 'hotline' is in force"]


@pytest.mark.parametrize("reason", ["forged", "wrong-key", "unreachable", "missing"])
async def test_what_is_refused_is_told_in_one_word_until_it_is_mended(
    made: Updater,
    config: Config,
    curator: Curator,
    hosting: Host,
    reloading: Reloading,
    reason: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await once(made, config)
    before = reloading.path.read_bytes()
    curator.publish("two", signer=Ed25519PrivateKey.generate() if reason == "forged" else None)
    if reason == "wrong-key":
        hosting.folder = Curator(tmp_path / "other").path
    elif reason == "unreachable":
        hosting.fault, hosting.at = "refuses", "timestamp.json"
    elif reason == "missing":
        curator.repository.withdraw([NAME], curator.keys)
    await once(made, config)
    assert made.refusals == {("garden", Refusal(reason))}
    assert f"({reason})" in made.said[0] and SENTENCES[Refusal(reason)] in made.said[0]
    assert f"refused ({reason})" in caplog.text
    assert "127.0.0.1" not in caplog.text
    assert reloading.path.read_bytes() == before and len(reloading.seen) == 1
    hosting.folder, hosting.fault = curator.path, ""
    curator.publish("three")
    await once(made, config)
    assert made.refusals == frozenset() and len(reloading.seen) == 2


async def test_a_refused_reload_brings_the_list_before_back(
    made: Updater, config: Config, curator: Curator, reloading: Reloading
) -> None:
    await once(made, config)
    before = reloading.path.read_bytes()
    curator.publish("two")
    reloading.answers, reloading.refused = [False], Refusal.GATE
    await once(made, config)
    assert reloading.seen[-1] != before
    assert reloading.path.read_bytes() == before
    assert made.refusals == {("garden", Refusal.GATE)}


async def test_a_reload_that_joins_another_is_waited_for(
    made: Updater, config: Config, reloading: Reloading
) -> None:
    reloading.answers = [False, False, True]
    await once(made, config)
    assert made.refusals == frozenset() and reloading.path.exists()


async def test_a_stop_while_the_list_is_on_trial_takes_it_out(
    made: Updater, config: Config, reloading: Reloading, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def never(reason: str) -> bool:
        asked.set()
        await asyncio.sleep(3600)
        return True

    made = Updater(config, never, lambda: None)
    task = asyncio.create_task(made.run())
    await asyncio.wait_for(asked.wait(), 20)
    assert config.updates.in_force()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert config.updates.in_force() == ()


async def test_a_fetching_process_that_hangs_is_ended(
    made: Updater, config: Config, hosting: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client ends itself at the deadline; here the supervisor's own clock runs out before."""
    monkeypatch.setattr(updater, "_GRACE", -9.5)
    hosting.fault, hosting.at = "silent", "timestamp.json"
    await asyncio.wait_for(once(made, config), 8)
    assert made.refusals == {("garden", Refusal.SLOW)}


async def test_a_fetching_process_that_fails_is_told(
    made: Updater, config: Config, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("true"))
    await once(made, config)
    assert made.refusals == {("garden", Refusal.DEFECT)}
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    await once(made, config)
    assert "does not start: No such file or directory" in caplog.text


async def test_the_identity_does_not_reach_the_fetching_process(
    made: Updater, config: Config, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\nenv > {tmp_path / 'environment'}\n")
    script.chmod(0o755)
    monkeypatch.setenv("LISTS_IDENTITY", "secret")
    monkeypatch.setattr(sys, "executable", str(script))
    await once(made, config)
    said = (tmp_path / "environment").read_text()
    assert "PATH=" in said and "LISTS_IDENTITY" not in said


async def test_a_defect_ends_no_later_update(
    made: Updater, config: Config, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls = 0
    done = asyncio.Event()

    async def broken(source: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            done.set()
        raise ValueError("purple garden lantern")

    monkeypatch.setattr(made, "update", broken)
    task = asyncio.create_task(made.run())
    await asyncio.wait_for(done.wait(), 20)
    task.cancel()
    assert "ValueError at test_updater.py" in caplog.text and "lantern" not in caplog.text


def test_a_list_left_on_trial_is_taken_out_at_the_next_start(config: Config) -> None:
    (source,) = config.updates.sources
    folder = config.updates.folder(source)
    assert fetch(source, folder, 10.0)[0].changed
    promote(folder, NAME)
    assert config.updates.in_force()
    recover(config.updates)
    assert not config.updates.in_force()


def test_what_would_let_every_fetch_fail_is_no_start(config: Config, curator: Curator) -> None:
    check(config)
    check(Config())
    with pytest.raises(StartError, match="lists_identity: not configured"):
        check(Config(updates=config.updates))
    curator.root.unlink()
    with pytest.raises(StartError, match="cannot be read"):
        check(config)
