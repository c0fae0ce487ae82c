"""A bar chart as SVG, for the README: one group of two bars a row, on a logarithmic scale."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10

_LEFT, _WIDTH, _ROW, _TOP = 230, 760, 44, 74
_MEDIAN, _P99 = "#1f5f8b", "#a9c4d6"


def bars(title: str, rows: Sequence[tuple[str, float, float]]) -> str:
    """Draw ``(name, median, p99)`` in microseconds; returns the SVG document."""
    low = 10.0 ** floor(log10(min(median for _, median, _ in rows)))
    high = 10.0 ** ceil(log10(max(p99 for _, _, p99 in rows)))
    height = _TOP + _ROW * len(rows) + 34

    def place(value: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - 60) * log10(value / low) / log10(high / low)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" font-size="13" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="16" y="26" font-size="16" font-weight="bold">{escape(title)}</text>',
        f'<rect x="16" y="40" width="12" height="12" fill="{_MEDIAN}"/><text x="34" y="51">median</text>',
        f'<rect x="100" y="40" width="12" height="12" fill="{_P99}"/>'
        '<text x="118" y="51">99 of 100 are faster</text>',
    ]
    tick = low
    while tick <= high * 1.001:
        x = place(tick)
        parts.append(f'<line x1="{x:.0f}" x2="{x:.0f}" y1="{_TOP}" y2="{height - 30}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.0f}" y="{height - 12}" text-anchor="middle">{tick:g} µs</text>')
        tick *= 10
    for number, (name, median, p99) in enumerate(rows):
        y = _TOP + _ROW * number + 6
        parts.append(f'<text x="{_LEFT - 10}" y="{y + 20}" text-anchor="end">{escape(name)}</text>')
        for offset, value, colour in ((0, median, _MEDIAN), (16, p99, _P99)):
            width = place(value) - _LEFT
            parts.append(
                f'<rect x="{_LEFT}" y="{y + offset}" width="{width:.0f}" height="14" fill="{colour}"/>'
                f'<text x="{_LEFT + width + 5:.0f}" y="{y + offset + 12}">{value:.1f}</text>'
            )
    return "\n".join([*parts, "</svg>\n"])
