"""Released windows as CSV and JSON: all that was released, and nothing else."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from interceptor.counting.released import ReleasedWindow

COLUMNS = (
    "window",
    "start",
    "end",
    "plan",
    "epsilon",
    "family",
    "cell",
    "value",
    "noise_stddev",
    "share",
)
"""The columns of the CSV, one line a cell: a running number of the window, its bounds (ISO 8601, UTC), the plan in
force, the privacy loss of one search (``exact``: no noise), the family of counts, its labels with commas between, the
signed value, the standard deviation of the noise in it, and the message's share under the plan (empty where there is
none)."""

EXACT = "exact"


def as_csv(windows: Iterable[ReleasedWindow]) -> Iterator[str]:
    """The windows as CSV (RFC 4180, with line feeds), in pieces: the header, then a window each."""
    yield ",".join(COLUMNS) + "\n"
    for number, window in enumerate(windows, 1):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        for (family, *labels), value in window.values.items():
            share = window.shares.get(labels[0]) if family == "warnings" else None
            writer.writerow(
                (
                    number,
                    _moment(window.start),
                    _moment(window.end),
                    window.plan,
                    EXACT if math.isinf(window.epsilon) else f"{window.epsilon:.6g}",
                    family,
                    ",".join(labels),
                    value,
                    f"{window.stddev.get(family, 0.0):.6g}",
                    "" if share is None else f"{share:.10g}",
                )
            )
        yield text.getvalue()


def as_json(windows: Iterable[ReleasedWindow]) -> str:
    """The windows as one JSON list; ``epsilon`` is null where counts are exact."""
    return json.dumps(
        [
            {
                "start": _moment(window.start),
                "end": _moment(window.end),
                "plan": window.plan,
                "epsilon": None if math.isinf(window.epsilon) else window.epsilon,
                "counts": [
                    {"family": family, "cell": labels, "value": value}
                    for (family, *labels), value in window.values.items()
                ],
                "noise_stddev": dict(window.stddev),
                "shares": dict(window.shares),
            }
            for window in windows
        ],
        ensure_ascii=True,
        indent=1,
    )


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
