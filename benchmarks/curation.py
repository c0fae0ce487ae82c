"""How long curators wait: import, lint and diff of a long list, each as the command that they call.

The table that is imported has a language and a sample in every row; the list that it is compared with has one entry in
a hundred changed. Each command is a fresh process. Elapsed time is what a curator waits; processor time is what other
work on the machine disturbs less.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import standins


def tables(folder: Path, entries: int) -> tuple[Path, Path]:
    """Write the old and the new table."""
    terms = list(standins.terms(entries))
    paths = folder / "old.csv", folder / "new.csv"
    for path, changed in zip(paths, ("", " new"), strict=True):
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("id", "term", "language", "sample"))
            for number, term in enumerate(terms):
                said = term + changed if number % 100 == 0 else term
                writer.writerow((f"s{number}", said, "en", f"cheap {said}"))
    return paths


def call(*arguments: str | Path) -> tuple[float, float]:
    """Run ``interceptor lists`` with ``arguments``; returns elapsed and processor seconds."""
    before, began = os.times(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "interceptor", "lists", *arguments], stdout=subprocess.DEVNULL, check=False
    )
    elapsed, after = time.perf_counter() - began, os.times()
    if done.returncode not in (0, 1):
        raise SystemExit(f"lists {arguments[0]} ended with status {done.returncode}")
    spent = after.children_user - before.children_user + after.children_system - before.children_system
    return elapsed, spent


def run(entries: int) -> dict[str, tuple[float, float]]:
    """Measure each command once; returns elapsed and processor seconds by its name."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        old, new = tables(folder, entries)
        lists = folder / "old.yaml", folder / "new.yaml"
        call("import", old, "--out", lists[0], "--yes")
        return {
            "import": call("import", new, "--out", lists[1], "--yes"),
            "import --update": call("import", new, "--update", lists[0], "--out", folder / "u.yaml", "--yes"),
            "lint": call("lint", lists[1]),
            "test": call("test", lists[1]),
            "diff": call("diff", *lists),
        }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=37_000)
    options = parser.parse_args()
    print(f"{'command':>16}  {'elapsed s':>9}  {'processor s':>11}")
    for name, (elapsed, spent) in run(options.entries).items():
        print(f"{name:>16}  {elapsed:>9.1f}  {spent:>11.1f}")


if __name__ == "__main__":
    main()
