"""Run every fuzz target for so many seconds each: ``python tests/fuzz/run.py [SECONDS]``.

An input that breaks a target is left under ``build/fuzz/``, and its name printed: run the target again with it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
SECONDS = 20
LONGEST = 12_000
"""Octets of the longest input: long enough for work that grows with the square of it to show."""


def main() -> int:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    if find_spec("atheris") is None:
        print("atheris is not installed: pip install -e '.[fuzz]'", file=sys.stderr)
        return 1
    findings = HERE.parents[1] / "build" / "fuzz"
    findings.mkdir(parents=True, exist_ok=True)
    failed = []
    for target in sorted(HERE.glob("fuzz_*.py")):
        with tempfile.TemporaryDirectory() as folder:
            corpus = Path(folder, "corpus")
            corpus.mkdir()
            done = subprocess.run(
                [
                    *(sys.executable, target),
                    *(
                        f"-max_total_time={seconds}",
                        f"-max_len={LONGEST}",
                        "-timeout=20",
                        "-rss_limit_mb=2048",
                    ),
                    *("-verbosity=0", "-print_final_stats=1", f"-artifact_prefix={findings}/{target.stem}-"),
                    corpus,
                ],
                capture_output=True,
                text=True,
                errors="replace",
                timeout=seconds * 3 + 120,
            )
        runs = [line for line in done.stderr.splitlines() if "number_of_executed_units" in line]
        print(
            f"{target.stem}: {'ok' if done.returncode == 0 else 'FAILED'}, {runs[0].split()[-1] if runs else 0} inputs"
        )
        if done.returncode:
            failed.append(target.stem)
            print(done.stdout[-4_000:], done.stderr[-4_000:], sep="\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
