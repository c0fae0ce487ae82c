"""The monthly update of docs/curators.md, run as it stands there."""

import io
import re
import sys
from pathlib import Path

import openpyxl
import pytest

from interceptor.cli.main import main
from interceptor.curation.importing.columns import FIELDS

TEXT = (Path(__file__).parents[2] / "docs" / "curators.md").read_text()
MINE = "".join(
    TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    for heading in (
        "The spreadsheet",
        "The first list",
        "The monthly update",
        "Suggestions from colleagues",
        "Why is this search acted on?",
    )
)
BLOCKS: list[str] = re.findall(r"```console\n(.*?)```", MINE, re.DOTALL)


class Terminal(io.StringIO):
    """Standard input with somebody in front of it."""

    def isatty(self) -> bool:
        return True


def steps() -> list[tuple[str, str]]:
    """Every command of the walk with the answer that the page shows."""
    found = []
    for block in BLOCKS:
        for step in block.split("$ ")[1:]:
            command, _, answer = step.partition("\n")
            found.append((command, answer))
    return found


def spreadsheet(table: str, path: Path, without: str = "") -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in table.strip().splitlines():
        cells = [cell.strip() or None for cell in line.strip("| ").split(" | ")]
        if cells[0] not in ("---|---|---|---|---", without):
            book.active.append([cell.strip(" |") if cell else None for cell in cells])
    book.save(path)


def test_the_walk_goes_as_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    october, november = (table + "\n" for table in re.findall(r"\| ID \|(?:.+\n)+", MINE))
    spreadsheet(october, tmp_path / "october.xlsx")
    spreadsheet(november, tmp_path / "november.xlsx")
    spreadsheet(november, tmp_path / "corrected.xlsx", without="lantern-5")
    assert len(steps()) == 10
    for command, answer in steps():
        call, _, out = command.partition(" > ")
        typed = answer.partition("\n")[0] if " explain " in command else "y"
        monkeypatch.setattr(sys, "stdin", Terminal(f"{typed}\n"))
        monkeypatch.setattr("builtins.input", lambda prompt: print(f"{prompt}y") or "y")
        status = main(call.split()[1:])
        said = capsys.readouterr().out
        assert status == (1 if "1 error," in answer else 0), command
        if out:
            (tmp_path / out).write_text(said)
        else:
            assert said == answer, command


def test_every_check_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    main(["lists", "lint", "--checks"])
    checks = re.findall(r"^(\S+) \(", capsys.readouterr().out, re.MULTILINE)
    table = TEXT.split("## What lint says\n")[1].split("\n## ")[0]
    assert sorted(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == sorted(checks)


def test_every_column_is_described() -> None:
    table = TEXT.split("## The spreadsheet\n")[1].split("\n## ")[0]
    assert sorted(re.findall(r"^\| `([a-z]+)` \|", table, re.MULTILINE)) == sorted(FIELDS)
