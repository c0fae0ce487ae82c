"""The chance to be the highest of several, held against simulation of the whole distribution."""

from __future__ import annotations

import math
import random

import pytest

from interceptor.experiment.gaussian import best, inverse


def two_way_layout(rng: random.Random, number: int) -> tuple[list[float], list[list[float]]]:
    """Means and covariances as windows leave them: a few windows with shares of their own, a weak prior."""
    precision = [[2000.0 * (row == column) for column in range(number)] for row in range(number)]
    for _ in range(7):
        strengths = [10 ** rng.uniform(2, 5) for _ in range(number)]
        for row in range(number):
            for column in range(number):
                precision[row][column] -= strengths[row] * strengths[column] / sum(strengths)
            precision[row][row] += strengths[row]
    covariance = inverse(precision)
    means = [rng.gauss(0, 1.5 * math.sqrt(covariance[place][place])) for place in range(number)]
    return means, covariance


def cholesky(matrix: list[list[float]]) -> list[list[float]]:
    root = [[0.0] * len(matrix) for _ in matrix]
    for row in range(len(matrix)):
        for column in range(row + 1):
            rest = matrix[row][column] - sum(root[row][k] * root[column][k] for k in range(column))
            root[row][column] = math.sqrt(rest) if row == column else rest / root[column][column]
    return root


@pytest.mark.parametrize("seed", range(15))
def test_chances_agree_with_simulation(seed: int) -> None:
    rng = random.Random(seed)
    number = (2, 3, 5, 8, 10)[seed % 5]
    means, covariance = two_way_layout(rng, number)
    root = cholesky(covariance)
    wins = [0] * number
    for _ in range(10_000):
        normal = [rng.gauss(0, 1) for _ in range(number)]
        drawn = [
            mean + sum(a * b for a, b in zip(line, normal, strict=True))
            for mean, line in zip(means, root, strict=True)
        ]
        wins[drawn.index(max(drawn))] += 1
    simulated = [win / 10_000 for win in wins]
    # 0.03 is what `best` promises; 0.015 is three standard deviations of the simulation.
    assert best(means, covariance) == pytest.approx(simulated, abs=0.045)


def test_equals_are_equally_likely() -> None:
    covariance = [[2.0 * (row == column) for column in range(10)] for row in range(10)]
    assert best([0.1] * 10, covariance) == pytest.approx([0.1] * 10)


def test_what_two_share_says_nothing_of_which_is_higher() -> None:
    apart = best([0.0, 1.0], [[1.0, 0.0], [0.0, 1.0]])
    shifted = best([0.0, 1.0], [[101.0, 100.0], [100.0, 101.0]])
    assert apart == pytest.approx(shifted)
    assert apart[1] == pytest.approx(0.5 * math.erfc(-1 / 2), abs=0.005)  # a difference of 1 with variance 2


def test_a_certain_winner() -> None:
    assert best([0.0, 50.0, 0.0], [[1.0, 0, 0], [0, 1e-9, 0], [0, 0, 1.0]]) == pytest.approx(
        [0, 1, 0], abs=1e-9
    )


def test_inverse() -> None:
    matrix = [[4.0, 1.0, 0.5], [1.0, 3.0, 0.0], [0.5, 0.0, 2.0]]
    found = inverse(matrix)
    for row in range(3):
        for column in range(3):
            product = sum(matrix[row][k] * found[k][column] for k in range(3))
            assert product == pytest.approx(float(row == column))
