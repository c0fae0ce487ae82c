"""Adaptive allocation: more warnings for the messages on which more people choose help.

Thompson sampling (Thompson, Biometrika 25, 1933) over whole windows: a message's weight is the probability, given
all that was released so far, that its rate of clicks is the highest. Only released sums come in, signed and with
their noise, and nothing of them is clipped: a negative count is information like any other.

How a window is read. Within one window the messages are shown by lot in known shares, so what a day does to every
rate (a weekday, an outage, a wave of robots) is the same for all of them; only differences within windows are
used, as in a two-way layout with a free effect for each window. For a message with released warnings W and clicks
C, noise variances s² and u², share q and N released warnings in all:

- the true number of warnings w is estimated by its best linear predictor from W and from q·N, which it is binomial
  around (regression calibration: Carroll et al., Measurement Error in Nonlinear Models, 2006, ch. 4); its own
  error is k·s², with k = Nq(1-q) / (Nq(1-q) + s²);
- C - p·w then has mean zero at the message's rate p, and the variance w·p(1-p) + u² + p²·k·s². The released
  noise is thus in the variance, and the ratio C/W with its bias at small W is never formed.

The tests hold 95 % intervals made so against simulated small engines whose truth is known.

Rates are near enough alike for one pooled p in the variances; a message's own p there would favour low rates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interceptor.experiment.gaussian import best, inverse
from interceptor.experiment.plan import Plan

SPREAD = 0.25
"""Standard deviation of the messages' rates, as a share of their mean, that is held likely before any data.

One engine's rate went from 8.7 % to 15.7 % with new messages, a standard deviation of 0.18 of the mean for messages
evenly between; a little more lets a better one show itself sooner.
"""


@dataclass(frozen=True, slots=True)
class Window:
    """What was released of one closed window: signed sums by message, as released and never clipped.

    ``plan`` is the identifier of the plan in force, ``end`` the window's end in seconds since 1970, ``shares``
    the shares in force in it (they sum to 1). ``warnings_noise`` and ``clicks_noise`` are the variances of the
    noise in one sum of each kind; 0 where counts are exact.
    """

    plan: str
    end: float
    shares: Mapping[str, float]
    warnings: Mapping[str, int]
    clicks: Mapping[str, int]
    warnings_noise: float
    clicks_noise: float


def weights(history: Sequence[Window], plan: Plan) -> dict[str, float]:
    """The share of warnings for each message in the next window, from all closed ones.

    Windows of other plans are left out. The result holds the plan's arms, each with at least ``plan.floor``, and
    sums to ``1 - plan.neutral``. The same history gives the same weights, in every replica and after a restart.
    """
    evidence = Evidence(plan)
    for window in sorted(history, key=lambda window: window.end):
        evidence.add(window)
    return evidence.weights()


class Evidence:
    """What windows have told of a plan's arms so far; each is added once, in the order of their ends."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        number = len(plan.arms)
        # The Gaussian likelihood of the arms' rates, window effects projected out: precision, precision x mean.
        self._precision = [[0.0] * number for _ in range(number)]
        self._information = [0.0] * number
        self._warnings = self._clicks = 0.0
        self._end: float | None = None

    def add(self, window: Window) -> None:
        """Take in one closed window; one of another plan tells nothing."""
        if window.plan != self._plan.identifier:
            return
        self._fade(window.end)
        total = sum(window.warnings[message] for message in window.shares)
        self._warnings += total
        self._clicks += sum(window.clicks[message] for message in window.shares)
        if total <= 0 or self._rate <= 0:
            return  # noise alone: no rate can be read from it
        strengths, pulls = self._read(window, total)
        whole = sum(strengths)
        if whole <= 0:
            return
        middle = sum(pulls) / whole
        for row, strength in enumerate(strengths):
            self._information[row] += pulls[row] - strength * middle
            line = self._precision[row]
            line[row] += strength
            for column, other in enumerate(strengths):
                line[column] -= strength * other / whole

    @property
    def _rate(self) -> float:
        """The pooled rate of clicks, old windows faded; at most one half, where a binomial varies most.

        It only measures how sure to be, so that bound is on the safe side of what noise can make of it.
        """
        return min(self._clicks / self._warnings, 0.5) if self._warnings > 0 else 0.0

    def _fade(self, end: float) -> None:
        """Let all that is known count less by the time that has passed: half after a half-life."""
        if self._end is not None:
            factor = 0.5 ** ((end - self._end) / self._plan.half_life.total_seconds())
            self._warnings *= factor
            self._clicks *= factor
            self._information = [value * factor for value in self._information]
            self._precision = [[value * factor for value in line] for line in self._precision]
        self._end = end

    def _read(self, window: Window, total: float) -> tuple[list[float], list[float]]:
        """For each arm the precision of its rate in ``window``, and that precision times the rate."""
        rate = self._rate
        strengths, pulls = [], []
        for arm in self._plan.arms:
            share = window.shares.get(arm, 0.0)
            spread = total * share * (1 - share)
            trust = spread / (spread + window.warnings_noise) if window.warnings_noise else 1.0
            shown = max(share * total + trust * (window.warnings[arm] - share * total), 0.0)
            noise = window.clicks_noise + rate * rate * trust * window.warnings_noise
            variance = shown * rate * (1 - rate) + noise
            strengths.append(shown * shown / variance if shown else 0.0)
            pulls.append(shown * window.clicks[arm] / variance if shown else 0.0)
        return strengths, pulls

    def posterior(self) -> tuple[list[float], list[list[float]]]:
        """Means and covariances of the arms' rates; only their differences mean anything."""
        number = len(self._plan.arms)
        prior = (SPREAD * max(self._rate, 1e-6)) ** -2
        precision = [
            [value + prior * (row == column) for column, value in enumerate(line)]
            for row, line in enumerate(self._precision)
        ]
        covariance = inverse(precision)
        means = [
            sum(covariance[row][column] * self._information[column] for column in range(number))
            for row in range(number)
        ]
        return means, covariance

    def weights(self) -> dict[str, float]:
        """See `weights`."""
        plan = self._plan
        chances = best(*self.posterior())
        left = 1 - plan.neutral - plan.floor * len(plan.arms)
        return {arm: plan.floor + left * chance for arm, chance in zip(plan.arms, chances, strict=True)}
