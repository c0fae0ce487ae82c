"""Which message a warning shows, and what is compared."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from interceptor.binding import Wrong, setting
from interceptor.settings.checks import not_empty
from interceptor.vocabulary import Review


class PlanKind(StrEnum):
    """How the message of a warning is chosen."""

    FIXED = "fixed"
    """Always ``banner.message``."""
    WEIGHTED = "weighted"
    """By lot, with weights that stay."""
    ADAPTIVE = "adaptive"
    """By lot, with weights that follow the clicks on help."""
    BLOCKS = "blocks"
    """By lot, with one of two policies a day, drawn in secret."""


NEUTRAL = "neutral"
"""The message of an experiment's held-out share, which the others are compared with."""

MOST_MESSAGES = 20
"""Messages in one experiment; more could not be told apart by any engine that is known."""


def _check_weights(value: dict[str, float]) -> None:
    if not all(math.isfinite(weight) and weight > 0 for weight in value.values()):
        raise Wrong("holds a weight that is not above zero", "Write numbers above zero, as 1 or 2.5.")


def _check_policies(value: dict[str, dict[str, float]]) -> None:
    for weights in value.values():
        not_empty(tuple(weights))
        _check_weights(weights)


def _check_neutral(value: float) -> None:
    if not 0 <= value <= 0.5:
        raise Wrong("is out of range", "Write a share from 0 to 0.5; 0.05 is usual.")


def _check_floor(value: float) -> None:
    if not 0 < value < 1:
        raise Wrong("is out of range", "Write a share above 0 and below 1, as 0.01.")


def _check_half_life(value: timedelta) -> None:
    if value < timedelta(days=1):
        raise Wrong("is shorter than a day", "Use days: 14d or more keeps what was learnt.")


def _check_after(value: dict[int, str]) -> None:
    if not value.keys() <= {1, 2, 3}:
        raise Wrong("counts earlier warnings beyond 3", "Use 1, 2 and 3; 3 stands for more, too.")


@dataclass(frozen=True, slots=True)
class Experiment:
    """Which message a warning shows, and what is compared; `docs/experiment.md` describes it.

    Whatever holds people out or lets results steer what they see needs ``approval``, ``ends`` and
    ``stop_rule`` on record.
    """

    kind: PlanKind = setting(PlanKind.FIXED, doc="fixed shows banner.message, whatever else stands here")
    messages: tuple[str, ...] = setting((), doc="the messages that are compared")
    weights: dict[str, float] = setting(
        factory=dict, check=_check_weights, doc="weighted: 1 where none is given"
    )
    policies: dict[str, dict[str, float]] = setting(
        factory=dict, check=_check_policies, doc="blocks: two names, each with messages and weights"
    )
    neutral: float = setting(0.0, check=_check_neutral, doc="share of warnings held out: the neutral message")
    floor: float = setting(0.01, check=_check_floor, doc="adaptive: least share of warnings a message gets")
    half_life: timedelta = setting(
        timedelta(days=28), check=_check_half_life, doc="adaptive: what a window tells counts half after it"
    )
    starts: date | None = setting(None, doc="first day, UTC")
    ends: date | None = setting(None, doc="last day, UTC; afterwards banner.message is shown")
    approval: str | None = setting(None, doc="who approved it, when, under which reference")
    stop_rule: str | None = setting(None, doc="when it is ended early")
    review: Review = setting(Review.PROGRAMME, doc="which review each text needs to take part")
    after: dict[int, str] = setting(
        factory=dict, check=_check_after, doc="another message after so many earlier warnings"
    )

    def __post_init__(self) -> None:
        if self.starts and self.ends and self.ends < self.starts:
            raise Wrong("ends before it starts", "Correct 'starts' or 'ends'.")
        if self.kind is PlanKind.FIXED:
            return
        self._check_parts()
        self._check_record()

    def _check_parts(self) -> None:
        if (self.kind is PlanKind.BLOCKS) != bool(self.policies):
            raise Wrong("'policies' and 'kind: blocks' stand alone", "Write both, or neither.")
        if self.kind is PlanKind.BLOCKS:
            if len(self.policies) != 2:
                raise Wrong("does not compare two policies", "Name two under 'policies'.")
            if self.messages or self.neutral:
                raise Wrong("has messages beside its policies", "Name all messages under 'policies'.")
        elif len(self.messages) < 2:
            raise Wrong("compares less than two messages", "Name two or more under 'messages'.")
        if len(set(self.messages)) != len(self.messages):
            raise Wrong("names a message twice", "Name each once under 'messages'.")
        if len(self.messages) > MOST_MESSAGES:
            raise Wrong("compares too many messages", f"Name at most {MOST_MESSAGES} under 'messages'.")
        if NEUTRAL in self.messages:
            raise Wrong(
                f"'messages' names '{NEUTRAL}'", "Remove it there, and give its share as 'neutral: 0.05'."
            )
        if self.weights and (self.kind is not PlanKind.WEIGHTED or self.weights.keys() - set(self.messages)):
            raise Wrong(
                "'weights' names what it does not weigh",
                "Use it with 'kind: weighted', for messages that stand under 'messages'.",
            )
        if self.kind is PlanKind.ADAPTIVE and self.neutral + self.floor * len(self.messages) >= 1:
            raise Wrong("'floor' and 'neutral' leave nothing to share out", "Lower 'floor'.")

    def _check_record(self) -> None:
        if self.kind is PlanKind.WEIGHTED and not self.neutral:
            return
        lacking = [
            f"'{key}'"
            for key, value in (
                ("approval", (self.approval or "").strip()),
                ("ends", self.ends),
                ("stop_rule", (self.stop_rule or "").strip()),
            )
            if not value
        ]
        if lacking:
            raise Wrong(
                f"holds people out or adapts without {' and '.join(lacking)}",
                "Record who approved it, its last day and when it is stopped early, or use 'kind: fixed'.",
            )
