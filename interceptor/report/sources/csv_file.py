"""Windows out of the CSV that ``interceptor report --export csv`` writes."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from interceptor.counting.released import ReleasedWindow
from interceptor.errors import FaultyFileError, Mistake
from interceptor.report.exporting import COLUMNS, EXACT


class CsvError(FaultyFileError):
    """A CSV of released windows is at fault."""


@dataclass(slots=True)
class _Window:
    start: float
    end: float
    plan: str
    epsilon: float
    values: dict[tuple[str, ...], int] = field(default_factory=dict)
    stddev: dict[str, float] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)


def read(path: Path) -> list[ReleasedWindow]:
    """All windows of the file, in its order. Raises `CsvError`."""
    found: dict[str, _Window] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
                raise CsvError(
                    Mistake(
                        str(path),
                        1,
                        f"has no column {' and no '.join(map(repr, missing))}",
                        "Use what 'interceptor report --export csv' writes, with commas between columns.",
                    )
                )
            for row in rows:
                try:
                    _take(found, row)
                except (ValueError, TypeError, OverflowError):
                    raise CsvError(
                        Mistake(
                            str(path),
                            rows.line_num,
                            "holds something else than 'interceptor report --export csv' writes",
                            "Times are ISO 8601 with a zone, numbers have a full stop; no column may be short.",
                        )
                    ) from None
    except OSError as fault:
        raise CsvError(
            Mistake(str(path), 0, f"cannot be read ({fault.strerror})", "Check the path.")
        ) from None
    except UnicodeDecodeError:
        raise CsvError(Mistake(str(path), 0, "is not UTF-8", "Save it as CSV with UTF-8.")) from None
    except csv.Error:
        raise CsvError(Mistake(str(path), 0, "is not CSV", "Save it as CSV with commas and UTF-8.")) from None
    return [
        ReleasedWindow(each.start, each.end, each.plan, each.epsilon, each.values, each.stddev, each.shares)
        for each in found.values()
    ]


def _take(found: dict[str, _Window], row: Mapping[str, str]) -> None:
    """Add one line. Raises `ValueError` or `TypeError` where it is not one of ours."""
    if None in row or None in row.values():  # a column too many, or too few
        raise ValueError
    number = row["window"]
    window = found.get(number)
    if window is None:
        epsilon = math.inf if row["epsilon"] == EXACT else _positive(row["epsilon"])
        window = _Window(_seconds(row["start"]), _seconds(row["end"]), row["plan"], epsilon)
        if not number or window.end <= window.start:
            raise ValueError
        found[number] = window
    labels = tuple(row["cell"].split(",")) if row["cell"] else ()
    key = (row["family"], *labels)
    if not row["family"] or key in window.values:
        raise ValueError
    window.values[key] = int(row["value"])
    window.stddev[row["family"]] = _positive(row["noise_stddev"])
    if row["share"]:
        window.shares[labels[0]] = _positive(row["share"])


def _seconds(text: str) -> float:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _positive(text: str) -> float:
    value = float(text)
    if not (math.isfinite(value) and value >= 0):
        raise ValueError
    return value
