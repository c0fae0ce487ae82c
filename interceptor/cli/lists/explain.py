"""``interceptor lists explain``: why a search is acted on, for a curator on their own machine."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from interceptor.cli.lists.common import Commands, command
from interceptor.cli.options import add_config_file, configuration
from interceptor.config import Config
from interceptor.decision import Evidence, Interceptor

_DESCRIPTION = """\
Tell what would be done with a search, which entries match it, where, and what had to be undone to find it: a digit in
place of a letter, letters that stand apart, and so on.

Searches are named in the call, or read from standard input, one a line. What stands in a call stays in the history of
your terminal: for a real term, call it without any, type the search, and end with Ctrl-D.
What is printed holds the search: use this on your own machine only.

examples:
  interceptor lists explain --lists lanterns.yaml "purple garden lantern"
  interceptor lists explain --lists lanterns.yaml

Exit status: 0 done, 1 a list is at fault, 2 the command was called wrongly."""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Register the subcommand."""
    parser = command(commands, "explain", "tell why a search is acted on", _DESCRIPTION)
    parser.add_argument(
        "queries", nargs="*", metavar="QUERY", help="a search; none: one a line from standard input"
    )
    add_config_file(parser)
    parser.add_argument(
        "--lists",
        metavar="PATH",
        type=Path,
        action="append",
        help="a list or folder of lists to use instead of the configured ones; may be repeated",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run ``lists explain``; return the exit status. Raises `CallError`, `ConfigError`, `TermListError`."""
    config = configuration(args)
    gate = Interceptor.load(config)
    if not args.queries and sys.stdin.isatty():
        print("Type a search and press Enter; Ctrl-D ends.", file=sys.stderr)
    for query in args.queries or sys.stdin:
        if text := query.strip():
            _explain(gate, config, text)
    return 0


def _explain(gate: Interceptor, config: Config, query: str) -> None:
    decision = gate.decide(query)
    said = f" ({decision.category.value}, {decision.language or 'no language'})" if decision.category else ""
    print(f"{query}\n  {decision.action.value}{said}")
    for evidence in gate.explain(query):
        print(f"  {_line(evidence, config, query)}")


def _line(evidence: Evidence, config: Config, query: str) -> str:
    start, end = evidence.span
    read = (
        "an exception lets it pass"
        if evidence.category is None
        else f"{evidence.category.value}, {config.action_for(evidence.category).value}"
    )
    where = f"after undoing: {', '.join(evidence.steps)}" if evidence.steps else f"at: {query[start:end]}"
    return f"entry '{evidence.entry_id}' of list '{evidence.list_id}': {read}; {where}"
