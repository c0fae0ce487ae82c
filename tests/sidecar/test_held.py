"""How the supervisor has lists built by another process, where that starves or ends."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Sequence

import pytest

from interceptor.config import Config
from interceptor.experiment.plan import Plan
from interceptor.recording import Labels
from interceptor.sidecar import held, processes
from interceptor.sidecar.channel import Channel
from interceptor.sidecar.fork_server import BuildNext, Refused
from interceptor.sidecar.generation import Facts, RefusedError
from interceptor.vocabulary import Refusal


@pytest.fixture
def facts() -> Facts:
    labels = Labels(("neutral",), ("en",), ("survey",))
    return Facts(Config(), labels, Plan.make(Config(), "wording"), ())


async def built(
    facts: Facts, work: Callable[[BuildNext, Channel], int], *keep: int
) -> tuple[list[bool], list[int], tuple[str, Refusal]]:
    """What was ordered, whom it was ordered from, and why nothing came of it; ``work`` is done by another process."""
    gave_way, builders = [], []

    async def ask(order: BuildNext, descriptors: Sequence[int]) -> int:
        there = Channel(socket.socket(fileno=os.dup(descriptors[0])))
        gave_way.append(order.gives_way)
        builders.append(processes.fork(lambda: work(order, there), [there.fileno(), *keep]))
        there.close()
        return builders[-1]

    with pytest.raises(RefusedError) as caught:
        await held._built(ask, facts.config, facts)
    return gave_way, builders, caught.value.refused


async def test_a_build_that_starves_is_begun_again_without_giving_way(
    facts: Facts, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(held, "_STARVED_SECONDS", 0.2)

    def work(order: BuildNext, channel: Channel) -> int:
        if order.gives_way:
            signal.pause()
        channel.send(Refused(("all", Refusal.GATE), "said by the second"))
        return 0

    gave_way, builders, refused = await built(facts, work)
    assert gave_way == [True, False] and refused == ("all", Refusal.GATE)
    assert "no longer gives way" in caplog.text
    for builder in builders:
        with pytest.raises(ProcessLookupError):
            os.kill(builder, 0)


async def test_a_build_that_has_its_share_is_waited_for(
    facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "_STARVED_SECONDS", 0.02)
    hears, tells = os.pipe()
    looks = []

    def have_plenty(process: int) -> float:
        looks.append(process)
        if len(looks) == 3:
            os.write(tells, b"x")
        return float("inf")

    monkeypatch.setattr(processes, "processor_seconds", have_plenty)

    def work(order: BuildNext, channel: Channel) -> int:
        os.read(hears, 1)
        channel.send(Refused(("all", Refusal.GATE), "said by the first"))
        return 0

    gave_way, builders, _ = await built(facts, work, hears)
    assert gave_way == [True] and set(looks) == {*builders} and len(looks) >= 3
    os.close(hears)
    os.close(tells)


async def test_a_build_that_ends_is_a_refusal(facts: Facts) -> None:
    gave_way, _, refused = await built(facts, lambda order, channel: 3)
    assert gave_way == [True] and refused == ("all", Refusal.DEFECT)
