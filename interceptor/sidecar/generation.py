"""One generation of what the service works with: a configuration, the lists that it names, and the banner.

A generation is built whole or not at all. The next one is built while the service goes on with the one before, and
is put together from those settings that may change under way; the others need a restart.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from interceptor.banner.render import Banner
from interceptor.config import Config
from interceptor.counting.exposition import EVERY_LIST
from interceptor.curation import gate as lists_gate
from interceptor.curation import queries
from interceptor.decision import Interceptor
from interceptor.errors import ConfigError, InterceptorError, StartError, TermListError
from interceptor.experiment.plan import Plan
from interceptor.experiment.steering import planned
from interceptor.quiet import describe
from interceptor.recording import Labels
from interceptor.termlists.reading import Summary
from interceptor.vocabulary import Refusal

_FIXED: Final = ("tickets", "privacy", "keeper", "experiment", "history", "updates", "admin_auth")
"""Sections of the configuration that hold for as long as the process lives."""

_FIXED_IN_SERVER: Final = ("listen", "admin", "workers", "watch")
"""Settings of the section ``server`` that do; the engine's address is none of them."""

_COUNTED: Final = ("banner", "resources")
"""Sections that decide which cells there are to count in."""

_TERMS_TRIED: Final = 50
"""Terms of each list that the self-check looks for."""


class RefusedError(InterceptorError):
    """A generation cannot be used: ``refused`` says which list and why; the message is the fault's own."""

    def __init__(self, refused: tuple[str, Refusal], message: str) -> None:
        self.refused = refused
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of a generation; holds no list. ``restart`` names settings that wait for a restart."""

    config: Config
    labels: Labels
    plan: Plan
    summaries: tuple[Summary, ...]
    restart: tuple[str, ...] = ()

    def successor(self, config: Config, running: Interceptor | None) -> Generation:
        """Build what follows this generation under ``config``; settings that need a restart stay as they are.

        ``running`` decides as this generation does, for the gate; without it, nothing is asked of the gate, as at a
        start. Raises `RefusedError`.
        """
        try:
            config, restart = _with_fixed(config, self.config)
            banner = Banner(config)
            if self._shows_more(config, banner):
                config, more = _with_sections(config, self.config, _COUNTED)
                banner, restart = Banner(config), (*restart, *more)
            new = Generation.build(config, banner, restart=restart)
            if running is not None:
                _pass_gate(running, new)
        except Exception as fault:
            raise refusal_of(fault, self.summaries) from None
        return new

    def _shows_more(self, config: Config, banner: Banner) -> bool:
        """Whether ``banner`` is counted otherwise than what this generation shows."""
        new, here = Labels.of(banner), self.labels
        return (
            not set(new.messages) <= set(here.messages)
            or not set(new.languages) <= set(here.languages)
            or not set(new.resources) <= set(here.resources)
            or planned(config, banner.reviews, banner.wording) != self.plan
        )


@dataclass(frozen=True, slots=True)
class Generation:
    """A configuration and all that is made of it, and what is told of it."""

    facts: Facts
    gate: Interceptor
    banner: Banner

    @classmethod
    def build(
        cls, config: Config, banner: Banner | None = None, *, restart: tuple[str, ...] = ()
    ) -> Generation:
        """Read lists, messages and templates, and check that the lists work; ``banner`` where there is one already.

        Raises `ConfigError`, `TermListError`, or `StartError` for a list that matches none of its own terms.
        """
        gate = Interceptor.load(config)
        banner = banner or Banner(config)
        plan = planned(config, banner.reviews, banner.wording)
        _check_lists(gate)
        return cls(Facts(config, Labels.of(banner), plan, gate.summaries, restart), gate, banner)


def refusal_of(fault: Exception, known: Collection[Summary]) -> RefusedError:
    """What is told of ``fault``, met while a generation was built; of a defect only its type and place.

    ``known`` are the lists in force.
    """
    if isinstance(fault, RefusedError):
        return fault
    if isinstance(fault, TermListError):
        names = {_stem(mistake.file) for mistake in fault.mistakes}
        is_known = len(names) == 1 and names <= {summary.id for summary in known}
        name = names.pop() if is_known else EVERY_LIST
        return RefusedError((name, Refusal.BROKEN), str(fault))
    if isinstance(fault, ConfigError):
        return RefusedError((EVERY_LIST, Refusal.CONFIGURATION), str(fault))
    if isinstance(fault, _SelfCheckError):
        return RefusedError((fault.list_id, Refusal.SELF_CHECK), str(fault))
    if isinstance(fault, InterceptorError):
        return RefusedError((EVERY_LIST, Refusal.CONFIGURATION), str(fault))
    # The message of any other exception may hold a term.
    return RefusedError((EVERY_LIST, Refusal.DEFECT), f"a defect of this program: {describe(fault)}")


class _SelfCheckError(StartError):
    """A list does not match what it holds."""

    def __init__(self, list_id: str) -> None:
        self.list_id = list_id
        super().__init__(f"list '{list_id}' matches none of its own terms; check it with: lists test")


def _check_lists(gate: Interceptor) -> None:
    """Refuse lists that match nothing at all. Raises `StartError`."""
    for term_list in gate.lists:
        terms = [term for entry in term_list.entries for term in (*entry.samples.match, *entry.terms)]
        if terms and not any(gate.explain(term) for term in terms[:_TERMS_TRIED]):
            raise _SelfCheckError(term_list.id)


def _pass_gate(running: Interceptor, new: Generation) -> None:
    """Refuse lists that act on too many ordinary searches. Raises `RefusedError` and `CallError`."""
    settings = new.facts.config.lists_gate
    body = queries.benign() if settings.queries is None else queries.read(settings.queries)
    verdict = lists_gate.check(running, new.gate, [query.text for query in body], settings.share)
    if not verdict.accepted:
        raise RefusedError(
            (EVERY_LIST, Refusal.GATE), f"what was read {verdict}. Mend the lists, or raise lists_gate.share."
        )


def _with_fixed(config: Config, running: Config) -> tuple[Config, tuple[str, ...]]:
    config, sections = _with_sections(config, running, _FIXED)
    changed = [
        name for name in _FIXED_IN_SERVER if getattr(config.server, name) != getattr(running.server, name)
    ]
    server = dataclasses.replace(
        config.server, **{name: getattr(running.server, name) for name in _FIXED_IN_SERVER}
    )
    return dataclasses.replace(config, server=server), (*sections, *(f"server.{name}" for name in changed))


def _with_sections(config: Config, running: Config, names: tuple[str, ...]) -> tuple[Config, tuple[str, ...]]:
    """``config`` with the sections ``names`` of ``running``, and those among them that differed."""
    there = {field.name for field in dataclasses.fields(Config)}
    kept = {name: getattr(running, name) for name in names if name in there}
    changed = tuple(name for name, value in kept.items() if getattr(config, name) != value)
    return dataclasses.replace(config, **kept), changed


def _stem(file: str) -> str:
    return file.rpartition("/")[2].partition(".")[0]
