"""``interceptor config``: the configuration in force, and every mistake in a file."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import Any

import yaml

from interceptor.banner.render import Banner
from interceptor.binding import plain
from interceptor.cli.options import add_config, configuration
from interceptor.config import Config
from interceptor.decision import Interceptor
from interceptor.errors import StartError
from interceptor.experiment import eligibility
from interceptor.settings.authz import Annotated
from interceptor.sidecar import updater
from interceptor.sidecar.admission import Admission
from interceptor.termlists.reading import notices
from interceptor.ticket import load_key


def add(subparsers: Any) -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser("config", help="show or check the configuration")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    show = commands.add_parser(
        "show",
        help="print the configuration in force",
        description="Print the whole configuration as YAML, defaults filled in: a file to start from.",
    )
    add_config(show)
    show.set_defaults(run=run_show)
    check = commands.add_parser(
        "check",
        help="say everything that is wrong with the configuration",
        description="Check the configuration, its lists and its banner. Mistakes are written with file, line and "
        "remedy, and end with status 1; notices are worth knowing and end with status 0.",
    )
    add_config(check)
    check.set_defaults(run=run_check)


def run_show(options: argparse.Namespace) -> int:
    """Print the configuration in force."""
    sys.stdout.write(yaml.safe_dump(plain(configuration(options)), sort_keys=False, allow_unicode=True))
    return 0


def run_check(options: argparse.Namespace) -> int:
    """Load everything that the configuration names; mistakes are raised, notices printed."""
    config = configuration(options)
    updater.check(config)
    gate = Interceptor.load(config)
    banner = Banner(config)
    eligibility.check(config, banner.reviews)
    try:
        load_key(config.tickets.key_file)
        Admission(config.admin_auth, config.server.admin)
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    today = date.today()
    found = (
        *_own_notices(config),
        *notices(gate.summaries, today),
        *eligibility.notices(config, today),
        *banner.notices(),
    )
    for notice in found:
        print(f"notice: {notice}")
    entries = sum(item.entries for item in gate.summaries)
    print(f"good: {len(gate.summaries)} lists with {entries} entries, {len(banner.languages)} languages")
    return 0


def _own_notices(config: Config) -> list[str]:
    found = []
    if config.searches == Config().searches:
        found.append(
            "searches: not configured, so every path is looked at and a form or JSON body above "
            f"{config.limits.search_body:,} bytes is refused with 413; name your engine's search paths"
        )
    if config.server.upstream is None:
        found.append(
            "server.upstream: not configured; without it only the interceptor's own pages are served"
        )
        if config.authz.annotated is Annotated.HAND_OVER:
            found.append(
                "authz.annotated: 'hand-over' needs server.upstream; searches that are to be annotated just pass"
            )
    if config.tickets.key_file is None:
        found.append(
            "tickets.key_file: not configured; clicks on pages shown before a restart are not counted"
        )
    found.extend(
        f"updates: '{path.name}' has not been fetched yet; run: interceptor lists fetch"
        for path in config.updates.places()
        if not path.is_file()
    )
    if not config.server.admin.is_loopback:
        found.append("server.admin: reachable from other machines; keep metrics away from the public")
    return found
