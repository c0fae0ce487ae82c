"""Before and after a change: an interrupted time series, by segmented regression.

The rate of each window is taken as a line over time, with a step and a change of slope at the change (Wagner,
Soumerai, Zhang, Ross-Degnan: Journal of Clinical Pharmacy and Therapeutics 27, 2002). Windows next to each other are
alike for more reasons than the line, so their errors are taken as autoregressive of the first order: generalised least
squares (statsmodels), with the correlation of restricted maximum likelihood, which short series need (Turner et al.:
BMC Medical Research Methodology 21, 2021, 134), and Student's t for the intervals. Its degrees of freedom are those of
as many points as would know the same if they did not correlate, n·(1-r)/(1+r) (Bayley and Hammersley: Supplement to the
Journal of the Royal Statistical Society 8, 1946). `benchmarks/report_coverage.py` measures how often that holds.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from interceptor.counting.released import ReleasedWindow
from interceptor.errors import CallError
from interceptor.report.student import chance_beyond, quantile
from interceptor.report.windows import DAY, Key, merged, noise, total

FEWEST_POINTS = 10
"""Points on each side below which no line is drawn: intervals would hold the truth too seldom."""

_CLEAR = 5.0
"""A point's denominator is at least so many standard deviations of its noise."""

_WEEK = 7 * DAY


@dataclass(frozen=True, slots=True)
class Estimate:
    """A change in a rate (a share), with its 95 % interval and the p value of no change."""

    value: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class Point:
    """One rate of the series: the middle of its windows in seconds since 1970, the rate, what the lines say."""

    moment: float
    rate: float
    fitted: float


@dataclass(frozen=True, slots=True)
class Change:
    """What a change did to a rate.

    ``step`` is the change at once, ``slope`` the change of the slope in a week, ``slope_before`` the slope in a week
    before it. ``expected`` is the rate at the change if nothing had changed, ``reached`` what it was. ``correlation``
    is that of neighbouring errors. Each point stands for ``windows_a_point`` windows.
    """

    moment: float
    step: Estimate
    slope: Estimate
    slope_before: Estimate
    expected: float
    reached: float
    correlation: float
    windows_a_point: int
    points: tuple[Point, ...]


class CannotTellError(Exception):
    """The data cannot answer; the message says why."""


def change(
    windows: Sequence[ReleasedWindow], moment: float, numerator: Collection[Key], denominator: Collection[Key]
) -> Change:
    """What happened to the rate of ``numerator`` in ``denominator`` at ``moment`` (seconds since 1970).

    A window that the change lies in is left out. Raises `CannotTellError`, and `CallError` without the extra
    ``report``.
    """
    found = merged(windows, plans=False)
    before = [window for window in found if window.end <= moment]
    after = [window for window in found if window.start >= moment]
    size = _size([*before, *after], denominator)
    # Grouped away from the change, so that a group that is not full lies at an end of the series.
    groups = [group[::-1] for group in _groups(before[::-1], size)][::-1], _groups(after, size)
    if fewest := [
        side for side, name in zip(groups, ("before", "after"), strict=True) if len(side) < FEWEST_POINTS
    ]:
        raise CannotTellError(
            f"{len(groups[0])} points before the change and {len(groups[1])} after it, of {size} windows each: "
            f"{FEWEST_POINTS} on each side are needed. Wait for {(FEWEST_POINTS - min(map(len, fewest))) * size} more "
            "windows, or take a longer time before the change."
        )
    return _fit([*groups[0], *groups[1]], moment, numerator, denominator, size)


def _size(windows: Sequence[ReleasedWindow], denominator: Collection[Key]) -> int:
    """How many windows make a point whose denominator is clear of its noise."""
    if not windows:
        raise CannotTellError("No window lies wholly before or after the change.")
    mean = sum(total(window, denominator) for window in windows) / len(windows)
    stddev = math.sqrt(sum(noise(window, denominator) for window in windows) / len(windows))
    if mean <= 0 or mean * len(windows) < _CLEAR * stddev * math.sqrt(len(windows)):
        raise CannotTellError("What the rate is taken of may be noise alone.")
    return max(1, math.ceil((_CLEAR * stddev / mean) ** 2))


def _groups(windows: Sequence[ReleasedWindow], size: int) -> list[Sequence[ReleasedWindow]]:
    return [windows[first : first + size] for first in range(0, len(windows) - size + 1, size)]


def _fit(
    groups: Sequence[Sequence[ReleasedWindow]],
    moment: float,
    numerator: Collection[Key],
    denominator: Collection[Key],
    size: int,
) -> Change:
    middles = [(group[0].start + group[-1].end) / 2 for group in groups]
    rates = []
    for group in groups:
        whole = sum(total(window, denominator) for window in group)
        if whole <= 0:
            raise CannotTellError("In some windows there is nothing that the rate could be taken of.")
        rates.append(sum(total(window, numerator) for window in group) / whole)
    weeks = [(middle - moment) / _WEEK for middle in middles]
    design = [[1.0, week, float(week > 0), max(week, 0.0)] for week in weeks]
    result, correlation = _regression(rates, design)
    independent = len(rates) * (1 - max(correlation, 0)) / (1 + max(correlation, 0))
    freedom = max(int(independent) - len(design[0]), 2)
    sure = quantile(0.975, freedom)  # the correlation is estimated, too

    def estimate(place: int) -> Estimate:
        value, error = float(result.params[place]), float(result.bse[place])
        p = chance_beyond(abs(value) / error, freedom) if error else 1.0
        return Estimate(value, value - sure * error, value + sure * error, p)

    level, slope, step, bend = map(float, result.params)
    fitted = [level + slope * week + (week > 0) * (step + bend * week) for week in weeks]
    return Change(
        moment=moment,
        step=estimate(2),
        slope=estimate(3),
        slope_before=estimate(1),
        expected=level,
        reached=level + step,
        correlation=correlation,
        windows_a_point=size,
        points=tuple(map(Point, middles, rates, fitted)),
    )


def _regression(rates: Sequence[float], design: Sequence[Sequence[float]]) -> tuple[Any, float]:
    """Generalised least squares with autoregressive errors: statsmodels' result, and the correlation.

    Raises `CallError` without the extra ``report``.
    """
    try:
        import numpy as np
        from scipy.linalg import toeplitz
        from scipy.optimize import minimize_scalar
        from statsmodels.regression.linear_model import GLS
    except ImportError:
        raise CallError(
            "--change: needs statsmodels. Install it with: pip install 'search-interceptor[report]'"
        ) from None
    number, columns = len(rates), len(design[0])

    def fit(correlation: float) -> Any:
        return GLS(rates, design, sigma=toeplitz(correlation ** np.arange(number))).fit()

    def surprise(correlation: float) -> float:
        """Less the restricted log-likelihood (Harville, Journal of the American Statistical Association 72, 1977)."""
        result = fit(correlation)
        spread = -float(np.linalg.slogdet(result.normalized_cov_params)[1])
        own = (number - 1) * math.log(1 - correlation**2)
        return (number - columns) * math.log(max(result.ssr, 1e-300)) + spread + own

    correlation = float(minimize_scalar(surprise, bounds=(-0.9, 0.97), method="bounded").x)
    return fit(correlation), correlation
