"""Results of an engine, without those that match by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from interceptor import Interceptor
from interceptor.config import Config

BAD = "Purple garden lantern"


@dataclass
class Result:
    title: str
    content: str = ""


def test_results_whose_title_or_snippet_matches_are_left_out(garden: Path) -> None:
    gate = Interceptor.load(Config(lists=(garden,)))
    kept = Result("Weather", "Rain tomorrow")
    assert gate.filter([Result(BAD), kept, Result("Shop", f"buy a {BAD.upper()} here")]) == [kept]
    rows = [{"title": "Weather"}, {"title": "Shop", "snippet": BAD}, {"url": "/", "title": None}]
    assert gate.filter(rows) == [rows[0], rows[2]]


def test_what_only_tells_of_the_matter_stays(garden: Path) -> None:
    gate = Interceptor.load(Config(lists=(garden,)))
    told = [Result(f"{BAD} law"), Result("lantern festival")]
    assert gate.filter(told) == told


def test_marked_results_stay_in_their_place(garden: Path) -> None:
    gate = Interceptor.load(Config(lists=(garden,)))
    marked = gate.filter(
        [{"title": "a"}, {"title": BAD}, {"title": "b"}], mark=lambda row: {**row, "title": "left out"}
    )
    assert [row["title"] for row in marked] == ["a", "left out", "b"]


def test_an_engine_says_itself_what_people_read(garden: Path) -> None:
    gate = Interceptor.load(Config(lists=(garden,)))
    pages = [("Weather", "x"), ("Shop", BAD)]
    assert gate.filter(pages, texts=lambda page: page) == pages[:1]
