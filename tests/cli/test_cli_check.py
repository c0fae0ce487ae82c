"""``interceptor check`` as people run it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

COMMAND = (sys.executable, "-m", "interceptor", "check")


def run(data: bytes, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *arguments], input=data, capture_output=True, timeout=100)


def decisions(data: bytes, *arguments: str | Path) -> list[dict[str, Any]]:
    done = run(data, *arguments)
    assert done.stderr == b""
    assert done.returncode == 0
    assert done.stdout.isascii()
    return [json.loads(line) for line in done.stdout.splitlines()]


def fault(data: bytes, status: int, *arguments: str | Path) -> str:
    done = run(data, *arguments)
    assert done.returncode == status
    assert done.stdout == b""
    assert b"Traceback" not in done.stderr
    return done.stderr.decode()


def test_the_example_of_the_readme() -> None:
    ordinary, matched = decisions(b"weather tomorrow\ncsam\n")
    assert ordinary == {"action": "pass", "category": None, "language": None}
    assert (matched["action"], matched["category"]) == ("replace", "seeking")


def test_one_line_out_for_each_line_in_whatever_it_holds(garden: Path) -> None:
    lines = [
        b"purple garden lantern",
        b"",
        b"violetti puutarhalyhtyj\xc3\xa4\r",
        b"\xff\xfe purple garden lantern \x80",
        b"green\x00bench\tweather",
        b"lantern festival\xe2\x80\xa8purple garden lantern",
        b"purple garden lantern law",
        b'"quotes" \\ and {braces}',
        b"x" * 100_000,
        b"the last line has no end: purple garden lantern",
    ]
    found = decisions(b"\n".join(lines), "--lists", garden)
    actions = [
        "replace",
        "pass",
        "replace",
        "replace",
        "pass",
        "replace",
        "annotate",
        "pass",
        "pass",
        "replace",
    ]
    assert [item["action"] for item in found] == actions
    assert [item["language"] for item in found[:3]] == ["en", None, "fi"]
    # The query is not among what is written.
    assert {tuple(item) for item in found} == {("action", "category", "language")}


def test_lists_are_replaced_by_those_that_are_named(garden: Path, tmp_path: Path) -> None:
    (tmp_path / "terms.txt").write_text("# a term a line\ngreen bench\n")
    (tmp_path / "table.csv").write_text("term,category,language\nblue bench,ambiguous,sv\n")
    data = b"csam\npurple garden lantern\ngreen bench\nblue bench\n"
    some = decisions(data, "--lists", tmp_path / "terms.txt", "--lists", tmp_path / "table.csv")
    assert [item["category"] for item in some] == [None, None, "seeking", "ambiguous"]
    assert [item["language"] for item in some] == [None, None, None, "sv"]
    more = decisions(data, "--lists", garden, tmp_path / "terms.txt")
    assert [item["category"] for item in more] == [None, "seeking", "seeking", None]


def test_the_configuration_chooses_lists_and_actions(garden: Path, tmp_path: Path) -> None:
    config = tmp_path / "interceptor.yaml"
    config.write_text("lists: lists\nactions: {ambiguous: replace}\n")
    found = decisions(b"lantern festival\ncsam\n", "--config", config)
    assert [item["action"] for item in found] == ["replace", "pass"]


def test_explain_shows_query_entries_and_places(garden: Path) -> None:
    found = decisions(
        "Purple GÁRDEN lantern law\nweather\n\udcff".encode("utf-8", "surrogateescape"),
        *("--lists", garden, "--explain"),
    )
    assert found[0]["query"] == "Purple GÁRDEN lantern law"
    (match,) = found[0]["matches"]
    assert (match["list"], match["entry"], match["category"]) == ("garden", "phrase", "informational")
    assert match["text"] == "Purple GÁRDEN lantern"
    assert match["span"] == [0, 21]
    assert (found[1]["query"], found[1]["matches"]) == ("weather", [])
    assert found[2]["query"] == "\udcff"


def test_explain_names_what_was_left_out(garden: Path) -> None:
    lines = b"weather -purple garden lantern site:example.org\npurple garden lantern\n"
    excluded, wanted = decisions(lines, "--lists", garden, "--explain")
    assert (excluded["action"], excluded["matches"]) == ("pass", [])
    assert excluded["left_out"] == ["-purple", "site:example.org"]
    assert (wanted["action"], "left_out" in wanted) == ("replace", False)


def test_answers_come_line_by_line(garden: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "--lists", garden], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for query, action in ((b"weather\n", "pass"), (b"purple garden lantern\n", "replace")):
            process.stdin.write(query)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["action"] == action
        process.stdin.close()
        assert process.wait(100) == 0


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()  # as `| head -1` does
        process.stdin.write(b"weather\n" * 10)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(100) == 0


def test_a_mistake_in_a_list_ends_with_1_and_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("id: bad\nentries:\n  - id: one\n    term: purple garden lantern\n")
    said = fault(b"x\n", 1, "--lists", path)
    assert f"{path}:4: has an unknown key 'term'. Did you mean 'terms'?" in said
    assert "lantern" not in said


def test_a_mistake_in_the_configuration_ends_with_1(tmp_path: Path) -> None:
    path = tmp_path / "interceptor.yaml"
    path.write_text("mode: loud\n")
    assert fault(b"x\n", 1, "--config", path).startswith(
        f"{path}:1: 'mode' is not a known word. Write one of: "
    )


@pytest.mark.parametrize(
    "arguments", [["--explian"], ["--lists"], ["--config"], ["query on the command line"]]
)
def test_a_wrong_call_ends_with_2_and_says_how(arguments: list[str]) -> None:
    assert "usage: interceptor " in fault(b"", 2, *arguments)


def test_help_shows_an_example() -> None:
    done = run(b"", "--help")
    assert done.returncode == 0
    assert b"printf 'weather tomorrow" in done.stdout


def test_an_interrupt_leaves_no_traceback(garden: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "--lists", garden],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell starts background jobs with interrupts ignored, and that is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b"weather\n")
        process.stdin.flush()
        process.stdout.readline()  # it runs
        os.kill(process.pid, 2)
        assert process.wait(100) == 130
        assert process.stderr.read() == b""
