"""How often the report's 95 % intervals hold the truth, on simulated fleets where the truth is known.

In each fleet a number of people comes to some replicas over four or twenty weeks of daily windows. Each person has an
inclination of their own to choose help (a beta distribution around 12 %) and an own way to take each message; each of
their warnings draws its message anew, by shares that change half-way. They are warned five times on average
(geometric), all on one day or, in half of the cases, with days between. Every count is released with the noise of the
default budget, by each replica apart. The truth of a rate is that of infinitely many such people on infinitely many
such days; of a difference between messages it is what the same people would have done on the same days.

The interrupted time series gets a rate with a step, and errors between neighbouring windows that correlate.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np

from benchmarks import allocation
from benchmarks.intervals import Rate
from benchmarks.privacy import noise
from interceptor.config import Privacy
from interceptor.counting.budget import Budget
from interceptor.counting.released import ReleasedWindow
from interceptor.experiment import adaptive
from interceptor.report.analysis import analyse
from interceptor.report.change import change
from interceptor.report.comparing import pairs
from interceptor.report.rates import click_through, returns
from interceptor.report.windows import DAY, merged

MESSAGES = ("neutral", "harm-legal", "help-hope")
_SHARES = ((0.2, 0.4, 0.4), (0.1, 0.6, 0.3))
_LOGITS = (0.0, 0.35, 0.2)
_INCLINED = (0.6, 4.4)
_OWN_WAY = 0.3
_AGAIN = 0.3
_BUDGET = Budget.of(Privacy())
_STDDEV = {family: _BUDGET.stddev(family) for family in _BUDGET.losses}


@dataclass(frozen=True, slots=True)
class Fleet:
    """One case: people who come in all, windows of a day, replicas, and days between the visits of one person."""

    people: int
    days: int
    replicas: int = 1
    gap: float = 0.0
    swing: float = 0.3
    """How far days differ in how inclined everybody is: the standard deviation of the logit."""


CASES = {
    "1,000 a day, 28 days": Fleet(5_600, 28),
    "1,000 a day, 28 days, 3 replicas": Fleet(5_600, 28, replicas=3),
    "1,000 a day, 28 days, people come back on later days": Fleet(5_600, 28, gap=1.0),
    "200 a day, 140 days, people come back on later days": Fleet(5_600, 140, gap=1.0),
    "300 a day, 7 days": Fleet(420, 7),
}


def simulate(fleet: Fleet, random: np.random.Generator) -> tuple[list[ReleasedWindow], dict[str, float]]:
    """Released windows of a fleet, and the truth: ``any``, each message, ``one-other`` differences, ``matching``."""
    number = random.geometric(0.2, fleet.people)
    person = np.repeat(np.arange(fleet.people), number)
    first = random.integers(0, fleet.days, fleet.people)
    place = np.arange(len(person)) - np.repeat(np.cumsum(number) - number, number)
    pauses = random.geometric(1 / (1 + fleet.gap), len(person)) - 1
    pauses[place == 0] = 0
    run = np.cumsum(pauses)
    since_first = run - np.repeat(run[np.flatnonzero(place == 0)], number)
    day = (first[person] + since_first) % fleet.days

    inclination = random.beta(*_INCLINED, fleet.people)
    logit = np.log(inclination / (1 - inclination))
    own_way = random.normal(0, _OWN_WAY, (fleet.people, len(MESSAGES)))
    daily = random.normal(0, fleet.swing, fleet.days)
    chances = 1 / (
        1 + np.exp(-(logit[person, None] + own_way[person] + np.array(_LOGITS) + daily[day, None]))
    )

    half = (day >= fleet.days // 2).astype(int)
    shares = np.array(_SHARES)[half]
    message = (random.random(len(person))[:, None] > np.cumsum(shares, axis=1)[:, :-1]).sum(axis=1)
    shown = np.take_along_axis(chances, message[:, None], axis=1)[:, 0]
    clicked = random.random(len(person)) < shown
    matching = random.random(len(person)) < _AGAIN * (1 - inclination[person])
    replica = random.integers(0, fleet.replicas, len(person))

    truth = _long_run(fleet.swing)
    truth |= _differences(chances, day, shares, fleet.days)

    windows = []
    for each in range(fleet.replicas):
        mine = replica == each
        for today in range(fleet.days):
            here = mine & (day == today)
            values: dict[tuple[str, ...], int] = {}
            for index, name in enumerate(MESSAGES):
                with_it = here & (message == index)
                values["warnings", name] = int(with_it.sum())
                values["clicks", name] = int((with_it & clicked).sum())
                values["returns", name, "matching"] = int((with_it & matching).sum())
            noised = {
                key: value + int(noise(random, float(_BUDGET.losses[key[0]]), 1)[0])
                for key, value in values.items()
            }
            plan = dict(zip(MESSAGES, _SHARES[today >= fleet.days // 2], strict=True))
            windows.append(
                ReleasedWindow(today * DAY, (today + 1) * DAY, "weighted-0", 1.0, noised, _STDDEV, plan)
            )
    return windows, truth


@lru_cache
def _long_run(swing: float) -> dict[str, float]:
    """The rates of infinitely many people on infinitely many days, each half of days with its shares."""
    random = np.random.default_rng(0)
    inclination = random.beta(*_INCLINED, 4_000_000)
    logit = np.log(inclination / (1 - inclination)) + random.normal(
        0, math.hypot(_OWN_WAY, swing), len(inclination)
    )
    rates = [float(np.mean(1 / (1 + np.exp(-(logit + more))))) for more in _LOGITS]
    first, second = (
        sum(share * rate for share, rate in zip(shares, rates, strict=True)) for shares in _SHARES
    )
    matching = _AGAIN * (1 - _INCLINED[0] / sum(_INCLINED))
    return {"any": (first + second) / 2, "matching": matching, **dict(zip(MESSAGES, rates, strict=True))}


def _differences(
    chances: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    day: np.ndarray[tuple[int], np.dtype[np.int64]],
    shares: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    days: int,
) -> dict[str, float]:
    """The true difference of each pair, with the weights that its comparison gives to days."""
    warnings = np.bincount(day, minlength=days).astype(float)
    means = np.stack(
        [np.bincount(day, chances[:, index], minlength=days) for index in range(len(MESSAGES))], axis=1
    )
    means = means / np.maximum(warnings, 1)[:, None]
    by_day = np.zeros((days, len(MESSAGES)))
    by_day[day] = shares
    found = {}
    for one in range(len(MESSAGES)):
        for other in range(one + 1, len(MESSAGES)):
            weight = warnings * by_day[:, one] * by_day[:, other]
            first, second = (float((weight * means[:, index]).sum() / weight.sum()) for index in (one, other))
            mixed = float((weight * means[:, one] * means[:, other]).sum() / weight.sum())
            found[f"{MESSAGES[one]} - {MESSAGES[other]}"] = first - second
            found[f"{MESSAGES[one]} / {MESSAGES[other]}"] = math.log((first - mixed) / (second - mixed))
    return found


def held(fleet: Fleet, random: np.random.Generator) -> Iterator[tuple[str, bool]]:
    """One fleet: each figure that the report gives, and whether its 95 % interval holds the truth."""
    windows, truth = simulate(fleet, random)
    for name in ("any", *MESSAGES):
        rate = click_through(windows, None if name == "any" else name)
        if rate is not None and rate.low is not None and rate.high is not None:
            yield (
                "click-through" if name == "any" else "click-through of a message",
                rate.low <= truth[name] <= rate.high,
            )
    box = returns(windows, "matching")
    if box is not None and box.low is not None and box.high is not None:
        yield "next searches that match", box.low <= truth["matching"] <= box.high
    for pair in pairs(merged(windows), MESSAGES):
        alone = replace(pair, critical=1.959964)  # the interval of one comparison, not corrected
        low, high = alone.difference_interval
        yield "difference of two messages", low <= truth[f"{pair.one} - {pair.other}"] <= high
        if (interval := alone.interval) is not None:
            yield (
                "odds ratio of two messages",
                interval[0] <= math.exp(truth[f"{pair.one} / {pair.other}"]) <= interval[1],
            )


def held_change(points: int, correlation: float, random: np.random.Generator) -> Iterator[tuple[str, bool]]:
    """One series with a step of 3 points in the middle and ``points`` daily windows on each side."""
    errors = np.zeros(2 * points)
    for place in range(2 * points):
        before = errors[place - 1] if place else random.normal(0, 0.01 / math.sqrt(1 - correlation**2))
        errors[place] = correlation * before + random.normal(0, 0.01)
    windows = []
    for place, error in enumerate(errors):
        rate = 0.12 + 0.03 * (place >= points) + error
        clicks = random.binomial(2_000, min(max(rate, 0.0), 1.0)) + int(
            noise(random, float(_BUDGET.losses["clicks"]), 1)[0]
        )
        shown = 2_000 + int(noise(random, float(_BUDGET.losses["warnings"]), 1)[0])
        values: dict[tuple[str, ...], int] = {("warnings", "a"): shown, ("clicks", "a"): int(clicks)}
        windows.append(ReleasedWindow(place * DAY, (place + 1) * DAY, "fixed-0", 1.0, values, _STDDEV))
    found = change(windows, points * DAY, [("clicks", "a")], [("warnings", "a")])
    yield "step", found.step.low <= 0.03 <= found.step.high
    yield "change of slope", found.slope.low <= 0 <= found.slope.high


def false_claims(random: np.random.Generator) -> Iterator[tuple[str, bool]]:
    """One engine on which all messages do the same, and shares follow the clicks: does the report call one better?

    2,000 warnings a day, eleven messages, 40 days that differ.
    """
    shipped = allocation.plan(allocation.Setting())
    evidence = adaptive.Evidence(shipped)
    messages = (*shipped.arms, "neutral")
    windows = []
    for today in range(40):
        shares = {**evidence.weights(), "neutral": shipped.neutral}
        chance = 1 / (1 + math.exp(2 - random.normal(0, 0.3)))
        number = random.multinomial(2_000, [shares[message] for message in messages])
        warnings, clicks = (
            dict(
                zip(
                    messages,
                    (exact + noise(random, float(_BUDGET.losses[family]), len(messages))).tolist(),
                    strict=True,
                )
            )
            for family, exact in (("warnings", number), ("clicks", random.binomial(number, chance)))
        )
        end = (today + 1) * DAY
        evidence.add(
            adaptive.Window(
                shipped.identifier,
                end,
                shares,
                warnings,
                clicks,
                _STDDEV["warnings"] ** 2,
                _STDDEV["clicks"] ** 2,
            )
        )
        values: dict[tuple[str, ...], int] = {
            ("warnings", message): count for message, count in warnings.items()
        }
        values |= {("clicks", message): count for message, count in clicks.items()}
        windows.append(ReleasedWindow(today * DAY, end, shipped.identifier, 1.0, values, _STDDEV, shares))
    (plan,) = analyse(windows).plans
    verdicts = {each.verdict for each in (*plan.with_neutral, *plan.with_best)}
    yield "a message is called better that is not", verdicts != {"not told apart"}


def coverage(
    one: Callable[[np.random.Generator], Iterator[tuple[str, bool]]], runs: int, seed: int = 1
) -> dict[str, Rate]:
    """How often each kind of interval held the truth over ``runs``."""
    random = np.random.default_rng(seed)
    hits: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    for _ in range(runs):
        for name, good in one(random):
            totals[name] += 1
            hits[name] += good
    return {name: Rate(hits[name], total) for name, total in totals.items()}


def fleets(runs: int) -> None:
    """Print what simulated fleets give."""
    print("| fleet | interval | held the truth |")
    print("|---|---|---|")
    for name, fleet in CASES.items():
        for kind, rate in coverage(partial(held, fleet), runs).items():
            print(f"| {name} | {kind} | {rate.value:.1%} |", flush=True)


def changes(runs: int) -> None:
    """Print what simulated series with a change give."""
    print("| days before and after | correlation | interval | held the truth |")
    print("|---|---|---|---|")
    for points in (10, 20, 60):
        for correlation in (0.0, 0.4):
            for kind, rate in coverage(partial(held_change, points, correlation), runs).items():
                print(f"| {points} | {correlation:g} | {kind} | {rate.value:.1%} |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=2_000)
    runs = parser.parse_args().runs
    fleets(runs)
    print()
    changes(runs)
    for name, rate in coverage(false_claims, runs).items():
        print(f"\n{name}, shares following the clicks: {rate.percent()} of runs")


if __name__ == "__main__":
    main()
