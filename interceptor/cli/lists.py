"""``interceptor lists``: what curators do with term lists."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from interceptor.cli.options import require
from interceptor.config import Config
from interceptor.curation import samples
from interceptor.decision import Interceptor
from interceptor.matching import compiled
from interceptor.termlists.reading import COMPILED, notices, read_lists

_EXIT_STATUS = "Exit status: 0 all is well, 1 a list is at fault, 2 the command was called wrongly."

_VALIDATE = f"""\
Read term lists and report every mistake with its file, its line and what to do about it.

No term is printed. A list past its 'expires' date is reported, but is no mistake: it keeps protecting.

example:
  interceptor lists validate keyword_lists/ my-list.yaml

{_EXIT_STATUS}"""

_TEST = f"""\
Run the samples of every entry through the matcher that searches go through.

A sample under 'match' has to match its entry, in the entry's own category. A sample under 'pass' must not.
Each one that fails is reported by its entry's id and its number; --show adds its text.

example:
  interceptor lists test my-list.yaml

{_EXIT_STATUS}"""

_COMPILE = f"""\
Turn term lists into one compiled file, from which the service starts faster.

Give that file to --lists, or name it under 'lists:' in the configuration, in place of the lists; no other list can be
used beside it. It is made for this version of the interceptor: after an update, compile again. The terms can be read
out of it, so keep it as you keep the lists; it is written so that only you can read it.

example:
  interceptor lists compile keyword_lists/ my-list.yaml --out lists.compiled

{_EXIT_STATUS}"""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "lists",
        help="check and test term lists",
        description="Check and test term lists. docs/term-lists.md describes the format.",
    )
    commands = parser.add_subparsers(dest="lists_command", metavar="COMMAND", required=True)
    command = _command(commands, "validate", "report every mistake in term lists", _VALIDATE)
    command.set_defaults(run=validate)
    command = _command(commands, "test", "run the samples of term lists", _TEST)
    command.add_argument(
        "--show", action="store_true", help="print the text of samples that fail; not for a shared log"
    )
    command.set_defaults(run=test)
    command = _command(commands, "compile", "turn term lists into a file that starts fast", _COMPILE)
    command.add_argument(
        "--out",
        metavar="FILE",
        type=_compiled_file,
        required=True,
        help=f"where to write; ends in {COMPILED}",
    )
    command.set_defaults(run=compile_)


def validate(args: argparse.Namespace) -> int:
    """Run ``lists validate``; return the exit status. Raises `TermListError`."""
    require(args.paths)
    lists = read_lists(args.paths)
    for term_list in lists:
        entries = _count(len(term_list.entries), "entry", "entries")
        print(f"{term_list.id} {term_list.version}: {entries}, no mistakes")
    for notice in notices(lists, datetime.now(UTC).date()):
        print(f"note: {notice}")
    return 0


def test(args: argparse.Namespace) -> int:
    """Run ``lists test``; return the exit status. Raises `TermListError`."""
    require(args.paths)
    lists = read_lists(args.paths)
    failed = 0
    for failure in samples.failures(Interceptor(Config(), lists)):
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
    print(f"{_count(total, 'sample', 'samples')} of {_count(len(live), 'entry', 'entries')}: {failed} failed")
    if without:
        print(f"note: {_count(without, 'entry has', 'entries have')} no sample under 'match'")
    return 1 if failed else 0


def compile_(args: argparse.Namespace) -> int:
    """Run ``lists compile``; return the exit status. Raises `TermListError`."""
    require(args.paths)
    data = compiled.compile_lists(lists := read_lists(args.paths))
    try:
        compiled.write(args.out, data)
    except OSError as cause:
        print(f"{args.out}: cannot be written ({cause.strerror}). Check the folder.", file=sys.stderr)
        return 2
    entries = sum(len(term_list.entries) for term_list in lists)
    print(
        f"{args.out}: {_count(len(lists), 'list', 'lists')}, {_count(entries, 'entry', 'entries')}, "
        f"{_count(len(data), 'byte', 'bytes')}"
    )
    return 0


def _compiled_file(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() != COMPILED:
        raise argparse.ArgumentTypeError(f"does not end in {COMPILED}. Name it so: lists{COMPILED}")
    return path


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, summary: str, description: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name, help=summary, description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    command.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="a list (.yaml .yml .txt .csv), or a folder of lists",
    )
    return command


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
