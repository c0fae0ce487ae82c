from pathlib import Path

import pytest

from interceptor.cli.main import main

LIST = """\
id: lanterns
version: "3"
expires: 2020-01-31
groups:
  gardening: [how to plant]
entries:
  - id: lantern
    terms: [purple garden lantern]
    unless:
      - then: informational
        groups: gardening
    samples:
      match: [purple garden lantern, how to plant a purple garden lantern]
      pass: [purple lantern, "Purple: garden lantern"]
  - id: retired
    terms: [violet]
    status: retired
    samples:
      match: [violet]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "lanterns.yaml"
    path.write_text(LIST)
    return path


def test_validate_counts_and_tells_of_an_expired_list(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lists", "validate", str(path)]) == 0
    out = capsys.readouterr().out
    assert "lanterns 3: 2 entries, no mistakes" in out
    assert "expired on 2020-01-31" in out


def test_validate_tells_every_mistake_and_no_term(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_text(
        LIST.replace("then: informational", "then: nothing").replace("status: retired", "status: gone")
    )
    assert main(["lists", "validate", str(path)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.partition(" ")[0] for line in err.splitlines()] == [f"{path}:10:", f"{path}:17:"]
    assert "purple" not in err


def test_a_path_that_leads_nowhere_is_a_wrong_call(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("validate", "test"):
        assert main(["lists", command, str(path), str(path.with_name("missing.yaml"))]) == 2
        assert "missing.yaml: there is no such file or folder" in capsys.readouterr().err


def test_test_names_failing_samples_by_number(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lists", "test", str(path)]) == 1
    out = capsys.readouterr().out
    assert out.splitlines() == [
        "lanterns: line 7, entry 'lantern': match sample 2 does not match",
        "lanterns: line 7, entry 'lantern': pass sample 2 matches",
        "4 samples of 1 entry: 2 failed",
    ]


def test_test_shows_texts_only_when_asked(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lists", "test", "--show", str(path)]) == 1
    assert 'pass sample 2 matches: "Purple: garden lantern"' in capsys.readouterr().out


def test_test_passes_and_counts_entries_without_samples(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "terms.txt"
    path.write_text("purple garden lantern\nviolet garden lantern\n")
    assert main(["lists", "test", str(path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "0 samples of 2 entries: 0 failed",
        "note: 2 entries have no sample under 'match'",
    ]


def test_the_shipped_lists_hold(capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(Path(__file__).parents[2] / "keyword_lists")
    assert main(["lists", "validate", folder]) == 0
    assert main(["lists", "test", folder]) == 0
    assert "0 failed" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["lists"], ["lists", "nothing"], ["lists", "validate"], ["lists", "test"]]
)
def test_a_wrong_call_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage: " in capsys.readouterr().err


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["lists", "test", "--help"])
    out = capsys.readouterr().out
    assert "example:" in out
    assert "Exit status: 0" in out
