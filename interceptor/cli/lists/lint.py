"""``interceptor lists lint``: what is doubtful about entries that are well-formed."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from datetime import UTC, datetime

from interceptor.cli.lists.common import EXIT_STATUS, Commands, add_paths, command, count
from interceptor.cli.lists.progress import say
from interceptor.cli.lists.secrets import identity_of
from interceptor.cli.options import require
from interceptor.curation.lint.checks import Material, Severity
from interceptor.curation.lint.running import CHECKS, Finding
from interceptor.curation.lint.running import run as run_checks
from interceptor.errors import CallError
from interceptor.termlists.reading import read_lists

_SHOWN = 10
"""Findings of one check that are printed without --all."""

_DESCRIPTION = f"""\
Look for entries that are well-formed and yet doubtful: too short to be safe, ordinary words, names, twins of other
entries, samples that do not match, and more; --checks lists every check with its reason and remedy.

Errors make the exit status 1; with --strict, warnings do too. Where an entry is meant as it is, say so in the list:
  lint: {{allow: [short]}}
No term is printed unless you ask for it with --show-terms.

example:
  interceptor lists lint my-list.yaml

{EXIT_STATUS}"""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Register the subcommand."""
    parser = command(commands, "lint", "find entries that are doubtful", _DESCRIPTION)
    add_paths(parser, least=0)
    parser.add_argument("--strict", action="store_true", help="exit with 1 for warnings, too")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="json: one object a line")
    parser.add_argument("--all", action="store_true", help=f"print every finding, not {_SHOWN} of a check")
    parser.add_argument(
        "--show-terms", action="store_true", help="print the terms meant; not for a shared log"
    )
    parser.add_argument("--checks", action="store_true", help="explain every check, and do nothing else")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run ``lists lint``; return the exit status. Raises `CallError`, `TermListError`."""
    if args.checks:
        for check in CHECKS:
            print(f"{check.id} ({check.severity.value})\n  {check.reason}\n  {check.remedy}")
        return 0
    if not args.paths:
        raise CallError("name a list or a folder of lists")
    require(args.paths)
    say("reading")
    material = Material(read_lists(args.paths, identity=identity_of(args)), datetime.now(UTC).date())
    found: Counter[Severity] = Counter()
    for check, findings in run_checks(material):
        say(f"checked: {check.id}")
        found[check.severity] += len(findings)
        if args.format == "json":
            for finding in findings:
                print(json.dumps(_as_data(finding, show_terms=args.show_terms), ensure_ascii=True))
        elif findings:
            print(f"{check.severity.value}: {check.id}: {check.reason} {check.remedy}")
            for finding in findings if args.all else findings[:_SHOWN]:
                print(f"  {_line(finding, show_terms=args.show_terms)}")
            if len(findings) > _SHOWN and not args.all:
                print(f"  … and {len(findings) - _SHOWN:,} more: --all")
    if args.format == "text":
        for undone in material.left_undone:
            print(f"not checked: {undone}")
        print(
            f"{count(found[Severity.ERROR], 'error', 'errors')}, "
            f"{count(found[Severity.WARNING], 'warning', 'warnings')}, "
            f"{count(found[Severity.NOTE], 'note', 'notes')}"
        )
    return 1 if found[Severity.ERROR] or (args.strict and found[Severity.WARNING]) else 0


def _line(finding: Finding, *, show_terms: bool) -> str:
    place = finding.list_id + (f": line {finding.line}" if finding.line else "")
    entry = f", entry '{finding.entry_id}'" if finding.entry_id else ""
    shown = f": {finding.text}" if show_terms and finding.text else ""
    return f"{place}{entry}: {finding.what}{shown}"


def _as_data(finding: Finding, *, show_terms: bool) -> dict[str, object]:
    data: dict[str, object] = {
        "check": finding.check,
        "severity": finding.severity.value,
        "list": finding.list_id,
        "entry": finding.entry_id,
        "line": finding.line or None,
        "what": finding.what,
    }
    return data | {"text": finding.text} if show_terms else data
