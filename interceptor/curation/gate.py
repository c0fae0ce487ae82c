"""The reload gate: whether a new list may replace the one in force.

A list that acts on many ordinary searches is more likely broken than right: a comma too many, a column taken for
another, a word that everybody uses. The gate asks what the new list does with a sample of ordinary searches.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from interceptor.decision import Interceptor
from interceptor.vocabulary import Action


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of a new list; holds no query and no term."""

    accepted: bool
    queries: int
    """Searches in the sample."""
    acted_on: int
    """How many of them the new list acts on."""
    before: int | None
    """How many the list in force acts on; None where there is none."""
    allowed: int
    """How many a new list may act on."""

    def __str__(self) -> str:
        """One sentence for a log."""
        said = f"acts on {self.acted_on} of {self.queries} ordinary searches; {self.allowed} are allowed"
        return said if self.before is None else f"{said}, and the list in force acts on {self.before}"


def check(old: Interceptor | None, new: Interceptor, sample: Collection[str], share: float) -> Verdict:
    """Judge ``new`` by ``sample``, ordinary searches as `interceptor.curation.queries.benign` has them.

    ``old`` is the list in force, None where there is none; what counts is said at `judge`.
    """
    before = None if old is None else _acted_on(old, sample)
    return judge(len(sample), _acted_on(new, sample), before, share)


def judge(queries: int, acted_on: int, before: int | None, share: float) -> Verdict:
    """Judge a list that acts on ``acted_on`` of ``queries`` ordinary searches, and the one in force on ``before``.

    It is refused where it acts on more than ``share`` (0 to 1) of them, whatever the action is, unless the list in
    force acts on as many or more: a list that mends some of what is wrong must be able to come in.
    """
    allowed = int(share * queries)
    accepted = acted_on <= allowed or (before is not None and acted_on <= before)
    return Verdict(accepted, queries, acted_on, before, allowed)


def _acted_on(gate: Interceptor, sample: Collection[str]) -> int:
    return sum(gate.decide(query).action is not Action.PASS for query in sample)
