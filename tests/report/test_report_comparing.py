"""Messages compared: textbook tables with known answers, the lot, the correction, what is refused."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from released import NOISE, released, shown
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.multitest import multipletests

from interceptor.counting.released import ReleasedWindow
from interceptor.report.analysis import analyse
from interceptor.report.comparing import LARGEST_DETECTABLE, drawn, holm, pairs


def test_aspirin_and_placebo() -> None:
    """Physicians' Health Study (Agresti, Categorical Data Analysis, 2013, table 3.1 and section 3.1).

    Heart attacks under placebo 189 of 11,034, under aspirin 104 of 11,037: odds ratio 1.83 [1.44, 2.33], difference
    0.0077 [0.0047, 0.0107].
    """
    (pair,) = pairs([shown(0, {"placebo": (11_034, 189), "aspirin": (11_037, 104)})], ("placebo", "aspirin"))
    assert pair.odds_ratio == pytest.approx(1.832, abs=5e-4)
    assert pair.interval == pytest.approx((1.440, 2.331), abs=1e-3)
    assert pair.difference == pytest.approx(0.0077, abs=5e-5)
    assert pair.difference_interval == pytest.approx((0.0047, 0.0107), abs=5e-5)
    other = pair.swapped()
    assert (other.one, other.other) == ("aspirin", "placebo")
    assert other.odds_ratio == pytest.approx(1 / 1.832, abs=5e-4)
    assert other.difference == pytest.approx(-pair.difference)


def test_smoking_in_eight_cities() -> None:
    """Strata put together: lung cancer and smoking in China (Liu 1992; Agresti 2013, table 6.8): 2.17 [1.98, 2.38]."""
    tables, windows = [], []
    for city, row in enumerate(sm.datasets.china_smoking.load().data.to_numpy()):
        exposed_ill, ill, exposed_well, well = map(int, (row[0], row[2], row[1], row[3]))
        tables.append(np.array([[exposed_ill, exposed_well], [ill, well]]))
        windows.append(
            shown(city, {"smoking": (exposed_ill + exposed_well, exposed_ill), "none": (ill + well, ill)})
        )
    (pair,) = pairs(windows, ("smoking", "none"))
    known = StratifiedTable(tables)
    assert pair.odds_ratio == pytest.approx(known.oddsratio_pooled, rel=1e-9)
    assert pair.odds_ratio == pytest.approx(2.17, abs=0.005)
    assert pair.log_error == pytest.approx(known.logodds_pooled_se, rel=0.02)
    assert pair.interval == pytest.approx((1.98, 2.38), abs=0.01)


def test_a_good_day_is_no_merit_of_the_message_that_was_shown_most_on_it() -> None:
    """Simpson's paradox: both do the same on each day, and b was shown most on the bad one."""
    windows = [
        shown(0, {"a": (9_000, 1_800), "b": (1_000, 200)}),
        shown(1, {"a": (1_000, 50), "b": (9_000, 450)}),
    ]
    (pair,) = pairs(windows, ("a", "b"))
    assert pair.odds_ratio == pytest.approx(1)
    assert pair.difference == pytest.approx(0)


def test_noise_widens_the_intervals_and_replicas_widen_them_more() -> None:
    counts = {"a": (300, 36), "b": (300, 45)}
    exact, noised, three = (
        pairs([shown(day, counts, noise=noise) for day in range(30)], ("a", "b"))[0]
        for noise in ({}, NOISE, {family: 3**0.5 * value for family, value in NOISE.items()})
    )
    assert exact.difference == noised.difference == three.difference
    luck = 2 * 0.135 * 0.865 / 9_000
    assert exact.error**2 == pytest.approx(luck, rel=0.01)
    added = 30 * 2 * (NOISE["clicks"] ** 2 + 0.135**2 * NOISE["warnings"] ** 2) / 9_000**2
    assert noised.error**2 == pytest.approx(luck + added, rel=0.01)
    assert three.error**2 == pytest.approx(luck + 3 * added, rel=0.01)


def test_holm_is_that_of_statsmodels() -> None:
    values = {("a", str(place)): p for place, p in enumerate((0.01, 0.0001, 0.04, 0.03, 0.9, 0.5))}
    _, expected, *_ = multipletests(list(values.values()), method="holm")
    assert [holm(values)[name] for name in values] == pytest.approx(list(expected))


def test_more_messages_make_intervals_wider() -> None:
    counts = {name: (1_000, 100 + place) for place, name in enumerate("abcde")}
    few = pairs([shown(0, counts)], ("a", "b"))[0]
    many = pairs([shown(0, counts)], tuple("abcde"))
    assert len(many) == 10
    assert many[0].error == few.error
    assert many[0].critical == pytest.approx(2.807, abs=1e-3)  # two-sided 0.5 %


def test_only_what_the_lot_showed_is_compared() -> None:
    counts = {"a": (500, 50), "neutral:ambiguous": (900, 20), "b": (0, 0)}
    assert drawn([shown(0, counts, shares={"a": 0.5, "b": 0.5})]) == ("a", "b")
    assert drawn([shown(0, counts, noise=NOISE)]) == ("a",)  # a server that knows no shares
    assert pairs([shown(0, counts, shares={"a": 1.0})], ("a", "b")) == []


def _fleet(a_day: int, days: int = 28, noise: dict[str, float] | None = None) -> list[ReleasedWindow]:
    shares = {"neutral": 0.2, "good": 0.4, "other": 0.4}
    rates = {"neutral": 0.09, "good": 0.14, "other": 0.11}
    return [
        shown(
            day,
            {
                name: (round(a_day * share), round(a_day * share * rates[name]))
                for name, share in shares.items()
            },
            shares=shares,
            noise=NOISE if noise is None else noise,
        )
        for day in range(days)
    ]


def test_a_comparison_is_told_against_neutral_and_against_the_best() -> None:
    (plan,) = analyse(_fleet(5_000)).plans
    assert plan.nothing is None
    assert plan.best == "good"
    assert [(each.pair.one, each.verdict) for each in plan.with_neutral] == [
        ("good", "higher"),
        ("other", "higher"),
    ]
    assert [(each.pair.one, each.pair.other, each.verdict) for each in plan.with_best] == [
        ("other", "good", "lower")
    ]
    ratio = (0.14 / 0.86) / (0.09 / 0.91)
    assert plan.with_neutral[0].pair.odds_ratio == pytest.approx(ratio, rel=0.01)


def test_nothing_is_claimed_below_a_thousand_warnings_a_day() -> None:
    (plan,) = analyse(_fleet(990)).plans
    assert plan.with_neutral == plan.with_best == ()
    assert plan.best is None
    assert plan.nothing is not None
    assert "below 1,000 a day no message is called better" in plan.nothing


def test_a_comparison_that_would_miss_five_points_is_refused_and_says_when_it_will_be_possible() -> None:
    (plan,) = analyse(_fleet(1_000, days=2)).plans
    refused = plan.with_neutral[0]
    assert refused.verdict == "not told apart"
    assert refused.refused is not None
    assert "points or more would be seen; 5 points are asked for" in refused.refused
    assert refused.more_days is not None
    enough = 2 + math.ceil(refused.more_days)
    (later,) = analyse(_fleet(1_000, days=enough)).plans
    assert later.with_neutral[0].refused is None
    assert later.with_neutral[0].pair.detectable <= LARGEST_DETECTABLE
    (before,) = analyse(_fleet(1_000, days=enough - 2)).plans
    assert before.with_neutral[0].refused is not None


def test_counts_of_two_plans_never_mix() -> None:
    first = _fleet(5_000, days=5)
    second = [
        replace(window, start=window.start + 432_000, end=window.end + 432_000, plan="fixed-1")
        for window in first
    ]
    plans = analyse([*first, *second]).plans
    assert [(plan.plan, plan.windows) for plan in plans] == [("weighted-0123456789", 5), ("fixed-1", 5)]


def test_one_message_only_has_nothing_to_be_compared_with() -> None:
    (plan,) = analyse([shown(day, {"a": (2_000, 200)}, shares={"a": 1.0}) for day in range(7)]).plans
    assert plan.nothing == "No two messages were shown by lot: there is nothing to compare."
    assert [each.name for each in plan.messages] == ["a"]


def test_what_the_data_cannot_answer_is_said() -> None:
    assert analyse([]).cannot == ("No window has been released: there is nothing to report yet.",)
    silent = analyse([released(day, {("warnings", "a"): 0, ("clicks", "a"): 0}) for day in range(9)])
    assert silent.cannot == ("No warnings were shown: no rate of clicks can be given.",)
    one = analyse([shown(0, {"a": (900, 90)}, noise=NOISE)])
    assert len(one.cannot) == 1
    assert one.cannot[0].startswith("One window has been released: intervals of rates need 4")
    noise = analyse([shown(day, {"a": (5, -2)}, noise=NOISE) for day in range(9)])
    assert noise.cannot == (
        "No warnings, or no more than the noise of the release: no rate of clicks can be given.",
    )


def test_policies_of_day_blocks_are_compared_by_what_was_acted_on() -> None:
    def block(day: int) -> ReleasedWindow:
        odd = day % 3 == 0
        return released(
            day,
            {("searches",): 10_000, ("interventions", "replace", "seeking"): (400 if odd else 500) + day % 7},
            shares={"a": 1.0} if odd else {"b": 1.0},
            plan="blocks-0123456789",
        )

    (plan,) = analyse([block(day) for day in range(60)]).plans
    assert plan.policies is not None
    assert plan.policies.first.policy == "a 100%"
    assert plan.policies.difference.value == pytest.approx(-0.01, abs=0.001)
    assert 0 < plan.policies.half < 0.001
    (short,) = analyse([block(day) for day in range(10)]).plans
    assert short.nothing == "One policy has been in force in 4 blocks only: 8 of each are needed."
