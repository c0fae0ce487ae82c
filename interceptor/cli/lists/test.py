"""``interceptor lists test``: the samples of term lists."""

from __future__ import annotations

import argparse
import json

from interceptor.cli.lists.common import EXIT_STATUS, Commands, add_paths, command, count
from interceptor.cli.lists.secrets import identity_of
from interceptor.cli.options import require
from interceptor.config import Config
from interceptor.curation import samples
from interceptor.decision import Interceptor
from interceptor.termlists.reading import read_lists

_DESCRIPTION = f"""\
Run the samples of every entry through the matcher that searches go through.

A sample under 'match' has to match its entry, in the entry's own category. A sample under 'pass' must not.
Each one that fails is reported by its entry's id and its number; --show adds its text.

example:
  interceptor lists test my-list.yaml

{EXIT_STATUS}"""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Register the subcommand."""
    parser = command(commands, "test", "run the samples of term lists", _DESCRIPTION)
    add_paths(parser)
    parser.add_argument(
        "--show", action="store_true", help="print the text of samples that fail; not for a shared log"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run ``lists test``; return the exit status. Raises `TermListError`."""
    require(args.paths)
    lists = read_lists(args.paths, identity=identity_of(args))
    failed = 0
    gate, literal = Interceptor(Config(), lists), samples.without_rewritings(lists)
    for failure in samples.failures(gate, literal=literal):
        failed += 1
        did = "does not match" if failure.kind is samples.Kind.MATCH else "matches"
        shown = f": {json.dumps(failure.text, ensure_ascii=False)}" if args.show else ""
        print(
            f"{failure.list_id}: line {failure.line}, entry '{failure.entry_id}': "
            f"{failure.kind} sample {failure.number} {did}{shown}"
        )
    live = [entry for term_list in lists for entry in samples.live_entries(term_list)]
    total = sum(len(entry.samples.match) + len(entry.samples.pass_) for entry in live)
    without = sum(not entry.samples.match for entry in live)
    print(f"{count(total, 'sample', 'samples')} of {count(len(live), 'entry', 'entries')}: {failed} failed")
    if without:
        print(f"note: {count(without, 'entry has', 'entries have')} no sample under 'match'")
    return 1 if failed else 0
