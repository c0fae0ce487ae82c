"""The curators' commands as they are called: answers, exit statuses, and that no term is printed unasked."""

import io
import json
import os
import pty
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from interceptor.cli.main import main

TABLE = "Term;Sprache;Note\npurple garden lantern;en;seen\nPurple-Garden Lantern;en;\nviolet lantern;en;\n"
LIST = """\
id: lanterns
language: en
entries:
  - id: one
    terms: [purple garden lantern]
    status: testing
  - id: two
    terms: [weather, qzx]
    status: testing
"""


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "march.csv"
    path.write_text(TABLE)
    return path


@pytest.fixture
def lanterns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "lanterns.yaml"
    path.write_text(LIST)
    return path


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def run(*arguments: object) -> tuple[int, str, str]:
        status = main(["lists", *map(str, arguments)])
        return status, *capsys.readouterr()

    return run


Call = Callable[..., tuple[int, str, str]]


def test_import_writes_a_list_for_its_owner_alone(table: Path, call: Call) -> None:
    status, out, _ = call("import", table, "--map", "Sprache=language", "--out", "a.yaml", "--yes")
    assert status == 0
    assert "march.csv:3: left out: repeats a term of line 2" in out
    assert "purple" not in out.lower()
    assert stat.S_IMODE(Path("a.yaml").stat().st_mode) == 0o600
    assert call("validate", "a.yaml")[0] == 0


def test_import_shows_what_was_left_out_when_asked(table: Path, call: Call) -> None:
    _, out, _ = call("import", table, "--out", "a.yaml", "--yes", "--show-terms")
    assert "repeats a term of line 2: Purple-Garden Lantern" in out


def test_import_asks_and_takes_no_for_an_answer(
    table: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: "")
    status, out, _ = call("import", table, "--out", "a.yaml")
    assert status == 2
    assert "Nothing was written" in out
    assert not Path("a.yaml").exists()


@pytest.mark.parametrize(("answer", "there"), [(b"y\n", True), (b"no\n", False), (b"\x04", False)])
def test_import_asks_on_a_real_terminal(table: Path, answer: bytes, there: bool) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "interceptor", "lists", "import", table, "--out", "a.yaml"],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        os.write(ours, answer)
        out, err = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert b"Is that right? [y/N]" in out
    assert process.returncode == (0 if there else 2)
    assert Path("a.yaml").exists() is there
    assert b"purple" not in out + err


def test_import_without_a_terminal_needs_yes(
    table: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    status, _, err = call("import", table, "--out", "a.yaml")
    assert status == 2
    assert "--yes" in err


def test_import_replaces_a_file_only_by_force_and_whole(table: Path, call: Call) -> None:
    Path("a.yaml").write_text("precious")
    status, _, err = call("import", table, "--out", "a.yaml", "--yes")
    assert status == 2
    assert "--force" in err
    table.write_text("term,term\nx,y\nid;broken\n")
    assert call("import", table, "--out", "a.yaml", "--yes", "--force", "--map", "9=term")[0] == 2
    assert Path("a.yaml").read_text() == "precious"
    table.write_text("term\npurple garden lantern\n")
    assert call("import", table, "--out", "a.yaml", "--yes", "--force")[0] == 0
    assert Path("a.yaml").read_text().startswith("format: 1\nid: a\n")


def test_import_of_nothing_is_a_list_at_fault(table: Path, call: Call) -> None:
    table.write_text("term\n...\n")
    status, _, err = call("import", table, "--out", "a.yaml", "--yes")
    assert status == 1
    assert "holds no entries" in err
    assert not Path("a.yaml").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        ["--out", "a.csv"],
        ["--out", "a.yaml", "--map", "term"],
        ["--out", "a.yaml", "--map", "1=tern"],
        ["--out", "a.yaml", "--id", "a b"],
        ["--out", "a.yaml", "--language", "not a tag"],
        ["--out", "a.yaml", "--expires", "soon"],
    ],
)
def test_import_called_wrongly(table: Path, wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["lists", "import", str(table), *wrong])
    assert stopped.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_import_of_several_files_makes_one_list(table: Path, call: Call, lanterns: Path) -> None:
    head = (
        "--title",
        "All",
        "--version",
        "2026.11",
        "--expires",
        "2026-12-31",
        "--id",
        "all",
        "--category",
        "ambiguous",
    )
    status, _, _ = call("import", lanterns, table, "--out", "a.yaml", "--yes", *head)
    assert status == 0
    text = Path("a.yaml").read_text()
    for line in (
        "id: all\n",
        "title: All\n",
        "version: '2026.11'\n",
        "expires: 2026-12-31\n",
        "category: ambiguous\n",
    ):
        assert line in text
    assert text.count("- id:") == 4  # the same term, once seeking and once as the new list says


def test_lint_tells_errors_and_exits_with_1(lanterns: Path, call: Call) -> None:
    status, out, _ = call("lint", lanterns)
    assert status == 1
    assert "lanterns: line 7, entry 'two': term 1 is an ordinary word, alone\n" in out
    assert out.endswith("2 errors, 0 warnings, 0 notes\n")
    assert "weather" not in out
    assert "alone: weather\n" in call("lint", lanterns, "--show-terms")[1]


def test_lint_is_strict_with_warnings_when_asked(lanterns: Path, call: Call) -> None:
    lanterns.write_text(LIST.partition("  - id: two")[0].replace("testing", "stable"))
    assert call("lint", lanterns)[0] == 0
    assert call("lint", lanterns, "--strict")[0] == 1


def test_lint_allows_what_the_entry_allows(lanterns: Path, call: Call) -> None:
    lanterns.write_text(LIST + "    lint: {allow: [short, ordinary-word]}\n")
    assert call("lint", lanterns)[0] == 0


def test_lint_as_data(lanterns: Path, call: Call) -> None:
    _, out, _ = call("lint", lanterns, "--format", "json")
    found = [json.loads(line) for line in out.splitlines()]
    assert {(each["check"], each["severity"], each["entry"]) for each in found} == {
        ("ordinary-word", "error", "two"),
        ("short", "error", "two"),
    }
    assert "text" not in found[0]


def test_lint_without_a_list_is_a_wrong_call(call: Call) -> None:
    assert call("lint")[0] == 2
    assert call("lint", "--checks")[0] == 0


def test_lint_shortens_long_answers(lanterns: Path, call: Call) -> None:
    entries = "".join(f"  - {{id: e{number}, terms: weather, status: testing}}\n" for number in range(30))
    lanterns.write_text(f"id: lanterns\nentries:\n{entries}")
    out = call("lint", lanterns)[1]
    assert "… and 20 more: --all" in out
    assert call("lint", lanterns, "--all")[1].count("an ordinary word, alone") == 30


def test_diff_says_what_changes_for_ordinary_searches(lanterns: Path, call: Call, tmp_path: Path) -> None:
    (new := tmp_path / "new.yaml").write_text(LIST.replace("[purple", "[bench, purple"))
    (queries := tmp_path / "en.txt").write_text("a bench\nred bench\nweather\nchair\n")
    status, out, _ = call("diff", lanterns, new, "--queries", queries, "--share", "0.5")
    assert status == 1
    assert "  changed: entry 'one' of list 'lanterns': terms\n" in out
    assert "4 ordinary searches: 2 newly acted on" in out
    assert "  newly, by language: en 2\n" in out
    assert "  because of: entry 'one' of list 'lanterns': 2 searches\n" in out
    assert "A SERVICE WOULD REFUSE IT: it acts on 3 of 4 ordinary searches; 2 are allowed" in out
    assert "bench" not in out
    out = call("diff", lanterns, new, "--queries", queries, "--share", "0.75", "--show-terms")[1]
    assert "2 searches: a bench; red bench\n" in out
    assert "A service takes it" in out


def test_merge_changes_the_list_in_place_and_keeps_its_permissions(lanterns: Path, call: Call) -> None:
    lanterns.chmod(0o640)
    Path("s.yaml").write_text("for: lanterns\nentries: [{id: three, terms: amber lantern}]\n")
    assert call("merge", lanterns, "s.yaml", "--dry-run")[0] == 0
    assert lanterns.read_text() == LIST
    status, out, _ = call("merge", lanterns, "s.yaml")
    assert status == 0
    assert out.startswith("added: entry 'three' (draft)\n")
    assert lanterns.read_text().startswith(LIST)
    assert stat.S_IMODE(lanterns.stat().st_mode) == 0o640
    assert "amber" not in out


def test_merge_with_a_conflict_writes_nothing(lanterns: Path, call: Call) -> None:
    Path("s.yaml").write_text(
        "for: lanterns\nentries:\n  - {id: three, terms: amber lantern}\n  - {id: one, terms: x y z}\n"
    )
    status, out, _ = call("merge", lanterns, "s.yaml")
    assert status == 1
    assert "s.yaml:4: conflict: entry 'one' has the id of another entry" in out
    assert lanterns.read_text() == LIST
    assert call("merge", lanterns, "s.yaml", "--replace", "--out", "b.yaml")[0] == 0
    assert lanterns.read_text() == LIST
    assert call("validate", "b.yaml")[0] == 0


def test_merge_called_wrongly(lanterns: Path, call: Call) -> None:
    Path("a.txt").write_text("purple lantern\n")
    assert call("merge")[0] == 2
    assert call("merge", lanterns)[0] == 2
    assert call("merge", "a.txt", lanterns)[0] == 2


def test_stats_counts_without_terms(lanterns: Path, call: Call) -> None:
    status, out, _ = call("stats", lanterns)
    assert status == 0
    assert "in all: 2 entries, 3 terms, 0 samples; 2 without a sample" in out
    for value in ("seeking", "en", "testing", "none", "word", "no date"):
        assert f"        2  {value}\n" in out
    assert "weather" not in out


def test_explain_from_the_call_and_from_standard_input(
    lanterns: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, out, _ = call("explain", "--lists", lanterns, "old purp1e garden lantern", "chair")
    assert status == 0
    assert out.splitlines() == [
        "old purp1e garden lantern",
        "  replace (seeking, en)",
        "  entry 'one' of list 'lanterns': seeking, replace; after undoing: signs for letters",
        "chair",
        "  pass",
    ]
    monkeypatch.setattr(sys, "stdin", io.StringIO("old purple garden lantern\n\n"))
    assert "at: purple garden lantern" in call("explain", "--lists", lanterns)[1]


@pytest.mark.parametrize("name", ["import", "lint", "diff", "merge", "stats", "explain"])
def test_every_command_teaches_by_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["lists", name, "--help"])
    out = capsys.readouterr().out
    assert f"interceptor lists {name} " in out.partition("example")[2]
    assert "Exit status: 0" in out
