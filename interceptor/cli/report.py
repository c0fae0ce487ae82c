"""``interceptor report``: what the released counts say."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from interceptor.binding import Wrong
from interceptor.cli.options import add_config_file, configuration, value
from interceptor.counting.released import ReleasedWindow
from interceptor.errors import CallError
from interceptor.report import exporting
from interceptor.report.analysis import analyse
from interceptor.report.data import as_data
from interceptor.report.page import page
from interceptor.report.sources import csv_file, history_file, prometheus
from interceptor.report.text import lines

_EPILOG = """\
Windows come from the history file of the configuration, from --history, from a Prometheus server, or from what
--export csv wrote before. Several of --history and --csv add up, as replicas do. docs/programme.md says how to read
the report.

examples:
  interceptor report --config interceptor.yaml
  interceptor report --prometheus http://127.0.0.1:9090 --since 2026-09-01 --format html --out report.html
  interceptor report --csv windows.csv --change 2026-10-15
  interceptor report --config interceptor.yaml --export csv --out windows.csv
"""

_FIRST_DAYS = 400
"""Days that a Prometheus server is asked for without --since."""


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "report",
        help="rates, comparisons of messages, before and after, from the released counts",
        description="Say what the released counts tell, with intervals, and what they cannot.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_config_file(parser)
    parser.add_argument(
        "--history", metavar="FILE", type=Path, nargs="+", action="extend", help="history files"
    )
    parser.add_argument(
        "--csv", metavar="FILE", type=Path, nargs="+", action="extend", help="exported windows"
    )
    parser.add_argument("--prometheus", metavar="URL", help="a Prometheus server, as http://127.0.0.1:9090")
    parser.add_argument(
        "--selector", metavar="LABELS", default="", help='with --prometheus, as job="interceptor"'
    )
    parser.add_argument("--since", metavar="DATE", type=value(_date), help="first day, UTC")
    parser.add_argument("--until", metavar="DATE", type=value(_date), help="last day, UTC")
    parser.add_argument(
        "--change", metavar="DATE", type=value(_date), help="compare before with after the start of this day"
    )
    parser.add_argument("--format", choices=("text", "json", "html"), default="text", help="default: text")
    parser.add_argument(
        "--export", choices=("csv", "json"), help="write the windows themselves, and no report"
    )
    parser.add_argument("--out", metavar="FILE", type=Path, help="write there instead of standard output")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the report, or the windows. Raises `CallError`, `FaultyFileError`."""
    if options.format == "html" and options.out is None and options.export is None:
        raise CallError("--format html: needs --out FILE.")
    if options.export is not None and (options.change or options.format != "text"):
        raise CallError("--export: writes windows and no report. Leave --change and --format out.")
    windows = [window for window in _read(options) if _within(window, options)]
    if options.export == "csv":
        return _write("".join(exporting.as_csv(windows)), options.out)
    if options.export == "json":
        return _write(exporting.as_json(windows) + "\n", options.out)
    report = analyse(windows, _start(options.change) if options.change else None)
    if options.format == "json":
        return _write(json.dumps(as_data(report), indent=1, allow_nan=False) + "\n", options.out)
    if options.format == "html":
        return _write(page(report), options.out)
    return _write("\n".join(lines(report)) + "\n", options.out)


def _read(options: argparse.Namespace) -> list[ReleasedWindow]:
    if options.selector and not options.prometheus:
        raise CallError("--selector: belongs to --prometheus.")
    if options.prometheus:
        until = _start(options.until) + 3 * 86_400 if options.until else time.time()
        since = _start(options.since) if options.since else until - _FIRST_DAYS * 86_400
        found = prometheus.read(options.prometheus, since, min(until, time.time()), selector=options.selector)
        if found.missed:
            print(
                f"notice: {found.missed} windows were released that no scrape saw; they are not in the report",
                file=sys.stderr,
            )
        return found.windows
    paths: Sequence[Path] = options.history or ()
    if not paths and not options.csv:
        path = configuration(options).history.file
        if path is None:
            raise CallError(
                "no history: set 'history.file' and name --config, or use --history, --csv, --prometheus."
            )
        paths = (path,)
    return [
        *(window for path in paths for window in history_file.read(path)),
        *(window for path in options.csv or () for window in csv_file.read(path)),
    ]


def _within(window: ReleasedWindow, options: argparse.Namespace) -> bool:
    """Whether a window lies wholly in the days that are asked for."""
    return (options.since is None or window.start >= _start(options.since)) and (
        options.until is None or window.end <= _start(options.until + timedelta(days=1))
    )


def _write(text: str, out: Path | None) -> int:
    if out is None:
        sys.stdout.write(text)
        return 0
    try:
        out.write_text(text, "utf-8")
    except OSError as fault:
        raise CallError(
            f"{out}: cannot be written ({fault.strerror}). Check the path and its room."
        ) from None
    return 0


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Wrong("is not a date", "Write it as 2026-10-15.") from None


def _start(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
