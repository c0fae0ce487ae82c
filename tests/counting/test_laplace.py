"""The noise has the distribution that is claimed, and its parts depend on nothing."""

from __future__ import annotations

import importlib.util
import itertools
import math
import random
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from scipy import stats  # type: ignore[import-untyped,unused-ignore]

from interceptor.config import Budget as Shares
from interceptor.config import Privacy, ReleaseKind
from interceptor.counting import laplace
from interceptor.counting.budget import FAMILIES, Budget

DRAWS = 40_000
LOSSES = (Fraction(1, 20), Fraction(3, 10), Fraction(1), Fraction(7, 3), Fraction(10))
ALARM = 1e-5
"""Probability of a false alarm in one statistical test; the samples are seeded, so that it is drawn once for all."""


def sample(epsilon: Fraction, seed: int, draws: int = DRAWS) -> list[int]:
    below = random.Random(seed).randrange
    return [laplace.draw(epsilon, below) for _ in range(draws)]


def probability(epsilon: float, value: int) -> float:
    return math.tanh(epsilon / 2) * math.exp(-epsilon * abs(value))


def binned(epsilon: float, found: Counter[int]) -> tuple[list[int], list[float]]:
    """Counts and expected counts by value, both tails in a bin each so that at least ten are expected in every one."""
    draws = found.total()
    last = 0
    while draws * probability(epsilon, last + 1) / (1 - math.exp(-epsilon)) >= 10:
        last += 1
    tail = draws * probability(epsilon, last + 1) / (1 - math.exp(-epsilon))
    middle = range(-last, last + 1)
    observed = [
        sum(count for value, count in found.items() if value < -last),
        *(found[value] for value in middle),
        sum(count for value, count in found.items() if value > last),
    ]
    return observed, [tail, *(draws * probability(epsilon, value) for value in middle), tail]


@pytest.mark.parametrize("epsilon", LOSSES)
def test_draws_have_the_exact_distribution(epsilon: Fraction) -> None:
    observed, expected = binned(float(epsilon), Counter(sample(epsilon, 1)))
    assert sum(expected) == pytest.approx(DRAWS)
    assert stats.chisquare(observed, expected, sum_check=False).pvalue > ALARM


@pytest.mark.parametrize("epsilon", [Fraction(1, 20), Fraction(1)])
def test_the_source_that_is_used_in_service(epsilon: Fraction) -> None:
    # From the kernel's random numbers: a false alarm once in a hundred million runs.
    found = Counter(laplace.draw(epsilon) for _ in range(DRAWS))
    assert stats.chisquare(*binned(float(epsilon), found), sum_check=False).pvalue > 1e-8


@pytest.mark.parametrize("epsilon", LOSSES)
def test_there_is_no_bias_and_the_spread_is_the_one_that_is_stated(epsilon: Fraction) -> None:
    drawn = sample(epsilon, 2)
    stddev = laplace.stddev(float(epsilon))
    assert abs(math.fsum(drawn) / DRAWS) < 5 * stddev / math.sqrt(DRAWS)
    variance = math.fsum(value * value for value in drawn) / DRAWS
    fourth = math.fsum(value**4 for value in drawn) / DRAWS
    assert abs(variance - stddev**2) < 5 * math.sqrt((fourth - variance**2) / DRAWS)


def test_one_draw_tells_nothing_of_the_next() -> None:
    drawn = sample(Fraction(3, 10), 3)
    for lag in (1, 2, 7):
        assert stats.spearmanr(drawn[:-lag], drawn[lag:]).pvalue > ALARM
    signs = [value > 0 for value in drawn if value]
    runs = 1 + sum(here != there for here, there in itertools.pairwise(signs))
    assert abs(runs - len(signs) / 2) < 5 * math.sqrt(len(signs)) / 2


@pytest.mark.skipif(importlib.util.find_spec("opendp") is None, reason="OpenDP (265 MB) is not installed")
@pytest.mark.parametrize("epsilon", [Fraction(1, 20), Fraction(3, 10), Fraction(1)])
def test_opendp_draws_the_same(epsilon: Fraction) -> None:
    opendp: Any = importlib.import_module("opendp.prelude")
    opendp.enable_features("contrib")
    space = opendp.atom_domain(T="i64"), opendp.absolute_distance(T="i64")
    measurement = opendp.m.make_laplace(*space, scale=float(1 / epsilon))
    theirs = [measurement(0) for _ in range(DRAWS)]
    assert stats.ks_2samp(theirs, sample(epsilon, 4)).pvalue > ALARM
    values = sorted({*theirs, *sample(epsilon, 4)})
    edges = [value for value in values if abs(value) <= 3 / epsilon]
    ours = sample(epsilon, 4)
    table = [[each.count(value) for value in edges] for each in (theirs, ours)]
    assert stats.chi2_contingency(table).pvalue > ALARM


def test_the_budget_adds_up_exactly_and_names_every_family() -> None:
    for privacy in (
        Privacy(),
        Privacy(epsilon=0.2),
        Privacy(epsilon=3, budget=Shares(clicks=7.25, searches=0.1)),
    ):
        losses = Budget.of(privacy).losses
        assert sum(losses.values()) == Fraction(str(privacy.epsilon))
        assert set(losses) == set(FAMILIES)
    losses = Budget.of(Privacy()).losses
    assert {FAMILIES[family]: float(loss) for family, loss in losses.items()} == {
        "searches": 0.05,
        "interventions": 0.15,
        "warnings": 0.10,
        "languages": 0.05,
        "clicks": 0.30,
        "resources": 0.10,
        "returns": 0.25,
    }


def test_the_budget_of_an_exact_release_has_no_noise() -> None:
    budget = Budget.of(Privacy(release=ReleaseKind.EXACT))
    assert budget.epsilon == math.inf
    assert {budget.draw("clicks") for _ in range(100)} == {0}
    assert budget.stddev("clicks") == 0
