"""Help clicks per 100,000 warnings: adaptive allocation against daily rotation, equal weights and perfect knowledge.

Ten messages on an engine with 21,000 warnings a day over 140 days, 5 % of them held out with a neutral message at
8.7 %. Adaptive allocation is the shipped code (`interceptor.experiment.adaptive`) and sees only what a release
would hold: signed counts with discrete Laplace noise, epsilon 0.10 for warnings and 0.30 for clicks in each window.
Every way of choosing meets the same days: rates rise and fall with the weekday, the hour and from day to day for
all messages alike. Clicks are drawn, one by one in effect, so intervals hold the luck of the draw.

The margins below each table are against daily rotation of the same run: mean with its 95 % interval, and the range
that 90 % of single runs fall into.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import numpy as np

from interceptor.config import NEUTRAL, Config, Experiment, PlanKind, Privacy
from interceptor.experiment.adaptive import Evidence, Window
from interceptor.experiment.plan import Plan

ARMS = tuple(f"message-{number}" for number in range(10))
NEUTRAL_SHARE = 0.05
NEUTRAL_RATE = 0.087
EPSILON_WARNINGS, EPSILON_CLICKS = 0.10, 0.30
"""The budget of the private release for these two families, for each window."""

Rates = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """Ten rates of clicks; ``swaps``: the best and the worst change places after half of the days."""

    name: str
    rates: tuple[float, ...]
    swaps: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """The engine and its windows."""

    warnings_a_day: int = 21_000
    days: int = 140
    window_hours: int = 24
    floor: float = Experiment().floor
    half_life_days: float = Experiment().half_life / timedelta(days=1)


def _between(low: float, high: float) -> tuple[float, ...]:
    return tuple(low + (high - low) * number / (len(ARMS) - 1) for number in range(len(ARMS)))


SCENARIOS = (
    Scenario("even spread, 8.7-15.7 %", _between(0.087, 0.157)),
    Scenario("one good (15.7 %) among nine equal (8.7 %)", (*[0.087] * 9, 0.157)),
    Scenario("narrow spread, 11-13 %", _between(0.11, 0.13)),
    Scenario("even spread, best and worst swap half-way", _between(0.087, 0.157), swaps=True),
)

WAYS = ("daily rotation", "equal weights", "adaptive", "best known")


def noise_variance(epsilon: float) -> float:
    """The variance of discrete Laplace noise at ``epsilon`` (Ghosh, Roughgarden, Sundararajan 2012)."""
    alpha = math.exp(-epsilon)
    return 2 * alpha / (1 - alpha) ** 2


def plan(setting: Setting) -> Plan:
    """The shipped plan at these settings."""
    experiment = Experiment(
        kind=PlanKind.ADAPTIVE,
        messages=ARMS,
        neutral=NEUTRAL_SHARE,
        floor=setting.floor,
        half_life=timedelta(days=setting.half_life_days),
        ends=date(2100, 1, 1),
        approval="a simulation",
        stop_rule="none",
    )
    return Plan.make(
        Config(experiment=experiment, privacy=Privacy(timedelta(hours=setting.window_hours))), wording=""
    )


def _noise(rng: np.random.Generator, epsilon: float, size: int) -> list[int]:
    """Discrete Laplace noise: the difference of two geometric numbers."""
    chance = 1 - math.exp(-epsilon)
    drawn: list[int] = (rng.geometric(chance, size) - rng.geometric(chance, size)).tolist()
    return drawn


def run(scenario: Scenario, setting: Setting, seed: int) -> dict[str, float]:
    """One run of every way of choosing; help clicks per 100,000 warnings."""
    rng = np.random.default_rng([seed, setting.window_hours, setting.warnings_a_day])
    a_day = 24 // setting.window_hours
    windows = setting.days * a_day
    weekday = rng.normal(0, 0.05, 7)
    day_by_day = rng.normal(0, 0.05, setting.days)
    hour = [0.1 * math.sin(2 * math.pi * part / a_day) for part in range(a_day)]
    first = int(rng.integers(len(ARMS)))
    order = rng.permutation(len(ARMS))  # so that no place in the rotation is always the best one's
    the_plan = plan(setting)
    evidence = Evidence(the_plan)
    adaptive = dict.fromkeys(ARMS, (1 - NEUTRAL_SHARE) / len(ARMS))
    clicks = dict.fromkeys(WAYS, 0)
    warnings = dict.fromkeys(WAYS, 0)
    for number in range(windows):
        day = number // a_day
        effect = math.exp(weekday[day % 7] + day_by_day[day] + hour[number % a_day])
        rates = np.array(scenario.rates)
        if scenario.swaps and day >= setting.days / 2:
            low, high = rates.argmin(), rates.argmax()
            rates[[low, high]] = rates[[high, low]]
        best = int(rates.argmax())
        rates = np.minimum(np.array([*rates, NEUTRAL_RATE]) * effect, 1.0)
        total = int(rng.poisson(setting.warnings_a_day / a_day))
        of_the_day = int(order[(first + day) % len(ARMS)])
        shares: Mapping[str, Sequence[float]] = {
            "daily rotation": _all_for(of_the_day),
            "equal weights": [(1 - NEUTRAL_SHARE) / len(ARMS)] * len(ARMS),
            "adaptive": list(adaptive.values()),
            "best known": _all_for(best),
        }
        for way, arms in shares.items():
            shown = rng.multinomial(total, [*arms, 1 - sum(arms)])
            chosen = rng.binomial(shown, rates)
            clicks[way] += int(chosen.sum())
            warnings[way] += total
            if way == "adaptive":
                evidence.add(
                    _released(rng, the_plan, number, setting, adaptive, shown.tolist(), chosen.tolist())
                )
                adaptive = evidence.weights()
    return {way: 100_000 * clicks[way] / warnings[way] for way in WAYS}


def _all_for(arm: int) -> list[float]:
    return [(1 - NEUTRAL_SHARE) * (place == arm) for place in range(len(ARMS))]


def _released(
    rng: np.random.Generator,
    the_plan: Plan,
    number: int,
    setting: Setting,
    shares: Mapping[str, float],
    shown: list[int],
    chosen: list[int],
) -> Window:
    names = (*ARMS, NEUTRAL)
    noises = (_noise(rng, epsilon, len(names)) for epsilon in (EPSILON_WARNINGS, EPSILON_CLICKS))
    warnings, clicks = (
        {name: count + extra for name, count, extra in zip(names, counts, noise, strict=True)}
        for counts, noise in zip((shown, chosen), noises, strict=True)
    )
    return Window(
        plan=the_plan.identifier,
        end=(number + 1) * setting.window_hours * 3600.0,
        shares={**shares, NEUTRAL: NEUTRAL_SHARE},
        warnings=warnings,
        clicks=clicks,
        warnings_noise=noise_variance(EPSILON_WARNINGS),
        clicks_noise=noise_variance(EPSILON_CLICKS),
    )


@dataclass(frozen=True, slots=True)
class Margin:
    """How far one way is above another over many runs, as shares: mean, its 95 % interval, 90 % of runs."""

    mean: float
    low: float
    high: float
    least: float
    most: float

    @classmethod
    def of(cls, ours: Sequence[float], theirs: Sequence[float]) -> Margin:
        """Compare pairs of runs."""
        ratios = sorted(our / their - 1 for our, their in zip(ours, theirs, strict=True))
        half = 1.96 * statistics.stdev(ratios) / math.sqrt(len(ratios))
        mean = statistics.fmean(ratios)
        fifth = statistics.quantiles(ratios, n=20)
        return cls(mean, mean - half, mean + half, fifth[0], fifth[-1])


def measure(
    scenario: Scenario, setting: Setting, runs: int, processes: int
) -> tuple[dict[str, list[float]], Margin]:
    """Every way's clicks per 100,000 warnings by run, and the margin of adaptive over rotation."""
    with ProcessPoolExecutor(processes) as pool:
        results = list(pool.map(partial(run, scenario, setting), range(runs), chunksize=4))
    found = {way: [result[way] for result in results] for way in WAYS}
    return found, Margin.of(found["adaptive"], found["daily rotation"])


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--quick", action="store_true", help="20 runs and windows of 24 h alone")
    parser.add_argument("--hours", type=int, nargs="+", default=[24, 6], help="lengths of windows")
    parser.add_argument("--warnings", type=int, nargs="+", default=[21_000], help="warnings a day")
    parser.add_argument("--floor", type=float, default=Setting().floor)
    parser.add_argument("--half-life", type=float, default=Setting().half_life_days, help="days")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    runs, lengths = (20, [24]) if options.quick else (options.runs, options.hours)
    for warnings in options.warnings:
        for hours in lengths:
            setting = Setting(warnings, 140, hours, options.floor, options.half_life)
            print(
                f"{warnings:,} warnings a day, windows of {hours} h, floor {setting.floor:g}, "
                f"half-life {setting.half_life_days:g} days, {runs} runs"
            )
            print(f"{'help clicks per 100,000 warnings':<44}" + "".join(f"{way:>16}" for way in WAYS))
            for scenario in SCENARIOS:
                found, margin = measure(scenario, setting, runs, options.processes)
                means = "".join(f"{statistics.fmean(found[way]):>16,.0f}" for way in WAYS)
                print(f"{scenario.name:<44}{means}")
                print(
                    f"{'  adaptive over rotation':<44}{margin.mean:>+16.1%}  "
                    f"[{margin.low:+.1%}, {margin.high:+.1%}], single runs {margin.least:+.1%} to {margin.most:+.1%}"
                )
            print()


if __name__ == "__main__":
    main()
