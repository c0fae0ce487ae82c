"""docs/term-lists.md says what the reader and the matcher do."""

import dataclasses
import re
from pathlib import Path

import pytest

from interceptor.config import Config
from interceptor.decision import Interceptor
from interceptor.termlists import model
from interceptor.termlists.reading import read_list

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "term-lists.md").read_text()
BLOCKS: list[tuple[str, str]] = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL)
WHOLE_LISTS = [
    *(
        (f"block{number}.yaml", text)
        for number, (kind, text) in enumerate(BLOCKS)
        if kind == "yaml" and text[:3] == "id:"
    ),
    *(
        (f"block{number}.txt", text)
        for number, (kind, text) in enumerate(BLOCKS)
        if kind == "text" and text[:1] == "#"
    ),
    *((f"block{number}.csv", text) for number, (kind, text) in enumerate(BLOCKS) if text.startswith("term,")),
]


def gate(folder: Path, text: str) -> Interceptor:
    path = folder / "example.yaml"
    path.write_text(text)
    return Interceptor(Config(), [read_list(path)])


def block_with(words: str) -> str:
    (text,) = (text for kind, text in BLOCKS if kind == "yaml" and words in text)
    return text


def matches(gate: Interceptor, query: str) -> bool:
    return gate.decide(query).category is not None


@pytest.mark.parametrize(("name", "text"), WHOLE_LISTS, ids=[name for name, _ in WHOLE_LISTS])
def test_whole_lists_are_read(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    assert read_list(path).entries


def test_there_are_examples_of_each_kind() -> None:
    assert {name.rpartition(".")[2] for name, _ in WHOLE_LISTS} == {"yaml", "txt", "csv"}


@pytest.mark.parametrize(
    ("heading", "cls"),
    [("Of a list", model.TermList), ("Of a group", model.Group), ("Of an entry", model.Entry)],
)
def test_every_key_is_described(heading: str, cls: type) -> None:
    section = TEXT.split(f"### {heading}\n")[1].split("\n#")[0]
    described = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert dataclasses.is_dataclass(cls)
    keys = [
        field.metadata.get("key") or field.name
        for field in dataclasses.fields(cls)
        if not field.metadata.get("line")
    ]
    assert sorted(described) == sorted(keys)


def modes() -> list[object]:
    rows = re.findall(r"^\| `(\w+)`[^|]*\|([^|]*)\|([^|]*)\|([^|]*)\|$", TEXT, re.MULTILINE)
    cases: list[object] = []
    for mode, _, does, does_not in rows:
        if mode in list(model.MatchMode):
            cases += [pytest.param(mode, query, True) for query in re.findall(r"`([^`]+)`", does)]
            cases += [pytest.param(mode, query, False) for query in re.findall(r"`([^`]+)`", does_not)]
    assert len(cases) == 9
    return cases


@pytest.mark.parametrize(("mode", "query", "expected"), modes())
def test_modes_match_as_the_table_says(tmp_path: Path, mode: str, query: str, expected: bool) -> None:
    text = f"id: lanterns\nentries:\n  - id: one\n    terms: lantern\n    match: {mode}\n"
    assert matches(gate(tmp_path, text), query) is expected


def test_spelling_makes_no_difference(tmp_path: Path) -> None:
    assert matches(gate(tmp_path, "id: a\nentries: [{id: one, terms: café lantern}]"), "CAFE-LANTERN")


def test_of_a_phrase_only_the_last_word_may_go_on(tmp_path: Path) -> None:
    found = gate(tmp_path, "id: a\nentries: [{id: one, terms: purple lant, match: prefix}]")
    assert matches(found, "purple lantern")
    assert not matches(found, "purples lantern")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("purple lantern", True),
        ("lantern, violet", True),
        ("purple old iron lantern", True),
        ("purple flowers beside a small lantern", False),
        ("lantern", False),
    ],
)
def test_all_and_within(tmp_path: Path, query: str, expected: bool) -> None:
    assert matches(gate(tmp_path, block_with("id: purple-lamps")), query) is expected


def test_terms_and_all_are_both_asked_for_and_exact_counts_as_word(tmp_path: Path) -> None:
    text = "id: a\ngroups: {lamps: [lantern]}\nentries: [{id: one, terms: purple, all: lamps, within: 1, match: exact}]"
    found = gate(tmp_path, text)
    assert matches(found, "a purple lantern here")
    assert not matches(found, "purple")
    assert not matches(found, "lantern")
    assert not matches(found, "purple in the old lantern")
    assert not matches(found, "purples lantern")


@pytest.mark.parametrize(
    ("query", "category"),
    [
        ("purple garden lantern", "seeking"),
        ("purple garden lantern inn", None),
        ("too many lanterns, purple garden lantern", "help-seeking"),
        ("law on purple garden lanterns, purple garden lantern", "informational"),
        ("too many lanterns purple garden lantern law", "help-seeking"),
        ("lawless purple garden lantern", "seeking"),
    ],
)
def test_exceptions(tmp_path: Path, query: str, category: str | None) -> None:
    groups = "groups: {wants-help: [how do i stop], law: [law], news: [news]}\n"
    text = "id: lanterns\n" + groups + block_with("purple garden lantern inn")
    decision = gate(tmp_path, text).decide(query)
    assert decision.category == category
