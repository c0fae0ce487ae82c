"""``interceptor lists import``: a list made of a spreadsheet, a table or plain text."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from interceptor.cli.lists.common import EXIT_STATUS, Commands, command, count
from interceptor.cli.lists.progress import follow, say
from interceptor.cli.lists.writing import write
from interceptor.cli.options import require
from interceptor.curation.importing import columns, sheets, updating
from interceptor.curation.importing.collecting import Collection
from interceptor.curation.importing.columns import FIELDS, NOTHING, Layout
from interceptor.curation.importing.sheets import Sheet
from interceptor.errors import CallError, Mistake, TermListError
from interceptor.termlists import checks
from interceptor.termlists.bare import list_id
from interceptor.termlists.model import Status, TermList, is_identifier, is_language
from interceptor.termlists.reading import read_list
from interceptor.termlists.writing import to_yaml
from interceptor.vocabulary import Category

_SHOWN = 20
"""Remarks that are printed without --all."""

_DESCRIPTION = f"""\
Make a term list of what you were given: a spreadsheet (.xlsx), a table (.csv, .tsv), plain text (.txt) or other lists
in our own format (.yaml). Several files become one list.

You are shown what was found in each file, and asked whether it is right; nothing is written before you say yes. Terms
that are the same once capitals, accents and punctuation are put aside are taken once. What was left out, and why, is
reported by line; no term is printed unless you ask for it with --show-terms.

A column holds one of: {", ".join(FIELDS)}.
'term' is one term, 'terms' several with a bar (|) between them, 'sample' a search that has to match.

examples:
  interceptor lists import march.xlsx --out lanterns.yaml
  interceptor lists import march.csv --map 2=term --map Tongue=language --map 4=- --out lanterns.yaml
  interceptor lists import april.xlsx --update lanterns.yaml --out lanterns-april.yaml

{EXIT_STATUS}"""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Register the subcommand."""
    parser = command(commands, "import", "make a list of a spreadsheet, a table or text", _DESCRIPTION)
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE", help=".xlsx .csv .tsv .txt .yaml")
    parser.add_argument("--out", metavar="LIST.yaml", type=_out, required=True, help="the list to write")
    parser.add_argument(
        "--map",
        metavar="COLUMN=FIELD",
        type=_mapping,
        action="append",
        default=[],
        help=f"what a column holds, by its name or number; {NOTHING} for nothing; may be repeated",
    )
    parser.add_argument(
        "--id", metavar="ID", type=_identifier, help="the list's id (default: the name of --out)"
    )
    parser.add_argument("--title", metavar="TEXT", help="what people call the list")
    parser.add_argument("--version", metavar="TEXT", help="the list's version: 2026.11")
    parser.add_argument(
        "--expires", metavar="DATE", type=_day, help="the last day on which it is current: 2026-12-31"
    )
    parser.add_argument(
        "--language",
        metavar="TAG",
        type=_language,
        help="the language of entries that name none, as a BCP 47 tag",
    )
    parser.add_argument(
        "--category",
        choices=[category.value for category in Category],
        help="the category of entries that name none (default: seeking)",
    )
    parser.add_argument(
        "--status",
        choices=[status.value for status in Status],
        default=Status.TESTING.value,
        help="how far entries that do not say have come (default: testing)",
    )
    parser.add_argument("--update", metavar="LIST.yaml", type=Path, help="an older list to bring up to date")
    parser.add_argument(
        "--retire-missing", action="store_true", help="with --update: retire entries that are no longer there"
    )
    parser.add_argument(
        "--encoding", metavar="NAME", help="the files' encoding, if it is not found rightly: cp1252"
    )
    parser.add_argument("--delimiter", choices=list(sheets.DELIMITERS), help="what parts the cells")
    parser.add_argument("--header", choices=["yes", "no"], help="whether the first row names the columns")
    parser.add_argument("--sheet", metavar="NAME", help="the sheet of a spreadsheet (default: the first)")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--force", action="store_true", help="replace the file if it is there")
    parser.add_argument("--all", action="store_true", help=f"report every line, not the first {_SHOWN}")
    parser.add_argument(
        "--show-terms", action="store_true", help="print what was left out; not for a shared log"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run ``lists import``; return the exit status. Raises `CallError`, `TermListError`."""
    require([*args.paths, *([args.update] if args.update else ())])
    if args.out.exists() and not args.force:
        raise CallError(f"{args.out}: is there already. Choose another name, or add --force to replace it.")
    old = read_list(args.update) if args.update else None
    collection, given = Collection(), set[str]()
    tables: list[tuple[Sheet, Layout]] = []
    lists: list[tuple[Path, TermList]] = []
    for path in args.paths:
        if path.suffix.lower() in (".yaml", ".yml"):
            lists.append((path, read_list(path)))
            given |= {"category", "language", "match", "status", "review", "sample", "note"}
            print(f"{path}: a list, {count(len(lists[-1][1].entries), 'entry', 'entries')}")
        else:
            tables.append(_table(path, args))
            given |= set(tables[-1][1].fields.values())
    if not args.yes and not _confirmed():
        print("Nothing was written.")
        return 2
    for path, term_list in lists:
        collection.add_list(term_list, str(path))
    for sheet, layout in tables:
        rows = collection.add_sheet(sheet, layout, status=Status(args.status))
        for _ in follow(rows, len(sheet.rows), f"{sheet.path}"):
            pass
    _report(collection, args)
    made = TermList(
        id=args.id or list_id(args.out),
        category=Category(args.category) if args.category else Category.SEEKING,
        language=args.language,
        groups=collection.groups,
        entries=tuple(collection.entries),
    )
    today = datetime.now(UTC).date()
    made = _updated(old, made, given, today, args) if old else made
    said = {
        name: value for name in ("title", "version", "expires") if (value := getattr(args, name)) is not None
    }
    made = dataclasses.replace(made, **said)
    if found := tuple(checks.mistakes_in(made, str(args.out))):
        raise TermListError(*(Mistake(each.file, 0, each.what, each.remedy) for each in found))
    say("writing")
    write(args.out, to_yaml(made))
    print(
        f"{args.out}: {count(len(made.entries), 'entry', 'entries')} written. Next: interceptor lists lint {args.out}"
    )
    return 0


def _table(path: Path, args: argparse.Namespace) -> tuple[Sheet, Layout]:
    """Read one table and say what was found in it."""
    sheet = sheets.read(path, encoding=args.encoding, delimiter=args.delimiter, sheet=args.sheet)
    header = None if args.header is None else args.header == "yes"
    layout = columns.find(sheet, dict(args.map), header=header)
    rows = len(sheet.rows) - layout.header
    print(
        f"{path}: {count(rows, 'row', 'rows')}; {sheet.how}; {'a header' if layout.header else 'no header'}"
    )
    for place in range(layout.width):
        name = f" '{layout.names[place]}'" if place in layout.names else ""
        if layout.header and args.show_terms and place < len(sheet.rows[0].cells):
            name = f" '{sheet.rows[0].cells[place]}'"
        field = layout.fields.get(place)
        print(f"  column {place + 1}{name}: {field or f'not used (--map {place + 1}=note to keep it)'}")
    return sheet, layout


def _confirmed() -> bool:
    if not sys.stdin.isatty():
        raise CallError("Look at what was found above. If it is right, call this again with --yes.")
    try:
        return input("Is that right? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        print()
        return False


def _report(collection: Collection, args: argparse.Namespace) -> None:
    remarks = collection.remarks
    for remark in remarks if args.all else remarks[:_SHOWN]:
        said = "left out: " if remark.dropped else ""
        shown = f": {remark.text}" if args.show_terms and remark.text else ""
        print(f"{remark.file}:{remark.line}: {said}{remark.what}{shown}")
    if len(remarks) > _SHOWN and not args.all:
        print(f"… and {len(remarks) - _SHOWN:,} more lines: --all")
    taken = sum(len(entry.terms) for entry in collection.entries)
    print(
        f"{count(len(collection.entries), 'entry', 'entries')} with {count(taken, 'term', 'terms')} taken, "
        f"{count(collection.dropped, 'row or term', 'rows or terms')} left out"
    )


def _updated(
    old: TermList, made: TermList, given: set[str], today: date, args: argparse.Namespace
) -> TermList:
    base = dataclasses.replace(old, groups={**old.groups, **made.groups})
    result = updating.update(base, made.entries, given, today, retire=args.retire_missing)
    gone = (
        "retired" if args.retire_missing else "not in the new files and kept (--retire-missing retires them)"
    )
    print(
        f"{args.update}: {count(result.added, 'entry', 'entries')} added, {result.changed:,} changed, "
        f"{result.missing:,} {gone}"
    )
    return result.term_list


def _out(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise argparse.ArgumentTypeError("does not end in .yaml. Name it so: list.yaml")
    return path


def _identifier(text: str) -> str:
    if not is_identifier(text):
        raise argparse.ArgumentTypeError("is no identifier. Use letters a-z, digits, '.', '_' and '-'.")
    return text


def _language(text: str) -> str:
    if not is_language(text):
        raise argparse.ArgumentTypeError("is no language tag. Write a BCP 47 tag: en, pt-BR, zh-Hant.")
    return text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("is not a date. Write year-month-day: 2026-12-31.") from None


def _mapping(text: str) -> tuple[str, str]:
    name, sign, field = text.rpartition("=")
    if not sign or not name or field not in (*FIELDS, NOTHING):
        raise argparse.ArgumentTypeError(
            f"is not COLUMN=FIELD. Fields are: {', '.join(FIELDS)}, or {NOTHING}."
        )
    return name, field
