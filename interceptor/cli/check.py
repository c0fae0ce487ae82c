"""``interceptor check``: decisions for queries on standard input."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from typing import Any

from interceptor.cli.options import add_config, configuration
from interceptor.decision import Evidence, Interceptor

_EPILOG = """\
Example:
  printf 'weather tomorrow\\ncsam\\n' | interceptor check

One JSON object a line comes out for each line that goes in, in the same order. The query itself is written only
with --explain, which also names the entries that matched and where: keep that output to yourself.
"""


def add(subparsers: Any) -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser(
        "check",
        help="decide on queries from standard input",
        description="Read one query a line from standard input and write one decision a line, as JSON.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_config(parser)
    parser.add_argument("--explain", action="store_true", help="add the query and every entry that matched")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Decide line by line."""
    gate = Interceptor.load(configuration(options))
    for line in sys.stdin.buffer:
        # Bytes that are not UTF-8 are kept apart rather than refused: a query may be anything.
        query = line.rstrip(b"\r\n").decode("utf-8", "surrogateescape")
        decision: dict[str, Any] = dataclasses.asdict(gate.decide(query))
        if options.explain:
            decision |= {"query": query, "matches": [_as_data(query, item) for item in gate.explain(query)]}
            if left_out := gate.left_out(query):
                decision["left_out"] = list(left_out)
        print(json.dumps(decision, ensure_ascii=True), flush=True)
    return 0


def _as_data(query: str, evidence: Evidence) -> dict[str, Any]:
    start, end = evidence.span
    return {
        "list": evidence.list_id,
        "entry": evidence.entry_id,
        "category": evidence.category or "pass",
        "language": evidence.language,
        "span": [start, end],
        "text": query[start:end],
        "steps": list(evidence.steps),
    }
