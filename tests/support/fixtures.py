"""The JSON fixtures of the folds: input, parameter, result and why, a case an object."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[1] / "folding" / "fixtures"


def cases(name: str) -> list[Any]:
    """The cases of ``name`` as parameters of a test: input, parameter, result."""
    return [
        pytest.param(item["input"], item["parameter"], item["result"], id=item["why"])
        for item in json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    ]
