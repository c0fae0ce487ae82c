"""``interceptor lists validate``: every mistake in term lists."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from interceptor.cli.lists.common import EXIT_STATUS, Commands, add_paths, command, count
from interceptor.cli.lists.secrets import identity_of
from interceptor.cli.options import require
from interceptor.termlists.reading import notices, read_lists

_DESCRIPTION = f"""\
Read term lists and report every mistake with its file, its line and what to do about it.

No term is printed. A list past its 'expires' date is reported, but is no mistake: it keeps protecting.

example:
  interceptor lists validate keyword_lists/ my-list.yaml

{EXIT_STATUS}"""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Register the subcommand."""
    parser = command(commands, "validate", "report every mistake in term lists", _DESCRIPTION)
    add_paths(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run ``lists validate``; return the exit status. Raises `TermListError`."""
    require(args.paths)
    lists = read_lists(args.paths, identity=identity_of(args))
    for term_list in lists:
        entries = count(len(term_list.entries), "entry", "entries")
        print(f"{term_list.id} {term_list.version}: {entries}, no mistakes")
    for notice in notices(lists, datetime.now(UTC).date()):
        print(f"note: {notice}")
    return 0
