"""Day-blocks: searches acted on of all searches, under each of two policies that were in force by lot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interceptor.counting.released import ReleasedWindow
from interceptor.experiment.blocks import SHORTEST, Block, Difference, Outcome, difference, outcomes
from interceptor.report.rates import cells
from interceptor.report.student import quantile
from interceptor.report.windows import total

FEWEST = 8
"""Blocks of each policy below which nothing is said of their difference."""


@dataclass(frozen=True, slots=True)
class Policies:
    """Two policies, each called by its shares of messages; ``half`` is half the 95 % interval of their difference."""

    first: Outcome
    second: Outcome
    difference: Difference
    half: float


def policies(windows: Sequence[ReleasedWindow]) -> Policies | str:
    """What two policies came to, in ``windows`` of one plan of day-blocks; or why nothing can be said."""
    by_block: dict[tuple[int, str], list[ReleasedWindow]] = {}
    length = max([SHORTEST.total_seconds(), *(window.end - window.start for window in windows)])
    for window in windows:
        if window.shares:
            by_block.setdefault((int(window.start // length), _name(window.shares)), []).append(window)
    found = outcomes(_block(name, group) for (_, name), group in by_block.items())
    if len(found) != 2:
        return f"{len(found)} policies have been in force: two are compared."
    first, second = found.values()
    between = difference(first, second)
    fewest = min(first.blocks, second.blocks)
    if between is None or fewest < FEWEST:
        return f"One policy has been in force in {fewest} blocks only: {FEWEST} of each are needed."
    return Policies(first, second, between, quantile(0.975, fewest - 1) * between.error)


def _block(name: str, group: Sequence[ReleasedWindow]) -> Block:
    searches, matching = cells(group, "searches"), cells(group, "interventions")
    return Block(
        name,
        sum(total(window, searches) for window in group),
        sum(total(window, matching) for window in group),
    )


def _name(shares: Mapping[str, float]) -> str:
    return ", ".join(f"{message} {share:.0%}" for message, share in sorted(shares.items()))
