"""Both sides in data files: rewritten stand-ins that are found, ordinary queries that pass, and what goes wrong.

``positive.yaml`` and ``known_broken.yaml`` were made with the rewriters of ``benchmarks/``, so with other people's
packages where there are any; `benchmarks.accuracy` measures the same at length.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from interceptor import Action, Interceptor
from interceptor.config import Config
from interceptor.termlists.reading import read_lists

HERE = Path(__file__).parent


def cases(name: str, heading: str, *more: str) -> list[Any]:
    """The queries of a data file, each with what its group says under the keys ``more``.

    They are named by group and number: a query would make no readable name.
    """
    return [
        pytest.param(query, *(group[key] for key in more), id=f"{group[heading]}-{number}")
        for group in yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
        for number, query in enumerate(group["queries"], 1)
    ]


@pytest.fixture(scope="module")
def stand_ins() -> Interceptor:
    return Interceptor(Config(), read_lists([HERE / "stand_ins.yaml"]))


@pytest.mark.parametrize("query", cases("positive", "class"))
def test_a_rewritten_term_is_replaced(stand_ins: Interceptor, query: str) -> None:
    assert stand_ins.decide(query).action is Action.REPLACE


@pytest.mark.parametrize("query", cases("negative", "why"))
def test_an_ordinary_query_passes(stand_ins: Interceptor, query: str) -> None:
    assert stand_ins.decide(query).action is Action.PASS


@pytest.mark.parametrize(("query", "wanted"), cases("known_broken", "class", "wanted"))
def test_what_is_known_to_be_wrong_is_still_wrong(stand_ins: Interceptor, query: str, wanted: str) -> None:
    right = stand_ins.decide(query).action == wanted
    assert not right, (
        "this is right now: move it to positive.yaml or negative.yaml, and mend docs/matching.md"
    )
