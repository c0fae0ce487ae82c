"""The scripts that make the data files, on small inputs; what they made is tested where it is used."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

from interceptor.folding.lookalikes import LOOKALIKES

TOOLS = Path(__file__).parents[2] / "tools"

CONFUSABLES = """\
# confusables.txt
# Date: 2022-08-26, 16:49:08 GMT
# Version: 15.0.0

0430 ;\t0061 ;\tMA\t# ( \u0430 \u2192 a ) CYRILLIC SMALL LETTER A
041A ;\t004B ;\tMA\t# capital, like K
0406 ;\t006C ;\tMA\t# like l, as I is
0456 ;\t0069 ;\tMA\t# like i
0031 ;\t006C ;\tMA\t# ASCII
1D4F5 ;\t006C ;\tMA\t# folds to l anyway
0661 ;\t006C ;\tMA\t# a digit, folds to 1
0444 ;\t0278 ;\tMA\t# like no Latin letter
006D ;\t0072 006E ;\tMA\t# two letters
0430 0301 ;\t0061 ;\tMA\t# two characters
"""


def test_lookalikes_are_made_of_confusables(tmp_path: Path) -> None:
    source = tmp_path / "confusables.txt"
    source.write_text(CONFUSABLES, encoding="utf-8")
    made = subprocess.run(
        [sys.executable, TOOLS / "make_lookalikes.py", source],
        env={"PYTHONPATH": str(TOOLS.parent), "PYTHONUTF8": "1"},
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    ).stdout.splitlines()
    assert "version 15.0.0, dated 2022-08-26;" in "".join(made)
    assert [line for line in made if not line.startswith("#")] == [
        "0406 i CYRILLIC CAPITAL LETTER BYELORUSSIAN-UKRAINIAN I",
        "041A k CYRILLIC CAPITAL LETTER KA",
        "0430 a CYRILLIC SMALL LETTER A",
        "043A k CYRILLIC SMALL LETTER KA",
        "0456 i CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I",
    ]
    assert all(LOOKALIKES[int(line.split()[0], 16)] == line.split()[1] for line in made if line[0] != "#")


def test_simplified_characters_are_made_of_rows() -> None:
    made = runpy.run_path(str(TOOLS / "make_simplified.py"))
    rows = ["# comment", "", "園\t园", "乾\t干 乾", "著\t著 着", "鏈\t链", "A\tB", "B\tC", "詞語\t词语"]
    assert made["rows"](made["mapping"](rows)) == ["CAB", "园園", "干乾", "链鏈"]
