"""Reports over a real Unix socket: they arrive, they never delay, and nonsense harms nobody."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from peeking import counted_now

from interceptor import reporting
from interceptor.config import Config, Experiment, PlanKind, Privacy, ReleaseKind
from interceptor.config import Keeper as KeeperSettings
from interceptor.counting.families import Outcome
from interceptor.errors import TicketError
from interceptor.experiment.allocation import Allocation
from interceptor.experiment.plan import Plan
from interceptor.keeper import Keeper
from interceptor.recording import Labels, Recorder
from interceptor.reporting import MAX_LINE, MAX_WAITING, KeeperSocket, RemoteRecorder
from interceptor.ticket import Ticket
from interceptor.vocabulary import Action, Category

LABELS = Labels(("harm-legal",), ("fi",), ("redirection",))
PLAN = Plan.make(Config(), "wording")
MINTED: Any = {
    "category": Category.SEEKING,
    "language": "fi",
    "message": "harm-legal",
    "plan": PLAN.identifier,
}


def reporter(socket: Path | None, plan: Plan = PLAN, labels: Labels = LABELS) -> RemoteRecorder:
    return RemoteRecorder(Config(keeper=KeeperSettings(socket)), labels, plan)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Report and try again at once, so that no test has to wait."""
    monkeypatch.setattr(reporting, "_RETRY_SECONDS", 0.02)
    monkeypatch.setattr(reporting, "_FLUSH_SECONDS", 0.01)


class Host:
    """A keeper, and the socket it takes reports on."""

    def __init__(self, path: Path, plan: Plan = PLAN, labels: Labels = LABELS) -> None:
        self.path = path
        self.keeper = Keeper(Config(privacy=Privacy(release=ReleaseKind.EXACT)), labels, plan, 1)
        self.connections: list[asyncio.StreamWriter] = []

    def __getitem__(self, cell: tuple[str, ...]) -> int:
        return counted_now(self.keeper)[cell]

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        handle = KeeperSocket(self.keeper, self.keeper.recorder(0), timedelta(hours=1))

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.connections.append(writer)
            await handle(reader, writer)

        server = await asyncio.start_unix_server(serve, self.path, limit=MAX_LINE)
        try:
            yield
        finally:
            server.close()
            for writer in self.connections:
                writer.close()
            self.connections.clear()
            await server.wait_closed()
            self.path.unlink(missing_ok=True)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path / "k.sock")


@asynccontextmanager
async def reporting_to(host: Host) -> AsyncIterator[RemoteRecorder]:
    recorder = reporter(host.path)
    task = asyncio.create_task(recorder.report())
    try:
        await asyncio.wait_for(recorder.tried.wait(), 20)
        yield recorder
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.005)


def ticket(recorder: Recorder) -> Ticket:
    return recorder.tickets.mint(**MINTED)[1]


def say_everything(recorder: Recorder) -> None:
    recorder.searched()
    recorder.intervened(Action.REPLACE, Category.SEEKING)
    seen = ticket(recorder)
    for _ in range(2):
        recorder.warned(seen)
        recorder.clicked(seen, "redirection")
        recorder.returned(seen, Outcome.MATCHING)
    recorder.failed(ValueError("lantern"))


async def test_everything_said_is_counted_and_tickets_once(host: Host) -> None:
    async with host.listening(), reporting_to(host) as recorder:
        for _ in range(3):
            say_everything(recorder)
        recorder.searched()
        await until(lambda: host["searches",] == 4)
    assert host["interventions", "replace", "seeking"] == 3
    assert host["warnings", "harm-legal"] == host["warnings_by_language", "fi"] == 3
    assert host["clicks", "harm-legal"] == host["clicks_by_resource", "redirection"] == 3
    assert host["returns", "harm-legal", "matching"] == 3
    assert counted_now(host.keeper).total() == 4 + 3 * 6


async def test_what_was_counted_before_a_stop_arrives(host: Host) -> None:
    async with host.listening():
        async with reporting_to(host) as recorder:
            for _ in range(1_500):
                recorder.searched()
        await until(lambda: host["searches",] == 1_500)


async def test_the_keeper_lends_its_key(host: Host) -> None:
    async with host.listening(), reporting_to(host) as recorder:
        text, minted = recorder.tickets.mint(**MINTED)
    assert host.keeper.tickets.open(text) == minted


async def test_tickets_of_the_time_before_the_keeper_are_valid_to_nobody(host: Host) -> None:
    recorder = reporter(host.path)
    text, _ = recorder.tickets.mint(**MINTED)
    with pytest.raises(TicketError):
        host.keeper.tickets.open(text)


async def test_the_keeper_goes_and_comes_back(host: Host) -> None:
    async with reporting_to(host) as recorder:
        recorder.searched()  # nobody is there yet
        for _ in range(3):
            before = host["searches",]
            async with host.listening():
                while host["searches",] == before:
                    await until(lambda: not recorder._events)
                    recorder.searched()


async def test_events_wait_up_to_a_bound_while_the_keeper_is_away(host: Host) -> None:
    async with reporting_to(host) as recorder:
        for _ in range(MAX_WAITING + 500):
            recorder.searched()
        assert len(recorder._events) == MAX_WAITING
        async with host.listening():
            await until(lambda: host["searches",] == MAX_WAITING)
            recorder.searched()
            await until(lambda: host["searches",] == MAX_WAITING + 1)


async def test_events_of_many_threads_all_arrive(host: Host) -> None:
    def work(recorder: Recorder) -> None:
        for _ in range(500):
            recorder.searched()

    async with host.listening(), reporting_to(host) as recorder:
        threads = [threading.Thread(target=work, args=(recorder,)) for _ in range(6)]
        for thread in threads:
            thread.start()
        await until(lambda: host["searches",] == 3_000)
        for thread in threads:
            thread.join()


def test_without_a_socket_nothing_is_kept() -> None:
    recorder = reporter(None)
    say_everything(recorder)
    assert recorder._events == []
    asyncio.run(asyncio.wait_for(recorder.report(), 20))  # has nothing to do


KEY = base64.b64encode(bytes(32))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\n",
        b"not json\n",
        b"[]\n",
        b"null\n",
        b'{"format": 1, "key": "", "lifetime": 1, "allocation": ""}\n',
        b'{"format": 2, "key": "AAAA", "lifetime": 1, "allocation": ""}\n',
        b'{"format": 2, "key": "%%", "lifetime": 1, "allocation": ""}\n',
        b'{"format": 2, "key": "' + KEY + b'", "lifetime": "x", "allocation": ""}\n',
        b'{"format": 2, "key": "' + KEY + b'", "lifetime": 1e400, "allocation": ""}\n',
        b'{"format": 2, "key": "' + KEY + b'", "lifetime": 1, "allocation": "%"}\n',
        b'{"format": 2, "key": "' + KEY + b'", "lifetime": 1, "allocation": 7}\n',
        b'{"format": 2, "key": "' + KEY + b'", "lifetime": 1}\n',
        b"[" * 50_000 + b"\n",
        b"x" * 200_000,
    ],
    ids=range(15),
)
async def test_something_else_on_the_socket_is_left_alone_and_tried_again(host: Host, answer: bytes) -> None:
    tries = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal tries
        tries += 1
        writer.write(answer)
        writer.close()

    recorder = reporter(host.path)
    recorder.searched()
    task = asyncio.create_task(recorder.report())
    async with await asyncio.start_unix_server(serve, host.path):
        await until(lambda: tries >= 3)
    assert not task.done()
    host.path.unlink(missing_ok=True)
    async with host.listening():
        await until(lambda: host["searches",] == 1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def event(*values: object) -> bytes:
    return json.dumps([values]).encode() + b"\n"


@pytest.mark.parametrize(
    "line",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\xff\xfe\n",
        b"null\n",
        b"5\n",
        b"[5]\n",
        b'["searched"]\n',
        b"[[]]\n",
        event("unknown"),
        event("searched", 1)[:-3],
        event("intervened"),
        event("intervened", "replace"),
        event("intervened", "explode", "seeking"),
        event("intervened", ["replace"], {}),
        event("warned", 1, 2),
        event("warned", "x", 2, PLAN.identifier, "harm-legal", "fi"),
        event("warned", -1, 2, PLAN.identifier, "harm-legal", "fi"),
        event("warned", 1, -1, PLAN.identifier, "harm-legal", "fi"),
        event("warned", 2**64, 500_000, PLAN.identifier, "harm-legal", "fi"),
        event("warned", 1, 2**63, PLAN.identifier, "harm-legal", "fi"),
        event("warned", None, None, PLAN.identifier, None, None),
        event("warned", 1, 2, [], "harm-legal", "fi"),
        event("warned", 1, 2, PLAN.identifier, "harm-legal"),
        b'[["warned", Infinity, NaN, "%s", "harm-legal", "fi"]]\n' % PLAN.identifier.encode(),
        b'[["warned", 1e400, 1, "%s", "harm-legal", "fi"]]\n' % PLAN.identifier.encode(),
        event("returned", 1, 500_000, PLAN.identifier, "harm-legal", "never"),
        event("clicked", 1, 500_000, PLAN.identifier, ["harm-legal"], {"redirection": 1}),
        b"[" * 100_000 + b"\n",
        b"[" + b"9" * 5_000 + b"]\n",
        b"x" * (MAX_LINE + 10),
    ],
    ids=range(29),
)
async def test_nonsense_from_a_peer_ends_its_connection_and_nothing_else(host: Host, line: bytes) -> None:
    failed: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failed.append(context))
    async with host.listening(), reporting_to(host) as recorder:
        reader, writer = await asyncio.open_unix_connection(host.path)
        hello = json.loads(await reader.readline())
        assert set(hello) == {"format", "key", "lifetime", "allocation"}
        writer.write(line)
        writer.write_eof()
        async with asyncio.timeout(20):
            assert await reader.read() == b""
        writer.close()
        recorder.searched()
        say_everything(recorder)
        await until(lambda: host["warnings", "harm-legal"] == 1)
        assert host["searches",] == 2
    assert failed == []


@pytest.mark.parametrize("ahead", [2**40, -(2**10)])
async def test_tickets_that_cannot_be_alive_take_no_place_of_the_living(host: Host, ahead: int) -> None:
    async with host.listening(), reporting_to(host) as recorder:
        for cycle in range(8):  # whichever region of the marks it falls into
            strange = replace(ticket(recorder), expires=host.keeper.tickets.slot() + ahead + cycle)
            async with reporting_to(host) as confused:
                confused.warned(strange)
        for _ in range(20):
            recorder.warned(ticket(recorder))
        await until(lambda: host["warnings", "harm-legal"] == 20)


async def test_a_keeper_that_does_not_read_holds_up_neither_searches_nor_the_stop(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "_FAREWELL_SECONDS", 0.05)
    over = asyncio.Event()
    hello = KeeperSocket(host.keeper, host.keeper.recorder(0), timedelta(hours=1))._hello()

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(hello)
        await over.wait()
        writer.close()

    async with await asyncio.start_unix_server(deaf, host.path, limit=1_000):
        async with reporting_to(host) as recorder:
            seen = ticket(recorder)
            while len(recorder._events) < MAX_WAITING:  # until the kernel's buffers are full too
                for _ in range(MAX_WAITING):
                    recorder.clicked(seen, "redirection")
                await asyncio.sleep(0)
        over.set()


async def test_it_stops_although_the_keeper_went_in_the_middle(host: Host) -> None:
    async with reporting_to(host) as recorder:
        async with host.listening():
            recorder.searched()
            await until(lambda: host["searches",] == 1)
        recorder.searched()  # not sent yet, and no longer to be


def test_nothing_printed_holds_the_key(host: Host) -> None:
    socket = KeeperSocket(host.keeper, host.keeper.recorder(0), timedelta(hours=1))
    assert repr([socket, reporter(host.path)]) == "[KeeperSocket(), RemoteRecorder()]"


WEIGHTED = Plan.make(
    Config(
        experiment=Experiment(
            kind=PlanKind.WEIGHTED, messages=("legal-loss", "harm-gain"), after={1: "harm-gain"}
        )
    ),
    "wording",
)
MANY = Labels(("harm-legal", "legal-loss", "harm-gain", "neutral"), ("fi",), ("redirection",))


@pytest.fixture
def weighing(tmp_path: Path) -> Host:
    return Host(tmp_path / "k.sock", WEIGHTED, MANY)


async def test_a_reporter_draws_by_the_keepers_allocation_and_follows_it(weighing: Host) -> None:
    choose = (recorder := reporter(weighing.path, WEIGHTED, MANY)).chooser.choose
    assert {choose(Category.SEEKING).message for _ in range(50)} == {"harm-legal"}  # nobody has told it yet
    task = asyncio.create_task(recorder.report())
    async with weighing.listening():
        await asyncio.wait_for(recorder.tried.wait(), 20)
        await until(lambda: choose(Category.SEEKING).plan == WEIGHTED.identifier)
        assert {choose(Category.SEEKING).message for _ in range(100)} == {"legal-loss", "harm-gain"}
        # A window opens: what holds in it reaches reporters that are connected.
        steering = weighing.keeper.steering
        for record in (
            steering.shared.encode(Allocation(WEIGHTED.identifier, {"legal-loss": 1.0})),
            steering.record,
        ):
            for told in steering._watchers:
                told(record)
            wanted = steering.shared.decode(record)
            await until(lambda wanted=wanted: recorder._allocation.read() == wanted)  # type: ignore[misc]
    # The keeper is gone: the last that it said holds.
    assert {choose(Category.SEEKING).message for _ in range(100)} == {"legal-loss", "harm-gain"}
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_reporter_of_another_plan_shows_its_own_message_and_its_warnings_do_not_count(
    weighing: Host, caplog: pytest.LogCaptureFixture
) -> None:
    recorder = reporter(weighing.path, PLAN)
    task = asyncio.create_task(recorder.report())
    async with weighing.listening():
        await asyncio.wait_for(recorder.tried.wait(), 20)
        for _ in range(3):
            message, plan = recorder.chooser.choose(Category.SEEKING)
            assert message == "harm-legal"
            _, seen = recorder.tickets.mint(
                category=Category.SEEKING, language="fi", message=message, plan=plan
            )
            recorder.warned(seen)
            recorder.clicked(seen, "redirection")
            recorder.searched()
        await until(lambda: weighing["searches",] == 3)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert caplog.text.count("has another plan of messages") == 1
    assert weighing["warnings", "harm-legal"] == 0
    assert weighing["clicks", "harm-legal"] == 0


async def test_a_later_warning_is_reported_in_its_own_cell(weighing: Host) -> None:
    async with weighing.listening():
        recorder = reporter(weighing.path, WEIGHTED, MANY)
        task = asyncio.create_task(recorder.report())
        await asyncio.wait_for(recorder.tried.wait(), 20)
        message, plan = recorder.chooser.choose(Category.SEEKING, 1)
        assert (message, plan) == ("harm-gain", WEIGHTED.identifier)
        _, seen = recorder.tickets.mint(
            category=Category.SEEKING, language="fi", message=message, plan=plan, prior=1
        )
        recorder.warned(seen)
        await until(lambda: weighing["warnings", "harm-gain:again"] == 1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert weighing["warnings", "harm-gain"] == 0
