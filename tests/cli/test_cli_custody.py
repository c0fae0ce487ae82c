"""Keys, sealing, opening, publishing and fetching from the command line."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from publishing import NAME, Curator, host

from interceptor.cli.main import main
from interceptor.signatures import PublicKey
from interceptor.termlists.sealing import new_identity

YAML = "id: garden\nentries: [{id: one, terms: [purple garden lantern], samples: {match: [purple garden lantern]}}]\n"
TERM = "lantern"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to be in, with a list, an identity and a passphrase."""
    monkeypatch.chdir(tmp_path)
    Path("garden.yaml").write_text(YAML)
    Path("passphrase").write_text("four plain words here\n")
    assert main(["lists", "keys", "identity", "identity"]) == 0
    return tmp_path


@pytest.fixture
def recipient() -> str:
    return Path("identity").read_text().splitlines()[0].removeprefix("# recipient: ")


def seal(*arguments: str) -> int:
    return main(["lists", "seal", "garden.yaml", *arguments])


def test_an_identity_is_its_owners_alone_and_not_overwritten(capsys: pytest.CaptureFixture[str]) -> None:
    assert Path("identity").stat().st_mode & 0o777 == 0o600
    before = Path("identity").read_bytes()
    assert main(["lists", "keys", "identity", "identity"]) == 2
    assert "is not overwritten" in capsys.readouterr().err
    assert Path("identity").read_bytes() == before


def test_a_sealed_list_holds_nothing_in_the_clear_and_works_as_a_list(
    recipient: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert seal("--recipient", recipient) == 0
    assert b"lantern" not in Path("garden.yaml.age").read_bytes()
    Path("garden.yaml").unlink()
    for command in ("validate", "test", "lint", "stats"):
        assert main(["lists", command, "garden.yaml.age", "--identity", "identity"]) == 0, command
    sealed = "garden.yaml.age"
    assert main(["lists", "diff", sealed, sealed, "--identity", "identity"]) == 0
    assert TERM not in "".join(capsys.readouterr())


def test_check_and_explain_open_sealed_lists(recipient: str) -> None:
    assert seal("--recipient", recipient) == 0
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "interceptor",
            "check",
            "--lists",
            "garden.yaml.age",
            "--identity",
            "identity",
        ],
        input="purple garden lantern\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert '"replace"' in done.stdout


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ([], "name recipients, or --passphrase"),
        (["--recipients", "missing"], "cannot be read"),
        (["--recipients", "garden.yaml"], "garden.yaml:1: is no age recipient"),
        (["--passphrase"], "nobody to ask"),
        (["--passphrase-file", "empty"], "empty where the passphrase should be"),
        (["--passphrase-file", "passphrase", "--out", "garden.sealed"], "does not end in .age"),
    ],
)
def test_sealing_is_refused_with_the_cause(
    arguments: list[str], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("empty").write_text("")
    assert seal(*arguments) == 2
    assert what in capsys.readouterr().err


def test_a_list_at_fault_is_not_sealed(recipient: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("garden.yaml").write_text(YAML.replace("terms", "trems"))
    assert seal("--recipient", recipient) == 1
    assert not Path("garden.yaml.age").exists()
    assert TERM not in capsys.readouterr().err


def test_opening_asks_before_it_writes_to_a_disk(recipient: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert seal("--recipient", recipient) == 0
    to_file = ["lists", "open", "garden.yaml.age", "--identity", "identity", "--out", "clear.yaml"]
    assert main(to_file) == 2
    assert "add --yes" in capsys.readouterr().err
    assert not Path("clear.yaml").exists()
    for answer, status in ((b"n\n", 2), (b"y\n", 0)):
        ours, theirs = pty.openpty()
        try:
            os.write(ours, answer)
            done = subprocess.run(
                [sys.executable, "-m", "interceptor", *to_file],
                stdin=theirs,
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            os.close(ours)
            os.close(theirs)
        assert done.returncode == status
        assert "Write it? [y/N]" in done.stderr
    assert Path("clear.yaml").read_text() == YAML
    assert Path("clear.yaml").stat().st_mode & 0o777 == 0o600


def test_opening_into_a_redirection_asks_too_and_into_a_pipe_does_not(recipient: str) -> None:
    assert seal("--recipient", recipient) == 0
    command = [
        sys.executable,
        "-m",
        "interceptor",
        "lists",
        "open",
        "garden.yaml.age",
        "--identity",
        "identity",
    ]
    with Path("clear.yaml").open("wb") as file:
        assert subprocess.run(command, stdin=subprocess.DEVNULL, stdout=file, check=False).returncode == 2
    assert Path("clear.yaml").read_bytes() == b""
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == YAML


def test_a_list_sealed_with_a_passphrase_opens_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert seal("--passphrase-file", "passphrase") == 0
    call = [
        "lists",
        "open",
        "garden.yaml.age",
        "--passphrase-file",
        "passphrase",
        "--out",
        "clear.yaml",
        "--yes",
    ]
    assert main(call) == 0
    assert Path("clear.yaml").read_text() == YAML
    Path("passphrase").chmod(0o600)
    assert main(["lists", "test", "garden.yaml.age", "--identity", "passphrase"]) == 0


def test_what_is_made_of_a_sealed_list_is_sealed(recipient: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert seal("--recipient", recipient) == 0
    call = ["lists", "compile", "garden.yaml.age", "--identity", "identity", "--out"]
    assert main([*call, "lists.compiled"]) == 2
    assert not Path("lists.compiled").exists()
    assert main([*call, "lists.compiled.age", "--recipient", recipient]) == 0
    assert b"lantern" not in Path("lists.compiled.age").read_bytes()
    assert main(["lists", "compile", "garden.yaml", "--out", "plain.compiled"]) == 0
    assert seal("--recipient", recipient, "--out", "x.age") == 0
    assert main(["lists", "seal", "plain.compiled", "--recipient", recipient]) == 0


def test_a_signing_key_and_its_public_part(capsys: pytest.CaptureFixture[str]) -> None:
    call = ["lists", "keys", "sign", "curator.key.age", "--passphrase-file", "passphrase"]
    capsys.readouterr()
    assert main(call) == 0
    public = capsys.readouterr().out.splitlines()[0]
    assert Path("curator.pub").read_text().strip() == public == str(PublicKey.parse(public))
    assert b"PRIVATE" not in Path("curator.key.age").read_bytes()
    assert main(["lists", "keys", "show", "curator.key.age", "--passphrase-file", "passphrase"]) == 0
    assert capsys.readouterr().out.strip() == public
    assert main(call) == 2
    Path("wrong").write_text("another passphrase")
    assert main(["lists", "keys", "show", "curator.key.age", "--passphrase-file", "wrong"]) == 2
    assert "the passphrase does not open this key" in capsys.readouterr().err


def test_a_key_that_others_can_read_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lists", "keys", "sign", "curator.key"]) == 0
    Path("curator.key").chmod(0o644)
    assert main(["lists", "keys", "show", "curator.key"]) == 2
    assert "chmod o=" in capsys.readouterr().err


def keys() -> None:
    Path("keys").mkdir()
    for name in ("curator", "root", "targets", "snapshot", "timestamp"):
        assert main(["lists", "keys", "sign", f"keys/{name}.key"]) == 0


def publish(*arguments: str) -> int:
    return main(["lists", "publish", *arguments, "--keys", "keys"])


def test_nothing_is_published_in_the_clear(capsys: pytest.CaptureFixture[str]) -> None:
    keys()
    assert publish("init", "repository") == 0
    assert publish("add", "repository", "garden.yaml") == 2
    assert "would be published in the clear" in capsys.readouterr().err
    Path("garden.yaml").rename("garden.yaml.age")
    assert publish("add", "repository", "garden.yaml.age") == 2
    assert "is not sealed, though its name says so" in capsys.readouterr().err
    assert list(Path("repository/targets").iterdir()) == []


def test_a_repository_is_published_withdrawn_and_looked_at(
    recipient: str, capsys: pytest.CaptureFixture[str]
) -> None:
    keys()
    assert seal("--recipient", recipient) == 0
    assert publish("init", "repository") == 0
    assert publish("init", "repository") == 2
    assert publish("add", "repository", "garden.yaml.age") == 0
    assert "offered: garden.yaml.age" in capsys.readouterr().out
    assert publish("withdraw", "repository", "garden.yaml.age") == 0
    assert "offered: nothing yet" in capsys.readouterr().out
    assert publish("withdraw", "repository", "garden.yaml.age") == 2
    Path("keys/targets.key").unlink()
    assert publish("refresh", "repository") == 0
    assert publish("refresh", "repository", "--role", "targets") == 2
    assert "1 keys of role 'targets' are needed" in capsys.readouterr().err
    assert publish("refresh", "repository", "--timestamp-days", "0") == 2
    assert main(["lists", "publish", "status", "repository"]) == 0
    Path("repository/metadata/timestamp.json").write_text("{}")
    assert main(["lists", "publish", "status", "repository"]) == 2
    assert "no repository, or a damaged one" in capsys.readouterr().err


def test_a_change_of_keys_that_cannot_be_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    keys()
    assert publish("init", "repository", "--threshold", "2") == 2
    assert publish("init", "repository") == 0
    assert publish("sign", "repository") == 2
    assert "no root is waiting" in capsys.readouterr().err
    root = ["lists", "publish", "root", "repository"]
    assert main([*root, "--remove", "timestamp=keys/timestamp.pub"]) == 2
    assert main([*root, "--remove", "timestamp=keys/snapshot.pub"]) == 2
    assert main([*root, "--threshold", "2"]) == 2
    assert not Path("repository/staged/root.json").exists()
    for wrong in ("timestamp=RW", "other=keys/snapshot.pub", "timestamp", "timestamp=missing.pub"):
        with pytest.raises(SystemExit):
            main([*root, "--add", wrong])
    assert main(root) == 0
    Path("keys/root.key").unlink()
    assert main(["lists", "keys", "sign", "keys/root-2.key"]) == 0
    assert publish("sign", "repository") == 2
    assert "none of the root's" in capsys.readouterr().err


def test_fetch_takes_what_is_good_and_says_what_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    curator = Curator(tmp_path / "repository")
    Path("hotline").write_text(curator.identity)
    Path("hotline").chmod(0o600)
    with host(curator.path) as hosting:
        source = {
            "name": "hotline",
            "url": hosting.url,
            "root": str(curator.root),
            "signers": str(PublicKey.of(curator.signer)),
            "lists": NAME,
        }
        tree = {"lists_identity": {"file": "hotline"}, "updates": {"state": "state", "sources": [source]}}
        Path("interceptor.yaml").write_text(yaml.safe_dump(tree))
        call = ["lists", "fetch", "--config", "interceptor.yaml"]
        assert main(["config", "check", "--config", "interceptor.yaml"]) == 0
        assert f"'{NAME}' has not been fetched yet" in capsys.readouterr().out
        curator.publish(YAML)
        assert main(call) == 0
        assert capsys.readouterr().out == f"hotline: {NAME}: in force\n"
        assert main(call) == 0
        assert capsys.readouterr().out == f"hotline: {NAME}: as new as the repository's\n"
        in_force = Path("state/hotline/lists", NAME)
        before = in_force.read_bytes()
        for text, reason in (
            ("id: garden\nentries: [{id: one, terms: [a, the, how, to, in, for]}]\n", "gate"),
            ("entries: lantern", "broken"),
        ):
            curator.publish(text)
            assert main(call) == 1
            said = capsys.readouterr().out
            assert f"refused ({reason})" in said and TERM not in said
            assert in_force.read_bytes() == before
        curator.recipient = new_identity()[1]
        curator.publish(YAML)
        assert main(call) == 1
        assert "refused (broken)" in capsys.readouterr().out
        hosting.fault, hosting.at = "refuses", "timestamp.json"
        assert main(call) == 1
        assert "refused (unreachable)" in capsys.readouterr().out
        assert in_force.read_bytes() == before


def test_fetch_without_sources_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lists", "fetch"]) == 2
    assert "names no source" in capsys.readouterr().err


def test_what_would_let_every_fetch_fail_is_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = str(PublicKey.of(Curator(tmp_path / "repository").signer))
    source = {"name": "a", "url": "http://127.0.0.1:1", "root": "missing.json", "signers": key, "lists": NAME}
    tree: dict[str, object] = {"updates": {"state": "state", "sources": [source]}}
    Path("interceptor.yaml").write_text(yaml.safe_dump(tree))
    assert main(["config", "check", "--config", "interceptor.yaml"]) == 2
    assert "lists_identity: not configured" in capsys.readouterr().err
    tree["lists_identity"] = {"file": "identity"}
    Path("interceptor.yaml").write_text(yaml.safe_dump(tree))
    assert main(["config", "check", "--config", "interceptor.yaml"]) == 2
    assert "missing.json: the root of 'a' cannot be read" in capsys.readouterr().err
