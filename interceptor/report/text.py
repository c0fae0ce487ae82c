"""The report as text for a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from interceptor.report import wording
from interceptor.report.analysis import Comparison, Message, PlanReport, Report


def lines(report: Report) -> Iterator[str]:
    """The report, line by line."""
    yield f"Period: {wording.period(report)}"
    if report.windows:
        if math.isinf(report.epsilon):
            yield wording.LABORATORY
        else:
            yield f"Privacy: ε = {report.epsilon:g} for one search"
    for sentence in report.cannot:
        yield f"Cannot tell: {sentence}"
    if not report.windows:
        return
    yield ""
    yield from _table(
        (
            ("searches", f"{report.searches:,}"),
            ("warnings", f"{report.warnings:,} ({report.warnings_a_day:,.0f} a day)"),
            ("acted on, of all searches", wording.interval(report.hits)),
            ("click-through, at least", wording.interval(report.clicks)),
        )
    )
    yield from _box(report)
    for title, named in (
        ("Help chosen first, of all warnings", report.resources),
        ("Warnings by language", report.languages),
    ):
        if named:
            yield from ("", title)
            yield from _table([(each.name, wording.interval(each.rate)) for each in named])
    for plan in report.plans:
        yield from _plan(plan)
    if report.change is not None:
        yield from ("", f"Before and after {wording.day(report.change.moment)}: click-through")
        yield from _table(list(wording.change_lines(report.change)))
        yield wording.CHANGING
    yield ""
    yield from wording.READING


def _box(report: Report) -> Iterator[str]:
    if report.other is None or report.matching is None:
        return
    yield from ("", "Next searches from the warning's own box, per 100 warnings")
    other, matching = report.other, report.matching
    unseen = 100 * (1 - other.value - matching.value)
    yield from _table(
        (
            ("box, other", wording.interval(other, unit=""), f"at most {wording.most(other, matching):.1f}"),
            (
                "box, matching",
                wording.interval(matching, unit=""),
                f"at most {wording.most(matching, other):.1f}",
            ),
            ("not seen", f"{unseen:.2f}", ""),
        )
    )


def _plan(plan: PlanReport) -> Iterator[str]:
    yield from ("", f"Plan {wording.plan_line(plan)}")
    if plan.messages:
        yield from _table(
            [("message", "warnings", "click-through, at least", "box, other", "box, matching, per 100")]
            + [_message(each) for each in plan.messages]
        )
    if plan.nothing is not None:
        yield f"No comparison of messages: {plan.nothing}"
    if plan.policies is not None:
        yield "Acted on, of all searches, by policy"
        yield from _table(list(wording.policy_lines(plan.policies)))
    if plan.best is None:
        return
    if plan.with_neutral:
        yield "Compared with neutral"
        yield from _comparisons(plan.with_neutral)
    if plan.with_best:
        yield f"Compared with {plan.best}, which has the highest rate so far"
        yield from _comparisons(plan.with_best)
    else:
        yield f"{plan.best} has the highest rate so far"
    yield wording.COMPARING


def _message(each: Message) -> tuple[str, ...]:
    return (
        each.name,
        f"{each.warnings:,}",
        wording.interval(each.clicks),
        wording.interval(each.other, unit=""),
        wording.interval(each.matching, unit=""),
    )


def _comparisons(found: Sequence[Comparison]) -> Iterator[str]:
    made = [each for each in found if each.refused is None]
    if made:
        yield from _table(
            [("message", "odds ratio", "difference in points", "p", "click-through is")]
            + [
                (
                    each.pair.one,
                    wording.odds(each.pair),
                    wording.points(each.pair),
                    wording.chance(each.p),
                    wording.verdict(each),
                )
                for each in made
            ]
        )
    for each in found:
        if each.refused is not None:
            yield f"  {each.pair.one}: {wording.verdict(each)}"


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
