"""The dashboard's page: figures and state through one template, under a policy that allows nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jinja2

from interceptor.banner.style import content_security_policy
from interceptor.counting.exposition import State
from interceptor.counting.release import Released
from interceptor.sidecar.dashboard import svg, wording
from interceptor.sidecar.dashboard.figures import Figures, Row
from interceptor.sidecar.dashboard.periods import MOST_WINDOWS, Period

_TEMPLATES = Path(__file__).parent / "templates"
_WRITERS: dict[str, Callable[[float], str]] = {"number": wording.number, "percent": wording.percent}


class Page:
    """Renders the dashboard. ``kept`` tells whether windows outlive the process."""

    def __init__(self, *, kept: bool) -> None:
        self._kept = kept
        css = (_TEMPLATES / "dashboard.css").read_text(encoding="utf-8")
        self._css = re.sub(r"\s+", " ", css).strip()
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters |= {
            "number": wording.number,
            "signed": wording.signed,
            "percent": wording.percent,
            "signed_percent": wording.signed_percent,
            "decimal": wording.decimal,
            "epsilon": wording.epsilon,
            "moment": wording.moment,
            "span": wording.span,
            "written": lambda value, how: _WRITERS[how](value),
            "greatest": _greatest,
            "by_noise": _by_noise,
        }
        environment.globals["mark"] = lambda rate, most: svg.interval_mark(
            rate.value, rate.low, rate.high, most
        )
        self._template = environment.get_template("dashboard.html")
        self.headers = (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", "no-store"),
            ("Content-Security-Policy", content_security_policy([self._css])),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
        )

    def render(self, figures: Figures, state: State, released: Released) -> bytes:
        """The page."""
        html = self._template.render(self._context(figures, state, released))
        return html.encode()

    def _context(self, figures: Figures, state: State, released: Released) -> dict[str, Any]:
        exact_now = released.epsilon == float("inf")
        others = [wording.epsilon(each) for each in figures.epsilons if each != released.epsilon]
        following = figures.next_searches
        return {
            "css": self._css,
            "figures": figures,
            "state": state,
            "released": released,
            "noise_by_family": released.stddev or {},
            "refused": sorted((name, str(reason)) for name, reason in state.refused),
            "periods": tuple(Period),
            "exact": exact_now or figures.exact,
            "exact_now": exact_now,
            "other_epsilons": ", ".join(others),
            "kept": self._kept,
            "most_windows": MOST_WINDOWS,
            "today": datetime.now(UTC).date(),
            "warnings_chart": svg.line_chart(
                figures.warnings, "Warnings over time; the same as a table below", wording.axis_number
            ),
            "hit_rate_chart": svg.line_chart(
                figures.hit_rate,
                "Share of searches acted on over time; the same as a table below",
                wording.axis_percent,
            ),
            "next_chart": svg.stacked_bar(
                (
                    ("other", following.other.value),
                    ("matching", following.matching.value),
                    ("unseen", following.not_seen.value),
                )
            )
            if following is not None
            else "",
        }


def _greatest(rows: Sequence[Row]) -> float:
    """The end of the scale that the intervals of ``rows`` are drawn on."""
    highs = [row.rate.high for row in rows if row.rate is not None and row.rate.high is not None]
    return min(max(highs, default=1.0), 1.0)


def _by_noise(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Rows whose count, or what it is a part of, is larger than its noise, and the others."""
    clear: list[Row] = []
    drowned: list[Row] = []
    for row in rows:
        count = row.of or row.count
        (clear if count.value > count.reach else drowned).append(row)
    return clear, drowned
