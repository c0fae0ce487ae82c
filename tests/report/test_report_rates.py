"""Absolute rates: textbook numbers, replicas, noise, and too little of everything."""

from __future__ import annotations

import pytest
from released import NOISE, released, shown
from scipy import stats  # type: ignore[import-untyped,unused-ignore]

from interceptor.report import rates
from interceptor.report.student import chance_beyond, quantile
from interceptor.report.windows import days, merged


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7, 19, 100])
def test_students_t_is_scipys(freedom: int) -> None:
    for chance in (0.6, 0.9, 0.975, 0.9995):
        assert quantile(chance, freedom) == pytest.approx(stats.t.ppf(chance, freedom), rel=1e-9)
    for value in (0.0, 0.5, 2.0, 8.0):
        assert chance_beyond(value, freedom) == pytest.approx(2 * stats.t.sf(value, freedom), abs=1e-12)


def test_with_windows_of_one_size_the_interval_is_students_for_a_mean() -> None:
    """Then the ratio estimator is the mean of the windows' rates: Student's own sleep data (Biometrika 6, 1908).

    Ten differences with mean 1.58; the 95 % interval that textbooks give is 0.70 to 2.46.
    """
    gained = (1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4)
    windows = [shown(day, {"a": (1_000, round(10 * hours))}) for day, hours in enumerate(gained)]
    rate = rates.click_through(windows)
    assert rate is not None
    assert 100 * rate.value == pytest.approx(1.58)
    assert (rate.low, rate.high) == pytest.approx((0.007001142, 0.02459886), abs=1e-8)
    assert (rate.numerator, rate.denominator, rate.windows) == (158, 10_000, 10)


def test_a_message_a_resource_a_language_and_what_came_next_have_rates() -> None:
    windows = [
        released(
            day,
            {
                ("searches",): 1_000,
                ("interventions", "replace", "seeking"): 80,
                ("interventions", "annotate", "ambiguous"): 20,
                ("warnings", "a"): 60,
                ("warnings", "b"): 40,
                ("clicks", "a"): 6,
                ("clicks", "b"): 8,
                ("clicks_by_resource", "stop-it-now"): 10,
                ("warnings_by_language", "en"): 75,
                ("warnings_by_language", "de"): 25,
                ("returns", "a", "other"): 3,
                ("returns", "a", "matching"): 2,
                ("returns", "b", "other"): 1,
                ("returns", "b", "matching"): 4,
            },
        )
        for day in range(4)
    ]

    def value(rate: rates.Rate | None) -> float:
        assert rate is not None
        assert (rate.low, rate.high) == pytest.approx((rate.value, rate.value))
        return rate.value

    assert value(rates.click_through(windows)) == pytest.approx(0.14)
    assert value(rates.click_through(windows, "a")) == pytest.approx(0.1)
    assert value(rates.resource_clicks(windows, "stop-it-now")) == pytest.approx(0.1)
    assert value(rates.language_share(windows, "en")) == pytest.approx(0.75)
    assert value(rates.hit_rate(windows)) == pytest.approx(0.1)
    assert value(rates.returns(windows, "matching")) == pytest.approx(0.06)
    assert value(rates.returns(windows, "other", "b")) == pytest.approx(0.025)


def test_replicas_and_windows_cut_short_are_one_cluster_and_add_up() -> None:
    apart = [shown(day, {"a": (50, 4 + day)}, noise=NOISE) for day in range(5) for _ in range(2)]
    together = [shown(day, {"a": (100, 8 + 2 * day)}) for day in range(5)]
    assert rates.click_through(apart) == rates.click_through(together)
    (first, *_) = merged(apart)
    assert first.stddev["clicks"] == pytest.approx(NOISE["clicks"] * 2**0.5)
    assert days(apart) == 5


def test_people_who_are_warned_often_make_the_interval_wider() -> None:
    """The same clicks, evenly spread and all on some days."""
    even = [shown(day, {"a": (200, 20)}) for day in range(20)]
    lumps = [shown(day, {"a": (200, 40 * (day % 2))}) for day in range(20)]
    spread, lumped = rates.click_through(even), rates.click_through(lumps)
    assert spread is not None
    assert lumped is not None
    assert (spread.low, spread.high) == pytest.approx((0.1, 0.1))
    assert lumped.low is not None
    assert lumped.low < 0.06


def test_days_that_belong_together_make_the_interval_wider() -> None:
    """Weeks differ, days of a week do not: 140 days know no more than 20 weeks."""
    windows = [shown(day, {"a": (200, 10 + 20 * (day // 7 % 2))}) for day in range(140)]
    weeks = [shown(week, {"a": (1_400, 70 + 140 * (week % 2))}) for week in range(20)]
    assert (one := rates.click_through(windows)) is not None
    assert (other := rates.click_through(weeks)) is not None
    assert (one.low, one.high) == pytest.approx((other.low, other.high))


def test_warnings_that_may_be_noise_alone_have_no_rate() -> None:
    assert rates.click_through([]) is None
    assert rates.click_through([shown(0, {"a": (0, 0)})]) is None
    assert rates.click_through([shown(0, {"a": (27, 3)}, noise=NOISE)]) is None
    assert rates.click_through([shown(0, {"a": (-30, 3)}, noise=NOISE)]) is None
    assert rates.click_through([shown(0, {"a": (40, 3)}, noise=NOISE)]) is not None


def test_few_windows_have_a_rate_without_an_interval() -> None:
    rate = rates.click_through([shown(day, {"a": (100, 10 + day)}) for day in range(rates.FEWEST - 1)])
    assert rate is not None
    assert rate.value == pytest.approx(0.11)
    assert rate.low is None
    assert rate.without.value == pytest.approx(0.89)
    assert rate.without.high is None


def test_noise_is_never_clipped() -> None:
    windows = [shown(day, {"a": (300, -4 if day % 2 else 2)}, noise=NOISE) for day in range(10)]
    rate = rates.click_through(windows)
    assert rate is not None
    assert rate.value == pytest.approx(-1 / 300)
    assert rate.without.low is not None
    assert rate.high is not None
    assert rate.without.low == pytest.approx(1 - rate.high)
