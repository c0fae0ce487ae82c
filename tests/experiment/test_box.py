"""What the search box has seen, per 100 warnings."""

from __future__ import annotations

import random

import pytest

from interceptor.experiment.box import Box, per_hundred


def test_figures_and_bounds_of_exact_counts() -> None:
    box = per_hundred(2_000, 100, 40, warnings_noise=0, returns_noise=0)
    assert box is not None
    assert (box.other.value, box.matching.value, box.not_seen.value) == pytest.approx((5, 2, 93))
    assert (box.most_other, box.most_matching) == pytest.approx((98, 95))
    assert box.matching.low == pytest.approx(2 - 1.96 * 0.31305, abs=1e-3)
    assert box.matching.high == pytest.approx(2 + 1.96 * 0.31305, abs=1e-3)


def test_noise_is_never_clipped_and_widens_the_interval() -> None:
    exact = per_hundred(500, 10, 5, warnings_noise=0, returns_noise=0)
    noisy = per_hundred(500, 10, -5, warnings_noise=200, returns_noise=50)
    assert exact is not None
    assert noisy is not None
    assert noisy.matching.value == pytest.approx(-1)
    assert noisy.other.high - noisy.other.low > exact.other.high - exact.other.low
    assert noisy.other.value + noisy.matching.value + noisy.not_seen.value == pytest.approx(100)


@pytest.mark.parametrize("warnings", [-20, 0, 27])
def test_warnings_that_may_be_noise_alone_tell_nothing(warnings: int) -> None:
    assert per_hundred(warnings, 3, 3, warnings_noise=200, returns_noise=50) is None
    assert per_hundred(0, 0, 0, warnings_noise=0, returns_noise=0) is None


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    """A small engine over and over: 600 warnings, 6 % and 3 % seen, noise of the usual size."""
    source = random.Random(4)
    shares = {"other": 6.0, "matching": 3.0, "not_seen": 91.0}
    held = dict.fromkeys(shares, 0)
    for _ in range(1_500):
        seen = source.choices(("other", "matching", "not_seen"), (6, 3, 91), k=600)
        box = per_hundred(
            600 + round(source.gauss(0, 14)),
            seen.count("other") + round(source.gauss(0, 5.7)),
            seen.count("matching") + round(source.gauss(0, 5.7)),
            warnings_noise=14**2,
            returns_noise=5.7**2,
        )
        assert isinstance(box, Box)
        for name, share in shares.items():
            figure = getattr(box, name)
            held[name] += figure.low <= share <= figure.high
    for count in held.values():
        assert 0.93 <= count / 1_500 <= 0.98
