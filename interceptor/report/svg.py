"""Charts as inline SVG: no script, colours from the page's style sheet. Each has a table beside it with its figures."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

WIDTH = 640
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 10, 26
_HEIGHT = 220
_ROW = 28


@dataclass(frozen=True, slots=True)
class Range:
    """A figure with the ends of its interval, where there is one."""

    name: str
    value: float
    low: float | None
    high: float | None


def series(
    title: str,
    points: Sequence[tuple[float, float | None]],
    labels: tuple[str, str],
    *,
    fitted: Sequence[tuple[float, float]] = (),
    mark: float | None = None,
) -> str:
    """A line over time of percentages; None is a gap. ``labels`` are those of the first and the last moment.

    ``fitted`` is a second line, with a gap at ``mark``, which gets an upright line. An empty string where no point has
    a value.
    """
    known = [value for _, value in points if value is not None]
    if not known:
        return ""
    moments = [moment for moment, _ in points]
    first, last = min(moments), max(moments)
    ticks = _ticks(min(0.0, *known), max([*known, *(value for _, value in fitted), 0.0]))

    def across(moment: float) -> float:
        share = (moment - first) / (last - first) if last > first else 0.5
        return _LEFT + share * (WIDTH - _LEFT - _RIGHT)

    def down(value: float) -> float:
        return _TOP + (ticks[-1] - value) / (ticks[-1] - ticks[0]) * (_HEIGHT - _TOP - _BOTTOM)

    parts = []
    for tick in ticks:
        parts.append(f'<path class=grid d="M{_LEFT} {down(tick):.1f}H{WIDTH - _RIGHT}"/>')
        parts.append(
            f"<text class=tick x={_LEFT - 6} y={down(tick) + 4:.1f} text-anchor=end>{tick:g} %</text>"
        )
    for place, anchor, label in ((_LEFT, "start", labels[0]), (WIDTH - _RIGHT, "end", labels[1])):
        parts.append(
            f"<text class=tick x={place} y={_HEIGHT - 6} text-anchor={anchor}>{html.escape(label)}</text>"
        )
    if mark is not None:
        parts.append(f'<path class=mark d="M{across(mark):.1f} {_TOP}V{_HEIGHT - _BOTTOM}"/>')
    for stretch in _stretches(points):
        way = "L".join(f"{across(moment):.1f} {down(value):.1f}" for moment, value in stretch)
        parts.append(f'<path class="line{" thin" if fitted else ""}" d="M{way}"/>')
        if len(stretch) == 1 or len(points) <= 60:
            parts.extend(
                f"<circle class=dot cx={across(moment):.1f} cy={down(value):.1f} r=2.5 />"
                for moment, value in stretch
            )
    for side in (
        [each for each in fitted if mark is None or each[0] < mark],
        [each for each in fitted if mark is not None and each[0] >= mark],
    ):
        if side:
            way = "L".join(f"{across(moment):.1f} {down(value):.1f}" for moment, value in side)
            parts.append(f'<path class=fit d="M{way}"/>')
    return _picture(title, _HEIGHT, parts)


def ranges(
    title: str,
    rows: Sequence[Range],
    label: Callable[[float], str] = "{:g} %".format,
    line: float | None = None,
) -> str:
    """Figures with their intervals, one below the other; an empty string where there are none.

    ``label`` writes a value on the axis; ``line`` gets an upright line: the value of no difference.
    """
    if not rows:
        return ""
    height = _TOP + _ROW * len(rows) + _BOTTOM
    ends = [end for row in rows for end in (row.low, row.high, row.value) if end is not None]
    ticks = _ticks(
        min([*ends, *([] if line is None else [line])]), max([*ends, *([] if line is None else [line])])
    )
    left = 12 + 7 * max(len(row.name) for row in rows)

    def across(value: float) -> float:
        return left + (value - ticks[0]) / (ticks[-1] - ticks[0]) * (WIDTH - left - 24)

    parts = []
    for tick in ticks:
        parts.append(f'<path class=grid d="M{across(tick):.1f} {_TOP}V{height - _BOTTOM}"/>')
        parts.append(
            f"<text class=tick x={across(tick):.1f} y={height - 8} text-anchor=middle>{label(tick)}</text>"
        )
    if line is not None:
        parts.append(f'<path class=mark d="M{across(line):.1f} {_TOP}V{height - _BOTTOM}"/>')
    for number, row in enumerate(rows):
        middle = _TOP + _ROW * number + _ROW / 2
        parts.append(f"<text class=name x=4 y={middle + 4:.1f}>{html.escape(row.name)}</text>")
        if row.low is not None and row.high is not None:
            parts.append(
                f'<path class=range d="M{across(row.low):.1f} {middle:.1f}H{across(row.high):.1f}"/>'
            )
        parts.append(f"<circle class=dot cx={across(row.value):.1f} cy={middle:.1f} r=4.5 />")
    return _picture(title, height, parts)


def _picture(title: str, height: float, parts: Sequence[str]) -> str:
    name = html.escape(title)
    return (
        f'<div class=wide tabindex=0 role=group aria-label="{name}">'
        f'<svg viewBox="0 0 {WIDTH} {height:g}" role=img aria-label="{name}">{"".join(parts)}</svg></div>'
    )


def _stretches(points: Sequence[tuple[float, float | None]]) -> Iterator[list[tuple[float, float]]]:
    stretch: list[tuple[float, float]] = []
    for moment, value in points:
        if value is None:
            if stretch:
                yield stretch
            stretch = []
        else:
            stretch.append((moment, value))
    if stretch:
        yield stretch


def _ticks(low: float, high: float) -> list[float]:
    """Three to seven round numbers that enclose both."""
    reach = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(reach / 4))
    step = next(power * factor for factor in (1, 2, 5, 10) if reach / (power * factor) <= 5)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(number * step, 10) for number in range(first, max(last, first + 1) + 1)]
