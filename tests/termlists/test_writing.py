"""Lists written as YAML are the lists that were read."""

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from interceptor.termlists.model import (
    Entry,
    Group,
    Lint,
    MatchMode,
    Outcome,
    Samples,
    Sharing,
    Status,
    TermList,
    Unless,
)
from interceptor.termlists.reading import read_list, shipped_lists
from interceptor.termlists.writing import to_yaml
from interceptor.vocabulary import Category, Review


def said(value: Any) -> Any:
    """What a list says, without the lines that it stands on."""
    if dataclasses.is_dataclass(value):
        return {
            field.name: said(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if field.name != "line"
        }
    if isinstance(value, tuple):
        return [said(item) for item in value]
    return {key: said(item) for key, item in value.items()} if isinstance(value, dict) else value


def again(term_list: TermList, folder: Path) -> TermList:
    path = folder / "written.yaml"
    path.write_text(to_yaml(term_list), encoding="utf-8")
    return read_list(path)


@pytest.mark.parametrize("path", sorted(shipped_lists()[0].glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_lists_stay_the_same(path: Path, tmp_path: Path) -> None:
    term_list = read_list(path)
    assert said(again(term_list, tmp_path)) == said(term_list)


def test_every_key_is_written(tmp_path: Path) -> None:
    entry = Entry(
        "one",
        ("purple garden lantern",),
        MatchMode.PREFIX,
        ("colours",),
        2,
        (Unless(Outcome.PASS, ("inn",), ("colours",)),),
        Category.AMBIGUOUS,
        "pt-BR",
        Status.RETIRED,
        Review.NATIVE,
        Samples(("a",), ("b",)),
        ("garden centres",),
        ("zero",),
        date(2026, 11, 1),
        Lint(("short",)),
        "A note: with a colon.",
    )
    term_list = TermList(
        "lanterns",
        "Lanterns",
        "2026.11",
        1,
        date(2026, 12, 31),
        "Lantern Watch",
        "Members only",
        Sharing.AMBER_STRICT,
        Category.INFORMATIONAL,
        "en",
        Review.PROGRAMME,
        {"colours": Group(("purple",)), "more": Group(("violet",), ("colours",), "note")},
        (entry, Entry("two", ("lamp",))),
        "A note.",
    )
    assert said(again(term_list, tmp_path)) == said(term_list)


@pytest.mark.parametrize(
    "term",
    [
        "no",
        "1984",
        "null",
        "~",
        "2026-11-01",
        "a: b",
        "- a",
        "#a",
        "'",
        '"',
        "*a",
        "&a",
        "[a]",
        "a\\b",
        "%a",
        "@a",
        "\u200blantern",
        "\U0001f3ee",
        "فانوس",
        "lan\ttern",
        " lantern",
        "lantern ",
        "x" * 500,
        "a b " * 100 + "c",
    ],
)
def test_any_text_stays_the_same(term: str, tmp_path: Path) -> None:
    assert again(TermList("a", entries=(Entry("one", (term,)),)), tmp_path).entries[0].terms == (term,)


def test_many_entries_of_the_same_words_need_no_aliases(tmp_path: Path) -> None:
    terms = ("purple garden lantern",)
    entries = tuple(Entry(f"e{number}", terms) for number in range(2500))
    assert len(again(TermList("a", entries=entries), tmp_path).entries) == 2500
