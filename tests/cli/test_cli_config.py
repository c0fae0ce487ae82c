"""``interceptor config show`` and ``config check`` as people run them."""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from interceptor import __version__
from interceptor.cli.main import main
from interceptor.config import Config
from interceptor.matching import prefilter

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process; returns its exit status and what it wrote."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        try:
            status = main(["config", *map(str, arguments)])
        except SystemExit as stopped:
            status = int(stopped.code or 0)
        return status, *capsys.readouterr()

    return call


def test_show_prints_every_default_as_a_file_that_loads(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "interceptor", "config", "show"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    status, out, err = done.returncode, done.stdout, done.stderr
    assert (status, err) == (0, "")
    (tmp_path / "shown.yaml").write_text(out)
    assert Config.load(tmp_path / "shown.yaml") == Config()
    assert set(yaml.safe_load(out)["server"]) == {"listen", "admin", "upstream", "workers", "watch"}


def test_show_prints_what_is_in_force(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("mode: shadow\ntickets: {lifetime: 90m, key_file: ticket.key}\nlists: mine.txt\n")
    status, out, _ = run("show", "--config", path)
    shown = yaml.safe_load(out)
    assert status == 0
    assert shown["mode"] == "shadow"
    assert shown["tickets"]["lifetime"] == "90m"
    assert shown["tickets"]["key_file"] == str(tmp_path / "ticket.key")
    assert shown["lists"] == [str(tmp_path / "mine.txt")]
    other = tmp_path / "other.txt"
    other.write_text("purple garden lantern\n")
    _, out, _ = run("show", "--config", path, "--lists", other)
    assert yaml.safe_load(out)["lists"] == [str(other)]


def test_check_of_a_good_file_counts_and_gives_notice(run: Run, garden: Path, tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("lists: lists\nserver: {admin: 0.0.0.0:9464}\nadmin_auth: {open: true}\n")
    status, out, err = run("check", "--config", path)
    assert (status, err) == (0, "")
    assert out.splitlines()[-1].startswith("good: 1 lists with 3 entries, ")
    for part in (
        "searches: not configured",
        "server.upstream: not configured",
        "tickets.key_file: not configured",
    ):
        assert f"notice: {part}" in out
    assert "notice: server.admin: reachable from other machines" in out


def test_check_of_an_admin_listener_for_everybody_fails(run: Run, garden: Path, tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("lists: lists\nserver: {admin: 0.0.0.0:9464}\n")
    status, out, err = run("check", "--config", path)
    assert (status, out) == (1, "")
    assert "admin_auth asks for nothing" in err


def test_check_gives_no_notice_of_what_is_configured(run: Run, garden: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(base64.b64encode(bytes(32)))
    path = tmp_path / "c.yaml"
    path.write_text(
        "lists: lists\nsearches: {path: /search, parameters: q}\ntickets: {key_file: key}\n"
        "server: {upstream: http://127.0.0.1:8888}\n"
    )
    status, out, _ = run("check", "--config", path)
    assert status == 0
    for part in ("searches", "server", "tickets"):
        assert f"notice: {part}" not in out


def test_check_without_a_file_checks_the_defaults(run: Run) -> None:
    status, out, err = run("check")
    assert (status, err) == (0, "")
    assert "good: " in out


def test_check_tells_every_mistake_with_line_and_remedy(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("mode: loud\nserver:\n  workers: none\n  listn: here\n")
    status, out, err = run("check", "--config", path)
    assert (status, out) == (1, "")
    assert err.splitlines() == [
        f"{path}:1: 'mode' is not a known word. Write one of: enforce, shadow.",
        f"{path}:3: 'workers' is not a number. Write digits.",
        f"{path}:4: has an unknown key 'listn'. Did you mean 'listen'?",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lists: missing.yaml", "missing.yaml: cannot be read (No such file or directory)"),
        ("lists: c.yaml", "c.yaml:1: has an unknown key"),
        ("banner: {message: of-another-project}", "banner.message"),
        ("banner: {default_language: tlh}", "banner.default_language"),
        ("tickets: {key_file: missing.key}", "missing.key: the ticket key cannot be read"),
    ],
)
def test_check_loads_all_that_the_file_names(run: Run, tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(text + "\n")
    status, out, err = run("check", "--config", path)
    assert said in err
    assert (status, out) == (1, "")


def test_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    for command in ("show", "check"):
        status, out, err = run(command, "--config", tmp_path / "missing.yaml")
        assert (status, out) == (2, "")
        assert "missing.yaml: there is no such file or folder" in err


@pytest.mark.parametrize("arguments", [[], ["chekc"], ["check", "file.yaml"]])
def test_a_wrong_call_ends_with_2(run: Run, arguments: list[str]) -> None:
    status, _, err = run(*arguments)
    assert status == 2
    assert "usage: interceptor " in err


@pytest.mark.parametrize(("is_compiled", "told"), [(True, "compiled"), (False, "not compiled")])
def test_the_version_tells_whether_matching_is_compiled(
    is_compiled: bool, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(prefilter, "IS_COMPILED", is_compiled)
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert not stopped.value.code
    assert capsys.readouterr().out == f"interceptor {__version__}, matching {told}\n"
