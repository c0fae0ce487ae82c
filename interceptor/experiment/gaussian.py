"""Several jointly Gaussian values: which of them is the highest, and how likely."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence

_REACH = tuple(step / 2 for step in range(-9, 10))
"""Where each message's distribution is looked at for the integral, in its standard deviations."""


def best(means: Sequence[float], covariance: Sequence[Sequence[float]]) -> list[float]:
    """For each of several jointly Gaussian values the probability that it is the highest.

    The variances of all differences are expressed as sums of one variance a value ("quasi-variances": Firth and
    de Menezes, Biometrika 91, 2004), which leaves an integral over one variable, worked out by the trapezoid rule
    between quantiles of every value. Deterministic, so that replicas agree. Against simulation of the whole
    distribution it is off by 0.004 on average and by 0.03 at most (the tests hold it to that).
    """
    deviations = [math.sqrt(value) for value in _quasi_variances(covariance)]
    places = sorted(
        {
            mean + reach * deviation
            for mean, deviation in zip(means, deviations, strict=True)
            for reach in _REACH
        }
    )
    chances = [0.0] * len(means)
    before: list[float] = []
    others_before: list[float] = []
    for place in places:
        below = [
            0.5 * math.erfc((mean - place) / (deviation * math.sqrt(2)))
            for mean, deviation in zip(means, deviations, strict=True)
        ]
        others = _products_without_one(below)
        if before:
            for value in range(len(means)):
                chances[value] += (below[value] - before[value]) * (others[value] + others_before[value])
        before, others_before = below, others
    whole = sum(chances)
    return [chance / whole for chance in chances]


def _quasi_variances(covariance: Sequence[Sequence[float]]) -> list[float]:
    """One variance a value; v[i] + v[j] comes nearest to the variance of every difference, by relative error."""
    number = len(covariance)
    differences = [
        [covariance[i][i] + covariance[j][j] - 2 * covariance[i][j] for j in range(number)]
        for i in range(number)
    ]
    # A millionth of the widest is as good as none, and keeps the equations solvable in floating point.
    narrowest = 1e-6 * max(map(max, differences))
    differences = [[max(value, narrowest) for value in line] for line in differences]
    if number == 2:
        return [differences[0][1] / 2] * 2
    # Least squares of (v[i] + v[j]) / d[i][j] - 1 over all pairs: its normal equations.
    importance = [
        [0.0 if i == j else value**-2 for j, value in enumerate(line)] for i, line in enumerate(differences)
    ]
    equations = [
        [sum(line) if i == j else value for j, value in enumerate(line)] for i, line in enumerate(importance)
    ]
    targets = [sum(1 / value for j, value in enumerate(line) if j != i) for i, line in enumerate(differences)]
    found = [sum(map(operator.mul, line, targets)) for line in inverse(equations)]
    # A value may come out below zero where it is known far better than all others: then as next to certain.
    least = [
        0.01 * min(value for j, value in enumerate(line) if j != i) for i, line in enumerate(differences)
    ]
    return list(map(max, found, least))


def _products_without_one(factors: Sequence[float]) -> list[float]:
    """For each place the product of all other factors."""
    products = [1.0] * len(factors)
    running = 1.0
    for place, factor in enumerate(factors):
        products[place] = running
        running *= factor
    running = 1.0
    for place in range(len(factors) - 1, -1, -1):
        products[place] *= running
        running *= factors[place]
    return products


def inverse(matrix: Sequence[Sequence[float]]) -> list[list[float]]:
    """The inverse of a symmetric positive definite matrix, by Gauss-Jordan elimination."""
    number = len(matrix)
    rows = [[*line, *(float(row == column) for column in range(number))] for row, line in enumerate(matrix)]
    for pivot in range(number):
        scale = rows[pivot][pivot]
        rows[pivot] = [value / scale for value in rows[pivot]]
        for row in range(number):
            if row != pivot and (factor := rows[row][pivot]):
                rows[row] = [value - factor * top for value, top in zip(rows[row], rows[pivot], strict=True)]
    return [line[number:] for line in rows]
