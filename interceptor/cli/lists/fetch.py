"""``interceptor lists fetch``: one update by hand, by the same steps as the service's own."""

from __future__ import annotations

import argparse
from pathlib import Path

from interceptor.cli.lists.common import Commands, command
from interceptor.cli.options import add_config_file, configuration
from interceptor.config import Config
from interceptor.curation import gate, queries
from interceptor.decision import Interceptor
from interceptor.errors import CallError, InterceptorError, StartError, TermListError
from interceptor.quiet import silence_libraries
from interceptor.transport.refusals import SENTENCES
from interceptor.transport.staging import Fetched, confirm, promote, restore
from interceptor.vocabulary import Refusal

_DESCRIPTION = """\
Fetch the lists that 'updates:' in the configuration names, once, now. Each is verified, opened, and tried on ordinary
searches; one that is refused leaves the one before in force. A running service notices new ones by itself.

example:
  interceptor lists fetch --config /etc/interceptor.yaml

Exit status: 0 all lists are as new as their repository, 1 one was refused, 2 the command was called wrongly."""


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Register the subcommand."""
    parser = command(commands, "fetch", "fetch lists from their repositories once", _DESCRIPTION)
    add_config_file(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run ``lists fetch``; return the exit status. Raises `CallError`, `ConfigError` and `StartError`."""
    from interceptor.transport.client import fetch  # brings python-tuf, which takes its time

    silence_libraries()
    config = configuration(args)
    updates = config.updates
    if not updates.sources:
        raise CallError(
            "the configuration names no source to fetch from; see 'updates:' in docs/operators.md"
        )
    all_well = True
    for source in updates.sources:
        folder = updates.folder(source)
        for fetched in fetch(source, folder, updates.deadline.total_seconds()):
            reason = fetched.reason
            if fetched.changed:
                reason = _try(config, folder, fetched)
            state = "in force" if fetched.changed else "as new as the repository's"
            said = state if reason is None else f"refused ({reason}): {SENTENCES[reason]}"
            print(f"{source.name}: {fetched.name}: {said}")
            all_well = all_well and reason is None
    return 0 if all_well else 1


def _try(config: Config, folder: Path, fetched: Fetched) -> Refusal | None:
    """Put a list in force if it passes; why it does not, or None."""
    settings = config.lists_gate
    body = queries.benign() if settings.queries is None else queries.read(settings.queries)
    before = Interceptor.load(config)
    try:
        promote(folder, fetched.name)
        reason = _judge(config, before, [query.text for query in body])
        (confirm if reason is None else restore)(folder, fetched.name)
    except OSError as cause:
        raise StartError(f"updates.state: cannot be written ({cause.strerror})") from None
    return reason


def _judge(config: Config, before: Interceptor, searches: list[str]) -> Refusal | None:
    try:
        after = Interceptor.load(config)
    except TermListError:
        return Refusal.BROKEN
    except InterceptorError:
        return Refusal.CONFIGURATION
    verdict = gate.check(before, after, searches, config.lists_gate.share)
    return None if verdict.accepted else Refusal.GATE
