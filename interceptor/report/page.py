"""The report as one HTML page that asks for nothing: style and charts inside, no script, a table for each chart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import jinja2
from markupsafe import Markup

from interceptor.report import svg, wording
from interceptor.report.analysis import Comparison, Message, Named, Report

_TEMPLATES = Path(__file__).parent / "templates"


def page(report: Report) -> str:
    """The whole page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals.update(
        wording=wording,
        named=_named,
        rates_chart=_rates_chart,
        odds_chart=_odds_chart,
        is_exact=math.isinf(report.epsilon),
    )
    return environment.get_template("report.html").render(
        report=report,
        style=Markup((_TEMPLATES / "report.css").read_text("utf-8")),  # noqa: S704 -- our own file
        series=_series(report),
        change=_change(report),
    )


def _named(found: Sequence[Named]) -> list[tuple[str, str]]:
    return [(each.name, wording.interval(each.rate)) for each in found]


def _series(report: Report) -> Markup:
    if report.first is None or report.last is None or len(report.series) < 2:
        return Markup("")
    points = [(moment, None if rate is None else 100 * rate) for moment, rate in report.series]
    ends = wording.day(report.first), wording.day(report.last - 1)
    return Markup(svg.series("Click-through by window, in percent of warnings", points, ends))  # noqa: S704


def _change(report: Report) -> Markup:
    if report.change is None:
        return Markup("")
    points = report.change.points
    return Markup(  # noqa: S704
        svg.series(
            "Click-through before and after the change, with the fitted lines",
            [(point.moment, 100 * point.rate) for point in points],
            (wording.day(points[0].moment), wording.day(points[-1].moment)),
            fitted=[(point.moment, 100 * point.fitted) for point in points],
            mark=report.change.moment,
        )
    )


def _rates_chart(messages: Sequence[Message]) -> Markup:
    """Click-through by message."""
    rows = [
        svg.Range(
            each.name,
            100 * each.clicks.value,
            None if each.clicks.low is None else 100 * each.clicks.low,
            None if each.clicks.high is None else 100 * each.clicks.high,
        )
        for each in messages
        if each.clicks is not None
    ]
    return Markup(svg.ranges("Click-through by message, with 95 % intervals", rows))  # noqa: S704


def _odds_chart(comparisons: Sequence[Comparison]) -> Markup:
    """Odds ratios, on a logarithmic scale: half and twice the odds lie as far from 1."""
    rows = [
        svg.Range(each.pair.one, *(math.log2(end) for end in (each.pair.odds_ratio, *ends)))
        for each in comparisons
        if each.refused is None
        and each.pair.odds_ratio is not None
        and (ends := each.pair.interval) is not None
    ]
    title = "Odds ratios with corrected intervals, on a logarithmic scale; at 1 there is no difference"
    return Markup(svg.ranges(title, rows, lambda power: f"{2**power:.3g}", line=0.0))  # noqa: S704
