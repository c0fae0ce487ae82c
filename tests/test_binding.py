"""Documents bound to dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interceptor import documents
from interceptor.binding import Wrong, bind, format_duration, parse_duration, plain, setting
from interceptor.errors import ConfigError, Mistake


class Colour(StrEnum):
    PURPLE = "purple"
    VIOLET = "violet"


@dataclass(frozen=True, slots=True)
class Even:
    number: int

    @classmethod
    def parse(cls, text: str) -> Even:
        if not text.isdigit() or int(text) % 2:
            raise Wrong("is not even", "Add one.")
        return cls(int(text))

    def __str__(self) -> str:
        return str(self.number)


def short(value: tuple[str, ...]) -> None:
    if len(value) > 3:
        raise Wrong("is too long", "Keep three.")


@dataclass(frozen=True, slots=True)
class Lamp:
    SHORTHAND: ClassVar[str] = "colour"

    colour: Colour = setting(Colour.PURPLE)
    watts: int | None = setting(None)
    line: int = setting(0, line=True)


@dataclass(frozen=True, slots=True)
class Garden:
    name: str = setting()
    lit: bool = setting(False)
    share: float = setting(0.5)
    opened: date | None = setting(None)
    closes: timedelta = setting(timedelta(hours=1))
    plan: Path | None = setting(None)
    tags: tuple[str, ...] = setting((), check=short)
    lamps: tuple[Lamp, ...] = setting(())
    by_colour: dict[Colour, Even] = setting(factory=dict, key="by-colour")

    def __post_init__(self) -> None:
        if self.lit and not self.lamps:
            raise Wrong("is lit without lamps", "Add 'lamps:'.")


def load(text: str, folder: Path | None = None) -> Garden:
    node = documents.parse(text.encode(), "g.yaml", max_bytes=100_000, error=ConfigError)
    return bind(node, Garden, name="g.yaml", error=ConfigError, folder=folder)


def mistakes(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(ConfigError) as caught:
        load(text)
    assert all(isinstance(item, Mistake) and item.file == "g.yaml" for item in caught.value.mistakes)
    return [(item.line, item.what, item.remedy) for item in caught.value.mistakes]


def test_every_type_is_bound() -> None:
    garden = load(
        """
name: 1984
lit: on
share: 1e-3
opened: 2026-11-22
closes: 1.5h
plan: map.yaml
tags: [no, "yes"]
lamps:
  - colour: violet
    watts: 1_000
  - violet
  - {watts: ~}
by-colour: {violet: 4}
""",
        Path("/garden"),
    )
    assert garden == Garden(
        name="1984",
        lit=True,
        share=0.001,
        opened=date(2026, 11, 22),
        closes=timedelta(minutes=90),
        plan=Path("/garden/map.yaml"),
        tags=("no", "yes"),
        lamps=(Lamp(Colour.VIOLET, 1000, 10), Lamp(Colour.VIOLET, None, 12), Lamp(line=13)),
        by_colour={Colour.VIOLET: Even(4)},
    )


def test_one_value_alone_is_a_list_of_one() -> None:
    assert load("name: x\ntags: a\nlamps: violet").lamps == (Lamp(Colour.VIOLET, None, 3),)
    assert load("name: x\ntags: a").tags == ("a",)
    assert load("name: x\ntags:\nby-colour: ~").tags == ()


def test_paths_are_taken_from_the_documents_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/gardener")
    assert load("name: x\nplan: /etc/plan", Path("/garden")).plan == Path("/etc/plan")
    assert load("name: x\nplan: ~/plan", Path("/garden")).plan == Path("/home/gardener/plan")
    assert load("name: x\nplan: plan").plan == Path("plan")


@pytest.mark.parametrize(
    ("text", "line", "what", "remedy"),
    [
        ("lit: yes", 1, "lacks the key 'name'", "Add 'name:' here."),
        ("- name", 1, "is not a mapping", "Write keys with values here, one to a line."),
        ("name: x\nopend: 2026-11-22", 2, "has an unknown key 'opend'", "Did you mean 'opened'?"),
        ("name: x\nzzzz: 1", 2, "has an unknown key 'zzzz'", "Known here: by-colour, closes, lamps, "),
        ("name: x\n\nlit: maybe", 3, "'lit' is neither true nor false", "Write true or false."),
        ("name: [x]", 1, "'name' has no single value", "Write one value behind the colon."),
        ("name:", 1, "'name' has no single value", "Write one value behind the colon."),
        ("name: x\nshare: half", 2, "'share' is not a number", "Write a number, as 0.5."),
        ("name: x\nopened: 22.11.2026", 2, "'opened' is not a date", "Write year-month-day: 2026-11-22."),
        ("name: x\ncloses: 5", 2, "'closes' is not a length of time", "Write a number and a unit: "),
        (
            "name: x\ncloses: 99999999999d",
            2,
            "'closes' is longer than can be counted",
            "Write a shorter time.",
        ),
        (
            "name: x\nplan: ~nobody-of-that-name/x",
            2,
            "'plan' names a home that is not there",
            "Write the path",
        ),
        ('name: x\nplan: "a\\0b"', 2, "'plan' is not a path", "Remove the character"),
        ("name: x\ntags: [a, b, c, d]", 2, "'tags' is too long", "Keep three."),
        ("name: x\ntags:\n  - a\n  - [b]", 4, "an item has no single value", "Write one value"),
        ("name: x\nlamps:\n  - watts: 2.5", 3, "'watts' is not a number", "Write digits."),
        ("name: x\nlamps: [green]", 2, "'colour' is not a known word", "Write one of: purple, violet."),
        ("name: x\nby-colour: {green: 2}", 2, "a key is not a known word", "Write one of: purple, violet."),
        ("name: x\nby-colour: {violet: 3}", 2, "'violet' is not even", "Add one."),
        ("name: x\nby-colour: [violet]", 2, "'by-colour' is not a mapping", "Write names with values"),
        ("\nname: x\nlit: true", 2, "is lit without lamps", "Add 'lamps:'."),
    ],
)
def test_a_mistake_names_line_cause_and_remedy(text: str, line: int, what: str, remedy: str) -> None:
    ((found_line, found_what, found_remedy),) = mistakes(text)
    assert (found_line, found_what) == (line, what)
    assert found_remedy.startswith(remedy)


def test_all_mistakes_are_told_at_once_in_order() -> None:
    found = mistakes(
        "lit: maybe\ntags: [[x]]\nlamps:\n  - green\n  - wats: 3\nby-colour: {violet: 1}\nzz: 1\n"
    )
    assert [line for line, _, _ in found] == [1, 1, 2, 4, 5, 6, 7]


def test_what_is_no_key_is_not_echoed() -> None:
    ((_, what, remedy),) = mistakes("name: x\nPurple Garden Lantern: 1")
    assert what == "has an unknown key"
    assert "Lantern" not in remedy


def test_values_are_never_echoed() -> None:
    for text in (
        "lit: lantern",
        "share: lantern",
        "lamps: lantern",
        "closes: lantern",
        "by-colour: {purple: lantern}",
    ):
        with pytest.raises(ConfigError) as caught:
            load(f"name: x\n{text}")
        assert "lantern" not in f"{caught.value!r} {caught.value}"
        assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("250ms", 0.25),
        ("90s", 90),
        ("15m", 900),
        ("24h", 86_400),
        ("7d", 604_800),
        (" 1.5 h ", 5_400),
        ("0s", 0),
    ],
)
def test_lengths_of_time(text: str, seconds: float) -> None:
    assert parse_duration(text).total_seconds() == seconds


@pytest.mark.parametrize("text", ["", "5", "s", "-5s", "1h30m", "1,5h", "5 weeks", "1e3s", "9" * 400 + "s"])
def test_what_is_no_length_of_time(text: str) -> None:
    with pytest.raises(Wrong):
        parse_duration(text)


@given(st.integers(min_value=0, max_value=10**12))
def test_a_length_of_time_is_read_back_as_written(milliseconds: int) -> None:
    value = timedelta(milliseconds=milliseconds)
    assert parse_duration(format_duration(value)) == value


def test_durations_are_written_in_the_largest_whole_unit() -> None:
    texts = ["7d", "25h", "90m", "90s", "1500ms", "0ms"]
    assert [format_duration(parse_duration(text)) for text in texts] == texts


def test_bound_values_become_plain_data() -> None:
    garden = load("name: x\nopened: 2026-11-22\nplan: p\nlamps: violet\nby-colour: {violet: 4}")
    assert plain(garden) == {
        "name": "x",
        "lit": False,
        "share": 0.5,
        "opened": "2026-11-22",
        "closes": "1h",
        "plan": "p",
        "tags": [],
        "lamps": [{"colour": "violet", "watts": None}],
        "by-colour": {"violet": "4"},
    }


@settings(max_examples=40)
@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_any_text_as_any_value_is_bound_or_a_mistake(text: str) -> None:
    quoted = "'" + "".join(char for char in text if char.isprintable()).replace("'", "''") + "'"
    for key in ("name", "lit", "share", "opened", "closes", "plan", "tags", "lamps"):
        try:
            load(f"name: x\n{key}: {quoted}\n" if key != "name" else f"name: {quoted}\n")
        except ConfigError as error:
            assert error.mistakes
