"""What the noise of the private release costs: error and bias of a cell, and which differences can be seen.

The first table releases one cell again and again, 4,000 times over, with the default budget: as the sum of signed
values, which all analysis uses; as the running maximum of that sum, which the counters of the metrics page show; and as
the sum of values clipped at zero, which nothing here uses. The noise is drawn as the difference of two geometric
variables, which has the distribution of the shipped sampler.

The second table is the least difference between the rates of two messages that is seen four times in five (power 0.8,
two-sided 5 %, ten messages with Bonferroni's correction for 45 pairs), around a rate of 12 %, with warnings split
evenly over the messages. The variance of a message's rate is that of the luck in its clicks, p(1-p)/n, and that of the
noise in its clicks and warnings, w(u² + p²s²)/n² over w windows. The last column simulates the test itself at that
difference, noise and all, and gives how often it saw it.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from interceptor.config import Privacy
from interceptor.counting.budget import Budget

WINDOWS = (24, 720, 10_000)
BUSY = {"warnings": 240, "clicks": 29}
"""What a busy cell counts in a window: a message with the least number of warnings that a window should hold."""
RATE = 0.12
POWER, LEVEL = 0.8, 0.05
_normal = NormalDist()

Counts = np.ndarray[tuple[int], np.dtype[np.int64]]


def noise(random: np.random.Generator, epsilon: float, size: int) -> Counts:
    """Draws of the discrete Laplace distribution."""
    stop = -math.expm1(-epsilon)
    return random.geometric(stop, size) - random.geometric(stop, size)


@dataclass(frozen=True, slots=True)
class Errors:
    """Error and bias of one cell after some windows, over many runs."""

    signed_error: float
    signed_bias: float
    shown_bias: float
    clipped_bias: float


def errors(family: str, count: int, windows: int, runs: int, seed: int = 1) -> Errors:
    """Release a cell with ``count`` events in each of so many windows."""
    random = np.random.default_rng(seed)
    epsilon = float(Budget.of(Privacy()).losses[family])
    total = np.zeros(runs, dtype=np.int64)
    shown, clipped = total.copy(), total.copy()
    for _ in range(windows):
        value = count + noise(random, epsilon, runs)
        total += value
        np.maximum(shown, total, out=shown)
        clipped += np.maximum(value, 0)
    truth = count * windows
    return Errors(
        float(np.sqrt(np.mean((total - truth) ** 2.0))),
        float(np.mean(total - truth)),
        float(np.mean(shown - truth)),
        float(np.mean(clipped - truth)),
    )


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison of messages over some days."""

    messages: int
    warnings_a_day: int
    days: int
    window_days: int
    epsilon: float

    @property
    def pairs(self) -> int:
        """How many comparisons are made."""
        return self.messages * (self.messages - 1) // 2

    @property
    def warnings(self) -> float:
        """Warnings with each message, over all days."""
        return self.warnings_a_day * self.days / self.messages

    @property
    def windows(self) -> int:
        """Windows over all days."""
        return max(1, self.days // self.window_days)

    @property
    def critical(self) -> float:
        """How many standard errors a difference has to have."""
        return _normal.inv_cdf(1 - LEVEL / self.pairs / 2)

    def standard_error(self, rate: float) -> float:
        """The standard error of the difference of two rates."""
        budget = Budget.of(Privacy(epsilon=self.epsilon)) if math.isfinite(self.epsilon) else None
        luck = rate * (1 - rate) / self.warnings
        noised = 0.0
        if budget is not None:
            variance = budget.stddev("clicks") ** 2 + rate**2 * budget.stddev("warnings") ** 2
            noised = self.windows * variance / self.warnings**2
        return math.sqrt(2 * (luck + noised))

    def detectable(self) -> float:
        """The least difference that is seen with the stated power."""
        return (self.critical + _normal.inv_cdf(POWER)) * self.standard_error(RATE)

    def simulated_power(self, difference: float, runs: int, seed: int = 1) -> float:
        """How often the test sees ``difference`` between two messages."""
        random = np.random.default_rng(seed)
        budget = Budget.of(Privacy(epsilon=self.epsilon)) if math.isfinite(self.epsilon) else None
        rates = []
        each = round(self.warnings)
        for rate in (RATE - difference / 2, RATE + difference / 2):
            if not 0 < rate < 1:
                return math.nan
            clicks = random.binomial(each, rate, runs).astype(np.float64)
            warnings = np.full(runs, float(each))
            for _ in range(self.windows if budget is not None else 0):
                assert budget is not None
                clicks += noise(random, float(budget.losses["clicks"]), runs)
                warnings += noise(random, float(budget.losses["warnings"]), runs)
            # Shares are known, so the denominator needs none of the noise: see `interceptor.experiment.adaptive`.
            rates.append((clicks - RATE * (warnings - each)) / each)
        seen = np.abs(rates[1] - rates[0]) > self.critical * self.standard_error(RATE)
        return float(np.mean(seen))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=4_000)
    options = parser.parse_args()

    print(
        "| cell | a window | windows | error of the sum | bias of the sum | bias of `_total` | bias if clipped |"
    )
    print("|---|---|---|---|---|---|---|")
    for family in ("warnings", "clicks"):
        for count in (0, BUSY[family]):
            for windows in WINDOWS:
                found = errors(family, count, windows, options.runs)
                print(
                    f"| {family} | {count} | {windows:,} | {found.signed_error:,.0f} | {found.signed_bias:+,.1f} "
                    f"| {found.shown_bias:+,.0f} | {found.clipped_bias:+,.0f} |"
                )
    print()
    print("| warnings a day | messages | over | windows | ε = 1 | ε = 0.2 | exact | seen at ε = 1 |")
    print("|---|---|---|---|---|---|---|---|")
    for warnings in (20, 1_000, 5_000, 21_000):
        for messages in (2, 10):
            for days in (7, 140):
                for length in (1, 7, 28) if days >= 28 else (1, 7):
                    row = [
                        Comparison(messages, warnings, days, length, epsilon)
                        for epsilon in (1.0, 0.2, math.inf)
                    ]
                    cells = " | ".join(_points(each.detectable()) for each in row)
                    power = row[0].simulated_power(row[0].detectable(), options.runs)
                    said = "—" if math.isnan(power) else f"{power:.0%}"
                    print(f"| {warnings:,} | {messages} | {days} days | {length} d | {cells} | {said} |")


def _points(difference: float) -> str:
    """A difference of rates in points, or that it is none that rates can have."""
    return f"{100 * difference:.1f}" if difference < 2 * RATE else "none"


if __name__ == "__main__":
    main()
