"""The fault drill runs, and says of a fault what became of the searches. `make drill` holds all of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(shutil.which("nginx", path="/usr/sbin:/usr/bin") is None, reason="nginx is not installed")
@pytest.mark.parametrize("policy", ["open", "closed"])
def test_a_killed_worker_and_a_broken_list_go_unnoticed(policy: str) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.drill", "--policy", policy),
            *("--fault", "kill a worker", "--fault", "push a broken list"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = re.findall(
        r"^\| ([^|]+) \| (\w+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| [\d.]+ s \|$", done.stdout, re.M
    )
    assert [row[0] for row in rows] == ["kill a worker", "push a broken list"]
    for _, _, searches, lost, let_through, refused in rows:
        assert int(searches) > 20
        assert int(let_through) == 0
        # Those that the worker had in hand, which a proxy in front may ask the other worker again.
        assert int(lost) + int(refused) <= 5
