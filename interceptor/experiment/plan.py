"""The plan: which messages a warning may show, in which shares, and between which days.

A plan is made of the configuration alone, so that every process and replica has the same one. What changes with
time (`interceptor.experiment.allocation`) is worked out at a window's opening and never inside one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

from interceptor.binding import plain
from interceptor.config import NEUTRAL, Config, PlanKind
from interceptor.vocabulary import Category

OWN_MESSAGES: Mapping[Category, str] = MappingProxyType(
    {
        Category.AMBIGUOUS: NEUTRAL,
        Category.HELP_SEEKING: "supportive",
        Category.INFORMATIONAL: "informational",
    }
)
"""The message of each category that no experiment touches."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What decides which message is shown.

    ``identifier`` stands beside every count: a digest of all that shapes the plan, so that counts of two plans
    never mix. ``arms`` are the messages compared (none where the kind is fixed or blocks) and ``weights`` their
    configured shares, which sum to 1. ``neutral`` is the share of warnings held out and ``floor`` the least
    share of an arm. ``policies`` has two names, each with shares that sum to 1, where the kind is blocks.
    ``after`` maps a number of earlier warnings to the message shown from then on. ``begins`` and ``ends``
    are seconds since 1970; None is open. ``window`` is the length of the counting windows.
    """

    identifier: str
    kind: PlanKind
    fixed: str
    arms: tuple[str, ...]
    weights: Mapping[str, float]
    neutral: float
    floor: float
    half_life: timedelta
    policies: Mapping[str, Mapping[str, float]]
    after: Mapping[int, str]
    begins: float | None
    ends: float | None
    window: timedelta
    resting: Plan | None
    """The fixed plan that holds before the first day and after the last; None where this is a fixed one."""

    @classmethod
    def make(cls, config: Config, wording: str) -> Plan:
        """The plan that ``config`` describes.

        ``wording`` is a digest of every text in every language: a message that is reworded is another one, and
        its counts start anew.
        """
        experiment, fixed = config.experiment, config.banner.message
        resting = _fixed(config, wording)
        if experiment.kind is PlanKind.FIXED:
            return resting
        is_blocks = experiment.kind is PlanKind.BLOCKS
        named = {message: experiment.weights.get(message, 1.0) for message in experiment.messages}
        shape = plain(experiment) | {"fixed": fixed, "window": config.privacy.window.total_seconds()}
        for record in ("approval", "stop_rule", "review"):
            del shape[record]  # says who allowed the plan, and shapes nothing of it
        return cls(
            identifier=_identifier(experiment.kind, shape, wording),
            kind=experiment.kind,
            fixed=fixed,
            arms=() if is_blocks else experiment.messages,
            weights=_shares(named),
            neutral=experiment.neutral,
            floor=experiment.floor,
            half_life=experiment.half_life,
            policies={name: _shares(weights) for name, weights in sorted(experiment.policies.items())},
            after=experiment.after,
            begins=_midnight(experiment.starts) if experiment.starts else None,
            ends=_midnight(experiment.ends + _DAY) if experiment.ends else None,
            window=config.privacy.window,
            resting=resting,
        )

    @property
    def identifiers(self) -> tuple[str, ...]:
        """The identifiers of this plan and of the one around it."""
        return tuple(each.identifier for each in (self, self.resting) if each)

    @property
    def drawn(self) -> tuple[str, ...]:
        """Every message that a draw can give, each once; the order of shares in shared memory."""
        policies = (message for policy in self.policies.values() for message in policy)
        return tuple(dict.fromkeys((self.fixed, *self.arms, NEUTRAL, *policies)))

    def in_force(self, opens: float, closes: float) -> Plan:
        """The plan of a window (seconds since 1970): this one only if the whole window lies within its days."""
        begun = self.begins is None or opens >= self.begins
        over = self.ends is not None and closes > self.ends
        return self if self.resting is None or (begun and not over) else self.resting

    def settled(self, category: Category, prior: int) -> str | None:
        """The message of a warning that is not drawn by lot; None where it is.

        ``prior`` is how many warnings came before (0 to 3).
        """
        if category is not Category.SEEKING:
            return OWN_MESSAGES[category]
        return self.after[reached] if (reached := self._reached(prior)) else None

    def cell(self, message: str, category: Category, prior: int) -> str:
        """The cell that a warning with ``message`` is counted in.

        A warning drawn by lot counts as its message. One that is shown for another reason counts apart, or the
        comparison would mix searches of another kind, or people on their second warning, into one message.
        """
        if category is Category.AMBIGUOUS:
            return f"{message}:ambiguous"
        if category is Category.SEEKING and self._reached(prior):
            return f"{message}:again"
        return message

    def other_cells(self) -> tuple[str, ...]:
        """The cells that `cell` gives beyond the messages themselves, to be declared beside them."""
        again = dict.fromkeys(f"{message}:again" for message in self.after.values())
        return (f"{OWN_MESSAGES[Category.AMBIGUOUS]}:ambiguous", *again)

    def _reached(self, prior: int) -> int:
        """The greatest number in ``after`` that ``prior`` has come to; 0 for none."""
        return max((number for number in self.after if number <= prior), default=0)


def _fixed(config: Config, wording: str) -> Plan:
    experiment, fixed = config.experiment, config.banner.message
    shape = {"fixed": fixed, "after": plain(experiment.after)}
    return Plan(
        identifier=_identifier(PlanKind.FIXED, shape, wording),
        kind=PlanKind.FIXED,
        fixed=fixed,
        arms=(),
        weights={},
        neutral=0.0,
        floor=0.0,
        half_life=experiment.half_life,
        policies={},
        after=experiment.after,
        begins=None,
        ends=None,
        window=config.privacy.window,
        resting=None,
    )


def _identifier(kind: PlanKind, shape: Mapping[str, object], wording: str) -> str:
    text = json.dumps([shape, wording], sort_keys=True, ensure_ascii=True)
    return f"{kind.value}-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def _shares(weights: Mapping[str, float]) -> Mapping[str, float]:
    total = sum(weights.values())
    return {message: weight / total for message, weight in weights.items()}


def _midnight(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
