"""Run every command that a document shows and compare what it prints with what the document says.

A ``console`` block is read: a line ``$ command`` and below it what it prints. ``...`` stands for anything,
within a line or as a line of its own. A command that still runs when all of its lines have come is ended with
Ctrl-C, as a reader would. Commands in other blocks (``sh``) are for the reader alone.

    readme_commands.py README.md docs/operators.md
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 120.0
"""Seconds that a command gets to print what the document says."""

GRACE = 15.0
"""Seconds that a command gets to end of itself, or after Ctrl-C."""

BEFORE = ("make test", "make lint")
"""Commands that CI has run by the time it comes here."""


@dataclass(frozen=True, slots=True)
class Example:
    """A command of a document, where it stands, and the lines that it is said to print."""

    place: str
    command: str
    expected: tuple[str, ...]


def read_examples(path: Path) -> list[Example]:
    """The commands of the ``console`` blocks of the Markdown file ``path``."""
    examples = []
    for block in re.finditer(r"^```console\n(.*?)^```", path.read_text(), re.MULTILINE | re.DOTALL):
        first_line = path.read_text()[: block.start(1)].count("\n") + 1
        command: str | None = None
        place, expected = "", list[str]()
        for number, line in enumerate([*block[1].splitlines(), "$ "], first_line):
            if not line.startswith("$ "):
                expected.append(line)
                continue
            if command:
                examples.append(Example(place, command, tuple(expected)))
            command, place, expected = line[2:], f"{path}:{number}", []
    return examples


def pattern(expected: tuple[str, ...]) -> re.Pattern[str]:
    """What the output has to match: the lines in their order, with ``...`` for anything."""
    parts = []
    for line in expected:
        if line.strip() == "...":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*?".join(map(re.escape, line.rstrip().split("..."))) + r"[ \t]*\n")
    return re.compile("".join(parts))


def run(example: Example) -> str | None:
    """Run one command; what went wrong, or nothing."""
    wanted = pattern(example.expected)
    process = subprocess.Popen(
        ["bash", "-c", example.command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        env=os.environ | {"PATH": f"{Path('.venv/bin').absolute()}:{os.environ['PATH']}"},
    )
    assert process.stdout is not None
    output = bytearray()

    def collect(stream: int) -> None:
        while chunk := os.read(stream, 65_536):
            output.extend(chunk)

    reader = threading.Thread(target=collect, args=(process.stdout.fileno(),), daemon=True)
    reader.start()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if example.expected and wanted.search(output.decode(errors="replace")):
            break
        reader.join(0.1)
    interrupted = False
    try:
        process.wait(GRACE if not example.expected else 2.0)
    except subprocess.TimeoutExpired:
        interrupted = True
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            return "does not end at Ctrl-C"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        reader.join(GRACE)
    text = output.decode(errors="replace")
    if not wanted.search(text):
        return f"printed something else:\n{text}"
    if not interrupted and process.returncode:
        return f"ended with status {process.returncode}:\n{text}"
    return None


def main() -> int:
    """Check the documents named on the command line; 1 where any command does not do what they say."""
    failed = 0
    for example in [example for name in sys.argv[1:] for example in read_examples(Path(name))]:
        if example.command in BEFORE:
            continue
        fault = run(example)
        print(f"{example.place}: {example.command}: {fault or 'as written'}", flush=True)
        failed += fault is not None
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
