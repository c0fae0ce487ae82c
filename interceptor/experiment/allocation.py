"""What holds in a window: the plan in force and the share of each message, worked out when the window opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interceptor.config import NEUTRAL, PlanKind
from interceptor.experiment import adaptive, blocks
from interceptor.experiment.adaptive import Window
from interceptor.experiment.plan import Plan


@dataclass(frozen=True, slots=True)
class Allocation:
    """The shares of one window; they sum to 1.

    ``plan`` is the identifier to put beside counts. ``policy`` is the policy of a day-block, kept for its
    analysis.
    """

    plan: str
    shares: Mapping[str, float]
    policy: str | None = None


def allocate(plan: Plan, history: Sequence[Window], key: bytes, opens: float, closes: float) -> Allocation:
    """The allocation for the window from ``opens`` to ``closes`` (seconds since 1970, as aligned to UTC).

    ``history`` are the closed windows, of other plans too; ``key`` is the ticket key. The same arguments give
    the same allocation, so that a restart inside a window changes nothing.
    """
    current = plan.in_force(opens, closes)
    if current.kind is PlanKind.BLOCKS:
        name = blocks.policy(current, key, opens)
        return Allocation(current.identifier, current.policies[name], name)
    if current.kind is PlanKind.ADAPTIVE:
        return Allocation(current.identifier, _with_neutral(current, adaptive.weights(history, current)))
    if current.kind is PlanKind.WEIGHTED:
        left = 1 - current.neutral
        shares = {message: left * weight for message, weight in current.weights.items()}
        return Allocation(current.identifier, _with_neutral(current, shares))
    return Allocation(current.identifier, {current.fixed: 1.0})


def _with_neutral(plan: Plan, shares: Mapping[str, float]) -> dict[str, float]:
    return {**shares, NEUTRAL: plan.neutral} if plan.neutral else dict(shares)
