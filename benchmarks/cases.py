"""Sort the rewritten stand-ins of tests/accuracy anew: what is replaced now, and what is missed still.

    python -m benchmarks.cases

Moves queries between positive.yaml and known_broken.yaml after a change of the matching, and names the classes of
those that moved. What moves out of positive.yaml is a regression: look before you keep it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from pathlib import Path

import yaml

from interceptor import Action, Interceptor
from interceptor.config import Config
from interceptor.termlists.reading import read_lists

FOLDER = Path(__file__).parents[1] / "tests" / "accuracy"
_SCRIPT_MARKS = re.compile("[\u0591-\u05c7\u0900-\u0dff\u0e00-\u0eff]")
"""Marks that belong to the writing of Hebrew, of India and of Thailand, and are left to be read."""
_PLAIN = re.compile(r"[^\W\d_][\w'.-]*( [\w'.-]+)*")

Groups = dict[tuple[str, str], list[str]]
"""Queries by class and wanted action."""


def read(name: str) -> Groups:
    """The groups of one data file; where they say nothing else, their queries are to be replaced."""
    found: Groups = defaultdict(list)
    for group in yaml.safe_load((FOLDER / name).read_text(encoding="utf-8")):
        found[group["class"], group.get("wanted", Action.REPLACE.value)] += group["queries"]
    return found


def write(name: str, groups: Groups, *, with_wanted: bool) -> None:
    """Write one data file anew; its first lines, which are comments, stay."""
    path = FOLDER / name
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    for (kind, wanted), queries in groups.items():
        lines.append(f"- class: {kind}")
        if with_wanted:
            lines.append(f"  wanted: {wanted}")
        lines += ["  queries:", *(f"    - {scalar(query)}" for query in queries)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def scalar(text: str) -> str:
    """``text`` as a YAML scalar, with what cannot be seen or read by itself as an escape."""
    escaped = "".join(map(_escaped, text))
    if escaped == text and _PLAIN.fullmatch(text):
        return text
    return f'"{escaped}"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    category = unicodedata.category(char)
    unseen = category in ("Cf", "Cc", "Co", "Cn", "Cs", "Me") or (category == "Zs" and char != " ")
    if unseen or (category == "Mn" and not _SCRIPT_MARKS.match(char)) or char in "\u115f\u1160\u3164":
        return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
    return char


def main() -> None:
    """Sort."""
    gate = Interceptor(Config(), read_lists([FOLDER / "stand_ins.yaml"]))
    positive, broken = read("positive.yaml"), read("known_broken.yaml")
    sorted_positive: Groups = defaultdict(list)
    sorted_broken: Groups = defaultdict(list)
    for key in {**positive, **broken}:
        for query in (*positive.get(key, ()), *broken.get(key, ())):
            right = gate.decide(query).action == key[1]
            if right and key[1] != Action.REPLACE:
                print(f"right now, move it to negative.yaml: {key[0]}")
            goes = sorted_positive if right and key[1] == Action.REPLACE else sorted_broken
            goes[key].append(query)
            if (query in positive.get(key, ())) != (goes is sorted_positive):
                print(f"{'found now' if goes is sorted_positive else 'LOST'}: {key[0]}")
    write("positive.yaml", sorted_positive, with_wanted=False)
    write("known_broken.yaml", sorted_broken, with_wanted=True)


if __name__ == "__main__":
    main()
