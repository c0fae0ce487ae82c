"""``interceptor lists stats``: what lists are made of, in numbers."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from interceptor.cli.lists.common import EXIT_STATUS, Commands, add_paths, command, count
from interceptor.cli.lists.secrets import identity_of
from interceptor.cli.options import require
from interceptor.curation import statistics
from interceptor.termlists.reading import notices, read_lists

_DESCRIPTION = f"""\
Count the entries of lists by category, language, status, review, way of matching and age. No term is printed.

example:
  interceptor lists stats my-list.yaml

{EXIT_STATUS}"""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Register the subcommand."""
    parser = command(commands, "stats", "count what lists are made of", _DESCRIPTION)
    add_paths(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run ``lists stats``; return the exit status. Raises `TermListError`."""
    require(args.paths)
    lists = read_lists(args.paths, identity=identity_of(args))
    today = datetime.now(UTC).date()
    for term_list in lists:
        expires = f", expires {term_list.expires}" if term_list.expires else ""
        entries = count(len(term_list.entries), "entry", "entries")
        print(f"{term_list.id} {term_list.version}: {entries}, sharing {term_list.sharing.value}{expires}")
    found = statistics.of(lists, today)
    print(
        f"in all: {count(found.entries, 'entry', 'entries')}, {count(found.terms, 'term', 'terms')}, "
        f"{count(found.samples, 'sample', 'samples')}; {found.without_samples:,} without a sample under 'match'"
    )
    for name, counts in found.by.items():
        print(f"{name}:")
        for value, number in counts.most_common():
            print(f"  {number:>9,}  {value}")
    for notice in notices(lists, today):
        print(f"note: {notice}")
    return 0
