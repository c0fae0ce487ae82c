"""Day-blocks: one of two policies for all searches of a block, drawn in secret; and what is compared.

Whether people stop cannot be read off clicks, and not off one person's later searches without following that
person. What can be read is the whole: of all searches, how many match, on days with one policy and on days with
the other. It sees every search and needs nobody's identity.

The policy of a block follows from the ticket key, so replicas that share the key agree, and nobody without it can
tell a block's policy in advance. Blocks are drawn apart from each other (not in balanced pairs, where one half of a
pair gives the other away).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from interceptor.experiment.plan import Plan

SHORTEST = timedelta(hours=24)
"""A block spans whole days, or the hour of the day would tell its searches from another's."""


def length(window: timedelta) -> timedelta:
    """The length of a block: the least whole number of windows that makes a day."""
    return math.ceil(SHORTEST / window) * window


def policy(plan: Plan, key: bytes, moment: float) -> str:
    """The name of the policy in force at ``moment`` (seconds since 1970), under the ticket ``key`` (32 bytes).

    One bit of HKDF-SHA256 (RFC 5869) over the plan's identifier and the number of the block.
    """
    number = math.floor(moment / length(plan.window).total_seconds())
    info = f"interceptor day-block {plan.identifier} {number}".encode()
    bit = HKDF(algorithm=SHA256(), length=1, salt=None, info=info).derive(key)[0] & 1
    return tuple(plan.policies)[bit]


@dataclass(frozen=True, slots=True)
class Block:
    """What was released of one block: its policy, and signed sums over its windows."""

    policy: str
    searches: int
    matching: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Matching searches over all searches under one policy.

    ``share`` is None where there were no searches. ``error`` is its standard error, None below two blocks.
    """

    policy: str
    blocks: int
    share: float | None
    error: float | None


def outcomes(blocks: Iterable[Block]) -> dict[str, Outcome]:
    """The outcome of each policy that occurs, by name.

    A ratio of sums with the variance of a ratio estimator (Cochran, Sampling Techniques, 1977, section 6.4):
    taken between blocks, so it holds whatever makes days differ, the people who search often, and the noise of
    the release alike.
    """
    by_policy: dict[str, list[Block]] = {}
    for block in blocks:
        by_policy.setdefault(block.policy, []).append(block)
    return {name: _outcome(name, by_policy[name]) for name in sorted(by_policy)}


def _outcome(name: str, blocks: list[Block]) -> Outcome:
    number = len(blocks)
    searches = sum(block.searches for block in blocks)
    if searches <= 0:
        return Outcome(name, number, None, None)
    share = sum(block.matching for block in blocks) / searches
    if number < 2:
        return Outcome(name, number, share, None)
    squares = sum((block.matching - share * block.searches) ** 2 for block in blocks)
    return Outcome(name, number, share, math.sqrt(squares * number / (number - 1)) / searches)


@dataclass(frozen=True, slots=True)
class Difference:
    """How far the share under one policy lies above that under another; ``error`` is its standard error."""

    value: float
    error: float


def difference(one: Outcome, other: Outcome) -> Difference | None:
    """The share of ``one`` less that of ``other``; None where either has less than two blocks with searches."""
    if one.share is None or other.share is None or one.error is None or other.error is None:
        return None
    return Difference(one.share - other.share, math.hypot(one.error, other.error))
