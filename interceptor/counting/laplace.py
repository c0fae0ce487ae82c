"""Noise: the discrete Laplace distribution, by exact integer arithmetic from a cryptographic source.

P(x) = (1 - p) / (1 + p) · p^|x| with p = exp(-ε), for every integer x. Sampled by Algorithms 1 and 2 of Canonne,
Kamath, Steinke: The Discrete Gaussian for Differential Privacy (NeurIPS 2020, arXiv 2004.00010), which need nothing
but uniform integers: a sampler of floating-point numbers has gaps that tell what it was added to (Mironov, CCS 2012).

``below`` in these functions gives a uniform integer from 0 up to but not including its argument.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable
from fractions import Fraction

Below = Callable[[int], int]


def draw(epsilon: Fraction, below: Below = secrets.randbelow) -> int:
    """One number of the discrete Laplace distribution with scale 1/ε; ``epsilon`` is above zero."""
    rate, unit = epsilon.numerator, epsilon.denominator
    while True:
        remainder = below(unit)
        if not _bernoulli_exp(remainder, unit, below):
            continue
        whole = 0
        while _bernoulli_exp(1, 1, below):
            whole += 1
        size = (remainder + unit * whole) // rate
        if below(2):
            return size
        if size:  # zero has one sign only
            return -size


def _bernoulli_exp(numerator: int, denominator: int, below: Below) -> bool:
    """True with probability exp(-numerator/denominator), for a fraction from 0 to 1."""
    step = 1
    while below(denominator * step) < numerator:
        step += 1
    return step % 2 == 1


def stddev(epsilon: float) -> float:
    """The standard deviation of `draw` (mean 0); 0 where ``epsilon`` is infinite."""
    p = math.exp(-epsilon)
    return math.sqrt(2 * p) / (1 - p)
