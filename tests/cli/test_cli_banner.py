from __future__ import annotations

from pathlib import Path

import pytest

from interceptor.cli.main import main


def test_lint_finds_nothing_in_what_ships(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["banner", "lint"]) == 0
    assert capsys.readouterr().out == "25 languages with 12 messages: 0 findings\n"


def test_lint_tells_of_a_page_that_the_configuration_makes_too_large(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    resources = "".join(
        f"  help-{n}: {{title: {'Help ' * 12}, address: 'https://h{n}.example/'}}\n" for n in range(12)
    )
    path = tmp_path / "interceptor.yaml"
    path.write_text(f"resources:\n{resources}", "utf-8")
    assert main(["banner", "lint", "--config", str(path)]) == 1
    out = capsys.readouterr().out
    assert "messages/ta.yaml: makes a page of " in out
    assert "Shorten the message, the fixed words or the titles of resources." in out


@pytest.mark.parametrize("command", ["lint", "preview"])
def test_a_mistake_in_the_configuration_ends_with_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    path = tmp_path / "interceptor.yaml"
    path.write_text("banner:\n  style: {help: teal}\n", "utf-8")
    out = ["--out", str(tmp_path / "out")] if command == "preview" else []
    assert main(["banner", command, "--config", str(path), *out]) == 1
    assert "banner.style has no colour for 'help'" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_preview_writes_an_index(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "interceptor.yaml"
    path.write_text("banner: {languages: [en, fa]}\n", "utf-8")
    out = tmp_path / "out"
    assert main(["banner", "preview", "--config", str(path), "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"99 files; begin with {out}/index.html\n"
    assert "fa/harm-legal-strip-dark.html" in (out / "index.html").read_text("utf-8")


def test_preview_never_writes_among_other_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["banner", "preview", "--out", str(tmp_path)]) == 2
    assert "not an empty folder. Name a new one." in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_wrong_call_ends_with_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["banner"], ["banner", "preview"], ["banner", "lint", "--no-such"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
    capsys.readouterr()
