"""The report as plain data, for JSON. Rates are shares; times are seconds since 1970; None is what cannot be told."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from interceptor.report import wording
from interceptor.report.analysis import Comparison, Named, PlanReport, Report
from interceptor.report.comparing import POWER
from interceptor.report.rates import CONFIDENCE, Rate


def as_data(report: Report) -> dict[str, Any]:
    """The report as dictionaries, lists, numbers and strings."""
    return {
        "period": {
            "start": report.first,
            "end": report.last,
            "windows": report.windows,
            "days": report.days,
        },
        "epsilon": report.epsilon if math.isfinite(report.epsilon) else None,
        "exact": math.isinf(report.epsilon),
        "confidence": CONFIDENCE,
        "searches": report.searches,
        "warnings": report.warnings,
        "warnings_a_day": report.warnings_a_day,
        "hit_rate": _rate(report.hits),
        "click_through_lower_bound": _rate(report.clicks),
        "next_searches": _box(report.other, report.matching),
        "resources": [_named(each) for each in report.resources],
        "languages": [_named(each) for each in report.languages],
        "plans": [_plan(each) for each in report.plans],
        "change": None if report.change is None else dataclasses.asdict(report.change),
        "cannot_tell": list(report.cannot),
        "reading": list(wording.READING),
    }


def _rate(rate: Rate | None) -> dict[str, Any] | None:
    return None if rate is None else dataclasses.asdict(rate)


def _named(each: Named) -> dict[str, Any]:
    return {"name": each.name, **dataclasses.asdict(each.rate)}


def _box(other: Rate | None, matching: Rate | None) -> dict[str, Any] | None:
    if other is None or matching is None:
        return None
    return {
        "other": _rate(other),
        "matching": _rate(matching),
        "not_seen": 1 - other.value - matching.value,
        "most_other": wording.most(other, matching) / 100,
        "most_matching": wording.most(matching, other) / 100,
    }


def _plan(plan: PlanReport) -> dict[str, Any]:
    return {
        "plan": plan.plan,
        "windows": plan.windows,
        "days": plan.days,
        "warnings_a_day": plan.warnings_a_day,
        "messages": [
            {
                "message": each.name,
                "warnings": each.warnings,
                "click_through_lower_bound": _rate(each.clicks),
                "next_searches": _box(each.other, each.matching),
            }
            for each in plan.messages
        ],
        "compared": plan.compared,
        "correction": "p: Holm, intervals: Bonferroni, over all pairs",
        "power": POWER,
        "best_so_far": plan.best,
        "with_neutral": [_comparison(each) for each in plan.with_neutral],
        "with_best": [_comparison(each) for each in plan.with_best],
        "not_compared": plan.nothing,
        "policies": None if plan.policies is None else dataclasses.asdict(plan.policies),
    }


def _comparison(each: Comparison) -> dict[str, Any]:
    pair = each.pair
    found: dict[str, Any] = {
        "message": pair.one,
        "with": pair.other,
        "detectable_difference": pair.detectable,
        "refused": each.refused,
        "more_days": each.more_days,
    }
    if each.refused is None:
        found |= {
            "odds_ratio": pair.odds_ratio,
            "odds_ratio_interval": pair.interval,
            "difference": pair.difference,
            "difference_interval": pair.difference_interval,
            "p_adjusted": each.p,
            "click_through_is": each.verdict,
        }
    return found
