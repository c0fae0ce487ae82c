"""``interceptor lists diff``: what a new version of lists changes."""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterable
from pathlib import Path

from interceptor.cli.lists.common import Commands, command, count
from interceptor.cli.lists.progress import follow, say
from interceptor.cli.lists.secrets import add_identity, identity_of
from interceptor.cli.options import require
from interceptor.config import Config, ListsGate
from interceptor.curation import comparing, gate, queries
from interceptor.curation.comparing import Changes, Effect, Effects, Name
from interceptor.decision import Interceptor
from interceptor.termlists.model import TermList
from interceptor.termlists.reading import read_lists

_SHOWN = 20
"""Entries of a kind that are printed without --all."""

_DESCRIPTION = """\
Say what changes from OLD to NEW: which entries were added, removed or changed, and which ordinary searches would be
acted on that are not now, by language, with the entries that cause it. OLD and NEW are lists or folders of lists.

The ordinary searches are a few hundred built-in ones in 25 languages, or your own: a text file with one search a line,
or a folder of such files named by language (fi.txt). Take searches that nobody can be known by.
No term and no search is printed unless you ask for it with --show-terms.

example:
  interceptor lists diff lanterns-october.yaml lanterns-november.yaml

Exit status: 0 all is well, 1 NEW acts on so many ordinary searches that a running service would refuse it, or a list
is at fault, 2 the command was called wrongly."""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Register the subcommand."""
    parser = command(commands, "diff", "say what a new version changes", _DESCRIPTION)
    parser.add_argument("old", type=Path, metavar="OLD", help="the list in force, or a folder of lists")
    parser.add_argument("new", type=Path, metavar="NEW", help="the list to come")
    parser.add_argument("--queries", metavar="PATH", type=Path, help="ordinary searches of your own")
    parser.add_argument(
        "--share",
        metavar="SHARE",
        type=float,
        default=ListsGate().share,
        help="share of them that NEW may act on (default: %(default)s, as in a service)",
    )
    parser.add_argument("--all", action="store_true", help=f"print every entry, not {_SHOWN} of a kind")
    parser.add_argument(
        "--show-terms", action="store_true", help="print the searches newly acted on; not for a shared log"
    )
    add_identity(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run ``lists diff``; return the exit status. Raises `CallError`, `TermListError`."""
    require([args.old, args.new, *([args.queries] if args.queries else ())])
    body = queries.read(args.queries) if args.queries else queries.benign()
    say("reading")
    identity = identity_of(args)
    old, new = read_lists([args.old], identity=identity), read_lists([args.new], identity=identity)
    print(f"{_called(old)} -> {_called(new)}")
    _print_changes(comparing.changes(old, new), args)
    say("making both ready")
    found = Effects()
    work = comparing.effects(Interceptor(Config(), old), Interceptor(Config(), new), body, found)
    for _ in follow(work, len(body), "searches"):
        pass
    _print_effects(found, args)
    verdict = gate.judge(found.queries, found.acted_on, found.before, args.share)
    print(f"{'A service takes it' if verdict.accepted else 'A SERVICE WOULD REFUSE IT'}: it {verdict}.")
    return 0 if verdict.accepted else 1


def _called(lists: tuple[TermList, ...]) -> str:
    if len(lists) == 1:
        return f"{lists[0].id} {lists[0].version}"
    return count(len(lists), "list", "lists")


def _print_changes(found: Changes, args: argparse.Namespace) -> None:
    print(
        f"entries: {len(found.added):,} added, {len(found.removed):,} removed, {len(found.changed):,} changed, "
        f"{found.same:,} the same"
    )
    _print_some("added", (f"{_name(name)}" for name in found.added), len(found.added), args)
    _print_some("removed", (f"{_name(name)}" for name in found.removed), len(found.removed), args)
    changed = (f"{_name(name)}: {', '.join(keys)}" for name, keys in found.changed)
    _print_some("changed", changed, len(found.changed), args)


def _print_effects(found: Effects, args: argparse.Namespace) -> None:
    said = ", ".join(f"{found.counts[effect]:,} {effect.value}" for effect in Effect)
    print(f"{count(found.queries, 'ordinary search', 'ordinary searches')}: {said}")
    if found.languages:
        print(
            "  newly, by language: "
            + ", ".join(f"{tag} {number}" for tag, number in found.languages.most_common())
        )
    _print_some("because of", _causes(found, show=args.show_terms), len(found.causes), args)


def _causes(found: Effects, *, show: bool) -> Iterable[str]:
    for name, number in found.causes.most_common():
        examples = ": " + "; ".join(found.examples[name]) if show else ""
        yield f"{_name(name)}: {count(number, 'search', 'searches')}{examples}"


def _print_some(kind: str, lines: Iterable[str], total: int, args: argparse.Namespace) -> None:
    for line in lines if args.all else itertools.islice(lines, _SHOWN):
        print(f"  {kind}: {line}")
    if total > _SHOWN and not args.all:
        print(f"  … and {total - _SHOWN:,} more {kind}: --all")


def _name(name: Name) -> str:
    return f"entry '{name[1]}' of list '{name[0]}'"
