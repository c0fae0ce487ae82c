"""``interceptor lists merge``: suggested entries taken into a list."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from interceptor.binding import bind
from interceptor.cli.lists.common import Commands, command, count
from interceptor.cli.lists.writing import write
from interceptor.cli.options import require
from interceptor.curation import merging
from interceptor.curation.merging import Merge
from interceptor.curation.splicing import splice
from interceptor.documents import parse
from interceptor.errors import CallError, TermListError
from interceptor.termlists import checks
from interceptor.termlists.model import TermList
from interceptor.termlists.reading import MAX_BYTES, read_list

_DESCRIPTION = """\
Take suggested entries into a list. A suggestion is a small file that staff fill in; --form prints an empty one.

New entries come behind the last one, as drafts if they say nothing else, with today's date under 'modified'. The rest
of the list stays as it is, comments too. An entry that the list has already, or whose terms it has, is left out. One
with the id of another entry is a conflict, and nothing is written, unless --replace lets it take that entry's place;
what that entry was related to is kept.

examples:
  interceptor lists merge --form > suggestion.yaml
  interceptor lists merge lanterns.yaml suggestion.yaml

Exit status: 0 done, 1 there are conflicts or a file is at fault, 2 the command was called wrongly."""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Register the subcommand."""
    parser = command(commands, "merge", "take suggested entries into a list", _DESCRIPTION)
    parser.add_argument("list", nargs="?", type=Path, metavar="LIST.yaml", help="the list, which is changed")
    parser.add_argument(
        "suggestions", nargs="*", type=Path, metavar="SUGGESTION.yaml", help="what is taken in"
    )
    parser.add_argument(
        "--out", metavar="FILE", type=Path, help="write the list there and leave LIST as it is"
    )
    parser.add_argument(
        "--replace", action="store_true", help="let entries take the place of those with their id"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
    parser.add_argument("--form", action="store_true", help="print an empty suggestion, and do nothing else")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run ``lists merge``; return the exit status. Raises `CallError`, `TermListError`."""
    if args.form:
        print(merging.FORM, end="")
        return 0
    if args.list is None or not args.suggestions:
        raise CallError("name a list and at least one suggestion; --form prints an empty suggestion")
    require([args.list, *args.suggestions])
    if args.list.suffix.lower() not in (".yaml", ".yml"):
        raise CallError(
            f"{args.list}: is no list in YAML. Make it one: interceptor lists import {args.list} --out …"
        )
    term_list = read_list(args.list)
    suggestions = [(str(path), merging.read(path)) for path in args.suggestions]
    result = merging.merge(term_list, suggestions, datetime.now(UTC).date(), replace=args.replace)
    for what, remarks in (("conflict", result.conflicts), ("left out", result.left_out)):
        for remark in remarks:
            print(f"{remark.file}:{remark.line}: {what}: entry '{remark.entry_id}' {remark.what}")
    for entry in result.added:
        print(f"added: entry '{entry.id}' ({entry.status.value})")
    for entry in result.replaced.values():
        print(f"replaced: entry '{entry.id}' ({entry.status.value})")
    if result.conflicts:
        print(
            "Nothing was written. Give these entries ids of their own, or add --replace if they are meant to change."
        )
        return 1
    if not args.dry_run and (result.added or result.replaced or args.out):
        _write(args.list, args.out or args.list, result)
        entries = count(len(term_list.entries) + len(result.added), "entry", "entries")
        print(f"{args.out or args.list}: {entries}. Next: interceptor lists lint {args.out or args.list}")
    return 0


def _write(path: Path, out: Path, result: Merge) -> None:
    text = splice(path.read_text(encoding="utf-8-sig"), result.replaced, result.added, str(path))
    # What is written must be a list that can be read: it may be larger than one, or its groups may clash.
    node = parse(text.encode(), str(out), max_bytes=MAX_BYTES, error=TermListError)
    merged = bind(node, TermList, name=str(out), error=TermListError, confidential=True)
    if mistakes := tuple(checks.mistakes_in(merged, str(out))):
        raise TermListError(*mistakes)
    write(out, text)
