"""Sentences and numbers that the text and the page have in common."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime

from interceptor.experiment.blocks import Outcome
from interceptor.report.analysis import Comparison, PlanReport, Report
from interceptor.report.change import Change, Estimate
from interceptor.report.comparing import Pair
from interceptor.report.policies import Policies
from interceptor.report.rates import Rate

READING = (
    "All figures are made of signed values with the noise of the private release in them; small ones may be below "
    "zero.",
    "Click-through is a lower bound: programs that load the page and never click are among the warnings. It does not "
    "tell who got help, and rates of different engines do not compare.",
    "Of next searches only those from the warning's own box are seen. They do not tell that anybody stopped.",
)
"""What the figures are and are not."""

LABORATORY = "LABORATORY: these counts left without noise (privacy.release: exact). Never for real searches."

COMPARING = (
    "Messages are compared within windows, as the lot showed them. Intervals hold together 95 times in 100 "
    "(Bonferroni, all pairs); p is Holm's, for all pairs; below 0.05 it counts as told apart."
)

CHANGING = (
    "An interrupted time series sees that something changed on that day, not why: "
    "whatever else changed then is in it, too. "
    "Its intervals hold the truth 90 to 94 times in 100 where 10 to 20 points stand on a side, 93 to 95 times with 60."
)


def day(seconds: float) -> str:
    """A day of UTC."""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def number(count: float, thing: str) -> str:
    """So many of a thing."""
    return f"{count:.4g} {thing}{'' if count == 1 else 's'}"


def percent(value: float) -> str:
    """A share as a percentage."""
    return f"{100 * value:.2f} %"


def interval(rate: Rate | None, scale: float = 100, unit: str = " %") -> str:
    """A rate with its interval: ``12.03 % [11.20, 12.86]``."""
    if rate is None:
        return "cannot be told"
    if rate.low is None or rate.high is None:
        return f"{scale * rate.value:.2f}{unit} (no interval)"
    return f"{scale * rate.value:.2f}{unit} [{scale * rate.low:.2f}, {scale * rate.high:.2f}]"


def period(report: Report) -> str:
    """The time that is covered."""
    if report.first is None or report.last is None:
        return "no windows"
    last = day(report.last - 1)
    return f"{day(report.first)} to {last}, {number(report.windows, 'window')}, {number(report.days, 'day')}"


def most(part: Rate, other: Rate) -> float:
    """The upper bound of ``part``: everybody not seen may have done the same (Manski). Per 100 warnings, 0 to 100."""
    return 100 * min(max(1 - other.value, part.value, 0.0), 1.0)


def odds(pair: Pair) -> str:
    """The odds ratio with its interval."""
    ends = pair.interval
    return (
        "–"
        if pair.odds_ratio is None or ends is None
        else f"{pair.odds_ratio:.2f} [{ends[0]:.2f}, {ends[1]:.2f}]"
    )


def points(pair: Pair) -> str:
    """The difference in percentage points with its interval."""
    low, high = pair.difference_interval
    return f"{100 * pair.difference:+.2f} [{100 * low:+.2f}, {100 * high:+.2f}]"


def chance(p: float | None) -> str:
    """A p value."""
    if p is None:
        return "–"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def verdict(comparison: Comparison) -> str:
    """What may be said of a comparison."""
    if comparison.refused is None:
        return comparison.verdict
    if comparison.more_days is None:
        return f"not compared: {comparison.refused}"
    return f"not compared: {comparison.refused} At this rate it is possible in {wait(comparison.more_days)}."


def wait(more: float) -> str:
    """A number of days, in words that fit its size."""
    return number(math.ceil(more), "day") if more < 3 * 365 else f"about {more / 365:,.0f} years"


def plan_line(plan: PlanReport) -> str:
    """A plan in one line."""
    return (
        f"{plan.plan or 'no plan known'}: {number(plan.windows, 'window')}, {number(plan.days, 'day')}, "
        f"{plan.warnings_a_day:,.0f} warnings a day"
    )


def estimate(value: Estimate) -> str:
    """A change in points."""
    return f"{100 * value.value:+.2f} points [{100 * value.low:+.2f}, {100 * value.high:+.2f}], p {chance(value.p)}"


def change_lines(change: Change) -> Iterator[tuple[str, str]]:
    """What a change did, as names and values."""
    yield "change at once", estimate(change.step)
    yield "change of slope, a week", estimate(change.slope)
    yield "slope before, a week", estimate(change.slope_before)
    yield "expected at the change", percent(change.expected)
    yield "reached at the change", percent(change.reached)
    yield "correlation of neighbouring windows", f"{change.correlation:+.2f}"
    yield "windows a point", f"{change.windows_a_point}"


def policy_lines(found: Policies) -> Iterator[tuple[str, str]]:
    """What two policies came to, as names and values."""

    def outcome(each: Outcome) -> str:
        return "cannot be told" if each.share is None else f"{percent(each.share)} in {each.blocks} blocks"

    yield found.first.policy, outcome(found.first)
    yield found.second.policy, outcome(found.second)
    value, half = found.difference.value, found.half
    yield (
        "difference",
        f"{100 * value:+.3f} points [{100 * (value - half):+.3f}, {100 * (value + half):+.3f}]",
    )
