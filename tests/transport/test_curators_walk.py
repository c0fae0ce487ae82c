"""docs/curators.md from the spreadsheet to the list in force, run as it stands, with a real service at its end."""

from __future__ import annotations

import getpass
import io
import re
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from publishing import host
from running import Running, until

from interceptor.cli.main import main
from interceptor.termlists.sealing import new_identity

TEXT = (Path(__file__).parents[2] / "docs" / "curators.md").read_text()
FIRST_HALF = ("The first list", "The monthly update")
SECOND_HALF = (
    "Sealing: who can open the list",
    "Keys for publishing",
    "The first publication",
    "Publishing every month",
    "The timestamp: who signs it again, and how",
)
ROTATION = ("Changing a key",)


class Terminal(io.StringIO):
    """Standard input with somebody in front of it."""

    def isatty(self) -> bool:
        return True


def steps(headings: tuple[str, ...]) -> list[tuple[str, str]]:
    """Every command of these sections with the answer that the page shows."""
    found = []
    for heading in headings:
        section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
        for block in re.findall(r"```console\n(.*?)```", section, re.DOTALL):
            for step in block.split("$ ")[1:]:
                command, _, answer = step.partition("\n")
                found.append((command, answer))
    return found


Walk = Callable[[tuple[str, ...]], None]


@pytest.fixture
def walk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Walk:
    """Run the commands of sections in a folder of their own, and compare what they print."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(getpass, "getpass", lambda prompt: "four plain words here")
    monkeypatch.setattr("builtins.input", lambda prompt: print(f"{prompt}y") or "y")

    def run(headings: tuple[str, ...]) -> None:
        for command, answer in steps(headings):
            words = command.split()
            if words[0] == "mkdir":
                for name in words[1:]:
                    (tmp_path / name).mkdir()
                continue
            monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
            status = main(words[1:])
            said = capsys.readouterr()
            assert status == (1 if "1 error," in answer else 0), (command, said)
            pattern = ".*".join(map(re.escape, answer.split("...")))
            assert re.fullmatch(pattern, said.out, re.DOTALL), (command, said.out)

    return run


def spreadsheets(folder: Path) -> None:
    october, november = re.findall(r"\| ID \|(?:.+\n)+", TEXT)
    without = "\n".join(line for line in november.splitlines() if "lantern-5" not in line)
    for name, table in (("october", october), ("november", november), ("corrected", without)):
        book = openpyxl.Workbook()
        assert book.active is not None
        for line in table.strip().splitlines():
            if "---" not in line:
                cells = [cell.strip() or None for cell in line.strip().strip("|").split("|")]
                book.active.append(cells)
        book.save(folder / f"{name}.xlsx")


def is_warned(running: Running, query: str) -> bool:
    try:
        with urllib.request.urlopen(f"{running.url}/?q={query.replace(' ', '+')}", timeout=20) as answer:
            return b"redirectionprogram.com" in answer.read()
    except urllib.error.HTTPError as answer:
        answer.close()
        return False


@pytest.mark.timeout(400)  # each passphrase takes a second or more to try, on purpose
def test_from_the_spreadsheet_to_the_list_in_force(
    tmp_path: Path, walk: Walk, serve: Callable[..., Running], capsys: pytest.CaptureFixture[str]
) -> None:
    spreadsheets(tmp_path)
    walk(FIRST_HALF)

    # The operators: two identities; what they send is put into one file.
    secret, recipient = new_identity()
    (tmp_path / "identity.txt").write_text(secret)
    (tmp_path / "identity.txt").chmod(0o600)
    (tmp_path / "operators.txt").write_text(f"{recipient} # of the engine\n{new_identity()[1]}\n")
    walk(SECOND_HALF)

    shutil.copy(tmp_path / "repository" / "metadata" / "1.root.json", tmp_path / "root.json")
    with host(tmp_path / "repository") as hosting:
        running = serve(
            {
                "lists_identity": {"file": str(tmp_path / "identity.txt")},
                "updates": {
                    "state": str(tmp_path / "updates"),
                    "interval": "1s",
                    "sources": [
                        {
                            "name": "hotline",
                            "url": hosting.url,
                            "root": str(tmp_path / "root.json"),
                            "signers": [
                                (tmp_path / "anna" / "curator-anna.pub").read_text().strip(),
                                (tmp_path / "ben" / "curator-ben.pub").read_text().strip(),
                            ],
                            "lists": ["lanterns.yaml.age"],
                        }
                    ],
                },
            }
        )
        until(lambda: is_warned(running, "lilac garden lantern"), "november's list to come into force")

        # A key is changed; then the other curator publishes december's list, and the service has followed.
        walk(ROTATION)
        (tmp_path / "online" / "timestamp.key").unlink()
        december = (tmp_path / "november.yaml").read_text().replace("lilac garden", "copper garden")
        (tmp_path / "december.yaml").write_text(december.replace("2026.11", "2026.12"))
        for command in (
            "lists seal december.yaml --recipients operators.txt --out lanterns.yaml.age",
            "lists publish add repository lanterns.yaml.age --keys ben --keys online",
        ):
            assert main(command.split()) == 0, capsys.readouterr()
        until(lambda: is_warned(running, "copper garden lantern"), "december's list to come into force")
        assert not is_warned(running, "lilac garden lantern")
