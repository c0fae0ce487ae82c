"""Charts as inline SVG: no script, no style attribute, colours from the page's style sheet by class.

Tor Browser at its safest setting draws no SVG and shows what text stands in it. The style sheet makes text in a
drawing invisible (``font-size: 0``); the attribute ``font-size`` here, which only a browser that draws takes for one,
makes it visible. All that a chart says stands in a table beside it as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from html import escape

from markupsafe import Markup

from interceptor.sidecar.dashboard.series import Point, Series

_WIDTH, _HEIGHT = 440, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 10, 12, 28
_FONT = 13
_MOST_DOTS = 40
_MARK_WIDTH, _MARK_HEIGHT = 120, 16


def line_chart(data: Series, label: str, number: Callable[[float], str]) -> Markup:
    """A line with its band of noise over time; ``number`` writes a value of the axis. Empty without points."""
    if not data.points:
        return Markup("")
    points = data.points
    low, high, step = _axis(min(p.low for p in points), max(p.high for p in points))
    start, end = points[0].start, points[-1].end

    def x(time: float) -> float:
        return _LEFT + (time - start) / (end - start) * (_WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return _TOP + (high - value) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)

    parts = []
    for tick in range(round((high - low) / step) + 1):
        value = low + tick * step
        kind = "zero" if abs(value) < step / 1000 else "grid"
        parts.append(
            f'<line class="{kind}" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>'
        )
        parts.append(_text(_LEFT - 6, y(value) + 4, number(value), "end"))
    for run in _runs(data):
        middle = [(x((p.start + p.end) / 2), p) for p in run]
        if len(run) == 1:  # no line: its band is as wide as its dot
            middle = [(middle[0][0] + aside, run[0]) for aside in (-2.5, 2.5)]
        band = [f"{at:.1f},{y(p.high):.1f}" for at, p in middle]
        band += [f"{at:.1f},{y(p.low):.1f}" for at, p in reversed(middle)]
        parts.append(f'<polygon class="band" points="{" ".join(band)}"/>')
        line = " ".join(f"{at:.1f},{y(p.value):.1f}" for at, p in middle)
        parts.append(f'<polyline class="curve" points="{line}"/>')
        parts += [
            f'<circle class="dot" cx="{x((p.start + p.end) / 2):.1f}" cy="{y(p.value):.1f}" r="2.5"/>'
            for p in run
            if len(points) <= _MOST_DOTS
        ]
    parts += [
        _text(_LEFT, _HEIGHT - 8, _day(start), "start"),
        _text(_WIDTH - _RIGHT, _HEIGHT - 8, _day(end - 1), "end"),
    ]
    return _svg("chart", _WIDTH, _HEIGHT, label, parts)


def interval_mark(value: float, low: float, high: float, most: float) -> Markup:
    """A bar from 0 to ``value`` with its interval, on a scale from 0 to ``most``; what is outside is cut off."""

    def x(number: float) -> float:
        return round(min(max(number / most if most > 0 else 0.0, 0.0), 1.0) * _MARK_WIDTH, 1)

    middle = _MARK_HEIGHT / 2
    parts = [
        f'<rect class="track" x="0" y="3" width="{_MARK_WIDTH}" height="{_MARK_HEIGHT - 6}" rx="2"/>',
        f'<rect class="bar" x="0" y="3" width="{x(value)}" height="{_MARK_HEIGHT - 6}" rx="2"/>',
        f'<line class="interval" x1="{x(low)}" x2="{x(high)}" y1="{middle}" y2="{middle}"/>',
    ]
    parts += [
        f'<line class="interval" x1="{x(e)}" x2="{x(e)}" y1="2" y2="{_MARK_HEIGHT - 2}"/>'
        for e in (low, high)
    ]
    return _svg("mark", _MARK_WIDTH, _MARK_HEIGHT, None, parts)


def stacked_bar(shares: Sequence[tuple[str, float]]) -> Markup:
    """One bar of parts, each a class and a number; parts below zero take no room."""
    whole = sum(max(share, 0.0) for _, share in shares)
    if whole <= 0:
        return Markup("")
    parts, place = [], 0.0
    for kind, share in shares:
        width = max(share, 0.0) / whole * _WIDTH
        parts.append(f'<rect class="{kind}" x="{place:.1f}" y="0" width="{width:.1f}" height="20"/>')
        place += width
    return _svg("stack", _WIDTH, 20, None, parts)


def _svg(kind: str, width: int, height: int, label: str | None, parts: Sequence[str]) -> Markup:
    said = 'aria-hidden="true"' if label is None else f'role="img" aria-label="{escape(label)}"'
    fit = ' preserveAspectRatio="none"' if kind == "stack" else ""
    drawing = f'<svg class="{kind}" viewBox="0 0 {width} {height}"{fit} {said} focusable="false">{"".join(parts)}</svg>'
    return Markup(drawing)  # noqa: S704  every text in it is escaped


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{_FONT}">{escape(text)}</text>'


def _runs(data: Series) -> list[list[Point]]:
    """The points between which nothing is missing."""
    runs: list[list[Point]] = []
    for point in data.points:
        if runs and point.start - runs[-1][-1].end < data.step / 2:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def _axis(least: float, most: float) -> tuple[float, float, float]:
    """Ends and step of an axis that holds zero and both values, with three to seven round numbers on it."""
    least, most = min(least, 0.0), max(most, 0.0)
    if least == most:
        most = 1.0
    rough = (most - least) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * nice for nice in (1, 2, 5, 10) if power * nice >= rough)
    return math.floor(least / step) * step, math.ceil(most / step) * step, step


def _day(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%-d %b %Y")
