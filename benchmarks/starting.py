"""How long ``interceptor serve`` takes from its call until it answers, with the same list in three forms.

Each start is a fresh process with one worker on Unix sockets; the forms take turns, and medians count. Elapsed time
is what an operator waits; processor time, of the supervisor and its worker until they are told to stop, is the one
that other work on the machine disturbs less. A list of one entry tells what is left without any list to speak of.
Modules are compiled to bytecode beforehand, as an installed package has them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks import standins

ROUNDS = 7
SECONDS = 120.0
"""How long a start may take before the run is given up."""


def lists(folder: Path, entries: int) -> dict[str, Path]:
    """Write the same list as YAML, as plain text and compiled, and one of a single entry."""
    terms = standins.terms(entries)
    paths = {
        "YAML": folder / "standin.yaml",
        "text": folder / "standin.txt",
        "compiled": folder / "standin.compiled",
        "one entry": folder / "one.txt",
    }
    rows = (f"  - id: s{number}\n    terms: [{term}]\n" for number, term in enumerate(terms))
    paths["YAML"].write_text("id: standin\nentries:\n" + "".join(rows), encoding="utf-8")
    paths["text"].write_text("\n".join(terms), encoding="utf-8")
    paths["one entry"].write_text(terms[0], encoding="utf-8")
    interceptor = (sys.executable, "-m", "interceptor")
    subprocess.run(
        [*interceptor, "lists", "compile", paths["YAML"], "--out", paths["compiled"]],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return paths


def start(path: Path, folder: Path) -> tuple[float, float]:
    """Start the service with the list ``path`` and stop it; returns elapsed and processor seconds."""
    command = [sys.executable, "-m", "interceptor", "serve", "--lists", str(path), "--log-level", "error"]
    for option in ("listen", "admin"):
        command += [f"--{option}", f"unix:{folder / option}.sock"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    before, began = os.times(), time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            elapsed = time.perf_counter() - began
            process.terminate()
            process.wait(SECONDS)
        finally:
            process.kill()
    if not said.startswith("serving"):
        raise SystemExit("the service did not start")
    after = os.times()
    spent = after.children_user - before.children_user + after.children_system - before.children_system
    return elapsed, spent


def run(entries: int = 37_000, rounds: int = ROUNDS) -> dict[str, tuple[float, float]]:
    """Measure; returns for each form the medians of elapsed and processor seconds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = lists(folder, entries)
        for path in paths.values():
            start(path, folder)  # so that no form is the one that finds files out of the cache
        times: dict[str, list[tuple[float, float]]] = {form: [] for form in paths}
        for _ in range(rounds):
            for form, path in paths.items():
                times[form].append(start(path, folder))
    return {
        form: (statistics.median(a for a, _ in measured), statistics.median(b for _, b in measured))
        for form, measured in times.items()
    }


def table(found: Mapping[str, tuple[float, float]]) -> str:
    """The medians, and how many times as long as compiled each form takes."""
    lines = [f"{'list':>12}  {'elapsed s':>9}  {'ratio':>6}  {'processor s':>11}  {'ratio':>6}"]
    compiled = found["compiled"]
    for form, (elapsed, spent) in found.items():
        lines.append(
            f"{form:>12}  {elapsed:>9.2f}  {elapsed / compiled[0]:>6.2f}"
            f"  {spent:>11.2f}  {spent / compiled[1]:>6.2f}"
        )
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=37_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    print(table(run(options.entries, options.rounds)))


if __name__ == "__main__":
    main()
