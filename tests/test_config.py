"""The configuration: good and bad files, defaults, addresses."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from interceptor.addresses import Address, Network, Upstream
from interceptor.binding import Wrong, plain
from interceptor.config import (
    Config,
    DecideApi,
    FaultPolicy,
    Keeper,
    Limits,
    ListsGate,
    Mode,
    Privacy,
    Resource,
    Search,
    Server,
    Tickets,
)
from interceptor.errors import ConfigError
from interceptor.vocabulary import Action, Category

HERE = Path(__file__).parent / "config"
GOOD = sorted((HERE / "good").iterdir())
BAD = sorted((HERE / "bad").iterdir())


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_files_are_read_and_what_is_shown_reads_back_as_the_same(path: Path, tmp_path: Path) -> None:
    config = Config.load(path)
    shown = tmp_path / "shown.yaml"
    shown.write_text(yaml.safe_dump(plain(config), allow_unicode=True))
    assert Config.load(shown) == config


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_files_are_refused_with_line_cause_and_remedy(path: Path) -> None:
    first = path.read_text().partition("\n")[0]
    expected, line, rest = first.split(": ", 2)
    what, _, remedy = rest.partition("|")
    assert expected == "# expect"

    with pytest.raises(ConfigError) as caught:
        Config.load(path)

    (mistake,) = caught.value.mistakes
    assert (mistake.file, mistake.line) == (str(path), int(line))
    assert what in mistake.what
    assert remedy in mistake.remedy
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert "secret" not in str(caught.value)


def test_every_key_is_read() -> None:
    folder = HERE / "good"
    config = Config.load(folder / "every-key.yaml")
    assert (config.mode, config.fault_policy) == (Mode.SHADOW, FaultPolicy.CLOSED)
    assert config.lists == (folder / "lists", Path("/etc/interceptor/more.yaml"))
    assert config.lists_gate == ListsGate(0.02, folder / "ordinary")
    assert config.action_for(Category.AMBIGUOUS) is Action.REPLACE
    assert config.searches == (
        Search("/search", ("q",)),
        Search("/find/*", ("query", "text")),
        Search("/tag/{query}"),
    )
    assert config.limits.connect == timedelta(milliseconds=500)
    assert config.limits.search_body == 100_000
    assert config.resources["troubled-desire"] == Resource(enabled=False)
    assert config.resources["redirection"].confirmed == date(2026, 11, 22)
    assert [str(peer) for peer in config.decide_api.peers] == [
        "10.0.0.0/8",
        "fd00::/8",
        "192.0.2.7/32",
        "unix",
    ]
    assert config.tickets == Tickets(folder / "ticket.key", timedelta(minutes=30), 1000)
    assert config.keeper == Keeper(folder / "keeper.sock")
    assert config.server.listen[1:] == (Address("::1", 8080, None), Address(None, 0, "/run/interceptor.sock"))
    assert str(config.server.upstream) == "https://engine.example:8443"


def test_this_file_names_every_key() -> None:
    def keys(value: object) -> object:
        return {key: keys(item) for key, item in value.items()} if isinstance(value, dict) else None

    written = keys(yaml.safe_load((HERE / "good" / "every-key.yaml").read_text()))
    known = keys(plain(Config()))
    assert isinstance(written, dict)
    assert isinstance(known, dict)
    for part in ("actions", "resources"):  # whose keys are the operator's
        del written[part], known[part]
    assert written == known


def test_defaults() -> None:
    config = Config()
    assert Config.load(HERE / "good" / "empty.yaml") == config
    assert (config.mode, config.fault_policy) == (Mode.ENFORCE, FaultPolicy.OPEN)
    assert config.prefix == "/_interceptor/"
    assert config.replaced_status == 200
    assert config.lists == ()
    assert plain(config.actions) == {
        "seeking": "replace",
        "ambiguous": "annotate",
        "help-seeking": "annotate",
        "informational": "annotate",
    }
    assert config.privacy == Privacy(timedelta(hours=24))
    assert config.decide_api == DecideApi(enabled=False)
    assert str(config.server.admin) == "127.0.0.1:9464"
    assert config.server == Server((Address("127.0.0.1", 8080, None),), upstream=None, workers=1)
    assert config.limits == Limits()


def test_an_action_left_out_has_its_default(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("actions: {ambiguous: replace}")
    config = Config.load(path)
    assert config.action_for(Category.AMBIGUOUS) is Action.REPLACE
    assert config.action_for(Category.SEEKING) is Action.REPLACE
    assert config.action_for(Category.INFORMATIONAL) is Action.ANNOTATE


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(
        "mode: loud\nactions: {informational: replace}\nlimits:\n  query: none\n  connect: 0s\n"
        "searches:\n  - path: x\n  - parameters: []\nserver: {workers: 0, listen: here}\nbaner: {}\n"
    )
    with pytest.raises(ConfigError) as caught:
        Config.load(path)
    assert [mistake.line for mistake in caught.value.mistakes] == [1, 2, 4, 5, 7, 8, 9, 9, 10]
    assert str(caught.value).count("\n") == 8


def test_a_configuration_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Config().mode = Mode.SHADOW  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "address", "loopback"),
    [
        ("127.0.0.1:80", Address("127.0.0.1", 80, None), True),
        ("localhost:0", Address("localhost", 0, None), True),
        ("[::1]:65535", Address("::1", 65535, None), True),
        ("[::]:80", Address("::", 80, None), False),
        ("0.0.0.0:80", Address("0.0.0.0", 80, None), False),
        ("search.example:80", Address("search.example", 80, None), False),
        ("unix:/run/x.sock", Address(None, 0, "/run/x.sock"), True),
    ],
)
def test_addresses(text: str, address: Address, loopback: bool) -> None:
    assert Address.parse(text) == address
    assert str(address) == text
    assert address.is_loopback is loopback


@pytest.mark.parametrize(
    "text",
    [
        "",
        "80",
        ":80",
        "host:",
        "host:-1",
        "host:٣",
        "host:65536",
        "[:80",
        "[]:80",
        "h:" + "9" * 5000,
        "unix:",
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(Wrong):
        Address.parse(text)


@pytest.mark.parametrize(
    "text", ["http://127.0.0.1:8888", "https://engine.example", "http://[::1]:80", "unix:/run/engine.sock"]
)
def test_upstreams(text: str) -> None:
    assert str(Upstream.parse(text)) == text
    assert str(Upstream.parse("http://engine.example/")) == "http://engine.example"


@pytest.mark.parametrize(
    ("network", "peer", "held"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.2", False),
        ("10.0.0.0/8", "10.255.0.1", True),
        ("10.0.0.0/8", "::ffff:10.1.2.3", True),
        ("10.0.0.0/8", "fd00::1", False),
        ("fe80::/10", "fe80::1%eth0", True),
        ("0.0.0.0/0", "not an address", False),
        ("0.0.0.0/0", None, False),
        ("0.0.0.0/0", "", False),
        ("unix", None, True),
        ("unix", "127.0.0.1", False),
    ],
)
def test_networks(network: str, peer: str | None, held: bool) -> None:
    assert Network.parse(network).holds(peer) is held
