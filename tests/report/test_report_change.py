"""Before and after a change: known series, and when there is too little to say."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from released import DAY, NOISE, released

from interceptor.errors import CallError
from interceptor.report.analysis import analyse
from interceptor.report.change import CannotTellError, Change, change

CLICKS, WARNINGS = [("clicks", "a")], [("warnings", "a")]


def told(
    rates: Sequence[float], at: float, shown: int = 100_000, noise: Mapping[str, float] | None = None
) -> Change:
    windows = [
        released(day, {("warnings", "a"): shown, ("clicks", "a"): round(shown * rate)}, noise=noise)
        for day, rate in enumerate(rates)
    ]
    return change(windows, at * DAY, CLICKS, WARNINGS)


def test_the_nile_at_aswan() -> None:
    """Annual flow 1871 to 1970, which fell in 1899 (Cobb, Biometrika 65, 1978), by 248 on average.

    The parameters are compared with those of ordinary least squares on the same lines; the fall is far from chance.
    """
    flow = sm.datasets.nile.load_pandas().data["volume"].to_numpy() / 10_000
    found = told(list(flow), 28, shown=10_000_000)
    assert -0.035 < found.step.value < -0.018
    assert found.step.high < -0.01
    assert found.step.p < 0.001
    assert found.slope.low < 0 < found.slope.high
    weeks = (np.arange(100) + 0.5 - 28) / 7
    design = np.column_stack([np.ones(100), weeks, weeks > 0, np.maximum(weeks, 0)])
    plain = sm.OLS(flow, design).fit()
    assert found.step.value == pytest.approx(plain.params[2], abs=plain.bse[2] / 2)
    assert abs(found.correlation) < 0.35


def test_lines_without_error_are_found_as_they_are() -> None:
    before = [0.10 + 0.001 * day / 7 for day in range(28)]
    after = [0.10 + 0.001 * day / 7 + 0.03 - 0.004 * (day - 28) / 7 for day in range(28, 56)]
    found = told([*before, *after], 28)
    half = 0.5 / 7  # rates stand for the middle of their day
    assert found.slope_before.value == pytest.approx(0.001, abs=1e-5)
    assert found.slope.value == pytest.approx(-0.004, abs=1e-5)
    assert found.step.value == pytest.approx(0.03 + 0.004 * half, abs=1e-5)
    assert found.reached - found.expected == pytest.approx(found.step.value)
    assert [point.fitted for point in found.points] == pytest.approx([*before, *after], abs=1e-4)


def test_errors_that_stay_make_the_interval_wider() -> None:
    random = np.random.default_rng(5)
    alone = random.normal(0, 0.01, 80)
    staying = np.zeros(80)
    for day in range(80):
        staying[day] = 0.6 * staying[max(day - 1, 0)] + 0.8 * alone[day]
    first, second = (told(list(0.2 + errors), 40) for errors in (alone, staying))
    assert second.correlation > first.correlation + 0.25
    assert second.step.high - second.step.low > 1.3 * (first.step.high - first.step.low)


def test_windows_with_few_warnings_are_put_together_into_points() -> None:
    found = told([0.1] * 120 + [0.2] * 120, 120, shown=30, noise=NOISE)
    assert found.windows_a_point == 6  # 180 warnings, five times their noise of 34.5
    assert len(found.points) == 40
    assert found.step.value == pytest.approx(0.1)


def test_a_window_that_the_change_lies_in_is_left_out() -> None:
    found = told([0.1] * 20 + [0.9] + [0.2] * 20, 20.5)
    assert len(found.points) == 40
    assert found.step.value == pytest.approx(0.1, abs=1e-6)


def test_too_few_points_say_how_many_are_missing() -> None:
    with pytest.raises(
        CannotTellError, match=r"^20 points before the change and 3 after .* Wait for 7 more windows"
    ):
        told([0.1] * 23, 20)
    with pytest.raises(CannotTellError, match="noise alone"):
        told([0.0] * 40, 20, shown=0, noise=NOISE)
    with pytest.raises(CannotTellError, match="No window"):
        told([], 20)


def test_the_report_says_so_and_goes_on() -> None:
    windows = [released(day, {("warnings", "a"): 900, ("clicks", "a"): 90}) for day in range(12)]
    report = analyse(windows, 10 * DAY)
    assert report.change is None
    assert report.clicks is not None
    assert len(report.cannot) == 1
    assert report.cannot[0].startswith(
        "Before and after the change: 10 points before the change and 2 after it"
    )


def test_without_the_extra_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("statsmodels"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(CallError, match=r"pip install 'search-interceptor\[report\]'"):
        told([0.1] * 40, 20)
