"""Lists of any octets: they are read, or refused by name; what is read can be matched."""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=["interceptor.binding", "interceptor.documents", "interceptor.termlists"]
):
    from interceptor.termlists.reading import read_list

from driving import bounded, drive

from interceptor.errors import TermListError
from interceptor.matching.matcher import Matcher

FOLDER = Path(sys.argv[-1]).parent
KINDS = (".yaml", ".txt", ".csv")
SEEDS = (
    b"\x00format: 1\nid: one\ngroups: {a: [purple], b: {words: [lantern], groups: [a]}}\nentries:\n"
    b"  - id: e\n    terms: [garden, '']\n    all: [a, b]\n    within: 3\n"
    b"    unless: [{then: pass, words: [museum]}]\n",
    b"\x00id: &a one\nentries: *a\n",
    b"\x00id: one\ngroups: {a: {groups: [a]}}\nentries: [{id: x, all: [a]}]\n",
    b"\x01# comment\npurple lantern\nGarden \xff\n",
    b"\x02id,terms,category\none,lantern|garden,seeking\n",
    b'\x02terms;language\n"a;b";en\n',
)


def test_one_input(data: bytes) -> None:
    kind, content = KINDS[data[0] % len(KINDS)] if data else KINDS[0], data[1:]
    path = FOLDER / f"fuzzed{kind}"
    path.write_bytes(content)
    with bounded(len(content)):
        try:
            term_list = read_list(path, max_bytes=100_000)
        except TermListError as refused:
            assert refused.mistakes
            assert all(mistake.remedy for mistake in refused.mistakes)
            return
    Matcher([term_list]).find("purple garden lantern")


if __name__ == "__main__":
    drive(test_one_input, SEEDS)
