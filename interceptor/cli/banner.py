"""``interceptor banner``: the messages, for the people who answer for them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from interceptor.banner import lint, preview
from interceptor.banner.texts import read_languages
from interceptor.cli.options import add_config_file, configuration

_PREVIEW = """\
Write every message in every language as static pages, page and strip, light and dark, with an index.html.

The files can be opened from a disk: they ask for nothing, and their forms lead nowhere.

example:
  interceptor banner preview --out preview && xdg-open preview/index.html
"""

_LINT = """\
Check the messages: that each warning says the crime, the harm, the consequences, and that help exists and is
anonymous; that a loss never stands without help; forbidden words; reading level, where one is defined for the
language; length; markup; texts and languages that are missing; and the size of each page.

Each finding names its file, its line and what to do.

example:
  interceptor banner lint --config interceptor.yaml

Exit status: 0 nothing found, 1 something found, 2 the command was called wrongly.
"""


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser("banner", help="preview and check the messages")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = _command(commands, "preview", "write every message in every language, to look at", _PREVIEW)
    command.add_argument("--out", metavar="DIR", type=Path, required=True, help="a new or an empty folder")
    command.set_defaults(run=run_preview)
    command = _command(commands, "lint", "say what is wrong with the messages", _LINT)
    command.set_defaults(run=run_lint)


def run_preview(options: argparse.Namespace) -> int:
    """Write the preview; 2 where the folder cannot be used."""
    config, out = configuration(options), options.out
    try:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            print(f"{out}: is there and not an empty folder. Name a new one.", file=sys.stderr)
            return 2
        written = preview.write(config, out)
    except OSError as fault:
        print(f"{out}: cannot be written ({fault.strerror}). Check the path and its room.", file=sys.stderr)
        return 2
    print(f"{written:,} files; begin with {out / 'index.html'}")
    return 0


def run_lint(options: argparse.Namespace) -> int:
    """Print every finding; 1 where there are any. Raises `ConfigError`."""
    findings = lint.findings(configuration(options))
    for finding in findings:
        print(finding)
    languages = read_languages()
    messages = {name for language in languages.values() for name in language.messages}
    print(f"{len(languages)} languages with {len(messages)} messages: {len(findings)} findings")
    return 1 if findings else 0


def _command(commands: Any, name: str, summary: str, description: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=summary, description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_config_file(command)
    return command
