"""What the dashboard works out of released windows, and how it draws it."""

from __future__ import annotations

import math
import re
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from released_days import CLICKED, DAY, END, history_file, windows

from interceptor.history import History
from interceptor.report import rates
from interceptor.sidecar.dashboard import wording
from interceptor.sidecar.dashboard.figures import figures
from interceptor.sidecar.dashboard.periods import MOST_WINDOWS, Period, Stretch, read
from interceptor.sidecar.dashboard.series import MOST_POINTS, Point, Series, hit_rate, series, warnings
from interceptor.sidecar.dashboard.sums import Sums
from interceptor.sidecar.dashboard.svg import interval_mark, line_chart, stacked_bar


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    path = history_file(tmp_path_factory.mktemp("history") / "history.sqlite", windows(60))
    return History.open(path, timedelta(days=3650))


@pytest.mark.parametrize(("period", "number"), [("7", 7), ("28", 28), ("140", 60), ("all", 60)])
def test_a_period_ends_with_the_newest_window(history: History, period: str, number: int) -> None:
    stretch = read(history, Period(period))
    assert (len(stretch.windows), stretch.end, stretch.cut) == (number, END, False)
    assert stretch.windows[-1].end == END
    if period in ("7", "28"):
        assert [window.end for window in stretch.before] == [
            window.end - number * DAY for window in stretch.windows
        ]
    else:
        assert not stretch.before  # 60 days do not fill twice 140


def test_windows_that_do_not_fill_the_time_before_are_not_compared_with() -> None:
    history = History.open(None, timedelta(days=3650))
    for window in windows(50):
        history.append(window)
    assert len(read(history, Period.MONTH).windows) == 28
    assert not read(history, Period.MONTH).before


def test_windows_of_a_minute_do_not_fill_the_memory() -> None:
    history = History.open(None, timedelta(days=3650))
    (day,) = windows(1)
    for minute in range(MOST_WINDOWS + 100):
        history.append(
            type(day)(minute * 60.0, minute * 60.0 + 60, day.plan, 1.0, {("searches",): 5}, {"searches": 1.0})
        )
    stretch = read(history, Period.ALL)
    assert len(stretch.windows) == MOST_WINDOWS
    assert stretch.cut


def test_sums_are_signed_and_carry_their_noise() -> None:
    found = windows(28)
    sums = Sums(found)
    cell = ("warnings", "harm-legal")
    assert sums.count([cell]).value == sum(window.values[cell] for window in found)
    assert sums.count([cell]).noise == pytest.approx(28 * found[0].stddev["warnings"] ** 2)
    assert sums.family("warnings").noise == pytest.approx(len(CLICKED) * sums.count([cell]).noise)
    # Messages that are not shown have no noise, and none is put down to them.
    assert {label for _, label in sums.cells("warnings")} == set(CLICKED)
    assert sums.unused("warnings") > 0


def test_rates_are_those_of_the_report(history: History) -> None:
    stretch = read(history, Period.MONTH)
    found = figures(stretch)
    assert found.rates[0].rate == rates.hit_rate(stretch.windows)
    assert found.rates[1].rate == rates.click_through(stretch.windows)
    assert found.rates[1].before == rates.click_through(stretch.before)
    assert {row.label: row.rate for row in found.messages} == {
        message: rates.click_through(stretch.windows, message) for message in CLICKED
    }
    assert found.next_searches is not None
    together = found.next_searches
    assert together.other.value + together.matching.value + together.not_seen.value == pytest.approx(1)
    assert together.most_other == pytest.approx(1 - together.matching.value)


def test_windows_that_are_missing_are_counted() -> None:
    found = windows(28)
    del found[3:5], found[10]
    made = figures(Stretch(Period.MONTH, END, found, ()))
    assert (made.windows, made.missing) == (25, 3)


def test_a_window_that_a_stop_cut_in_two_is_one() -> None:
    found = windows(10)
    made = figures(Stretch(Period.MONTH, END, [*found, found[-1]], ()))
    assert (made.windows, made.missing) == (10, 0)
    assert made.counts[0].count.value == sum(w.values[("searches",)] for w in [*found, found[-1]])
    assert len(made.warnings.points) == 10


def test_nothing_gives_nothing() -> None:
    made = figures(Stretch(Period.ALL, 0.0, (), ()))
    assert (made.windows, made.missing, made.warnings.points, made.next_searches) == (0, 0, (), None)
    assert line_chart(made.warnings, "nothing", wording.number) == ""


def test_many_windows_become_few_points_that_lose_nothing() -> None:
    found = windows(300)
    made = series(found, warnings)
    assert len(made.points) <= MOST_POINTS
    assert made.step == 5 * DAY
    assert sum(point.value for point in made.points) == Sums(found).family("warnings").value
    assert made.points[-1].end == END
    for point in made.points:
        assert point.low < point.value < point.high


def test_a_rate_over_a_quiet_window_is_no_point() -> None:
    (window,) = windows(1)
    quiet = type(window)(
        window.start,
        window.end,
        window.plan,
        1.0,
        {("searches",): 3, ("interventions", "a", "b"): 5},
        window.stddev,
    )
    assert series([quiet], hit_rate).points == ()


def test_a_chart_holds_every_point_within_its_frame() -> None:
    points = tuple(Point(day * 10.0, day * 10.0 + 10, math.sin(day) * 50, -80.0, 90.0) for day in range(20))
    chart = str(line_chart(Series(10.0, points), "a & b <c>", wording.axis_number))
    root = ElementTree.fromstring(chart)
    assert root.get("aria-label") == "a & b <c>"
    _, _, width, height = map(float, (root.get("viewBox") or "").split())
    for shape in (*root.iter("polyline"), *root.iter("polygon")):
        for pair in (shape.get("points") or "").split():
            x, y = map(float, pair.split(","))
            assert 0 <= x <= width
            assert 0 <= y <= height
    assert "style=" not in chart  # which the policy forbids
    assert all(text.get("font-size") for text in root.iter("text"))


def test_a_line_breaks_where_windows_are_missing() -> None:
    points = [Point(day * 10.0, day * 10.0 + 10, 5.0, 4.0, 6.0) for day in range(9) if day not in (3, 4)]
    chart = str(line_chart(Series(10.0, tuple(points)), "", wording.axis_number))
    assert len(re.findall("<polyline", chart)) == 2


@pytest.mark.parametrize("value", [-0.5, 0.0, 0.3, 7.0])
def test_a_mark_stays_within_its_scale(value: float) -> None:
    root = ElementTree.fromstring(str(interval_mark(value, value - 1, value + 1, 0.5)))
    for line in root.iter("line"):
        assert 0 <= float(line.get("x1") or "") <= float(line.get("x2") or "") <= 120


def test_parts_below_zero_take_no_room() -> None:
    root = ElementTree.fromstring(str(stacked_bar((("other", -0.1), ("matching", 0.1), ("unseen", 0.9)))))
    assert [float(part.get("width") or "") for part in root.iter("rect")] == [0.0, 44.0, 396.0]
    assert stacked_bar((("other", 0.0),)) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.128, "12.8 %"), (0.0051, "0.51 %"), (-0.00012, "−0.012 %"), (0.0, "0.0 %"), (1.0, "100.0 %")],
)
def test_shares_have_as_many_places_as_they_need(value: float, text: str) -> None:
    assert wording.percent(value).replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(86_400, "1 day"), (172_800, "2 days"), (3600, "1 hour"), (90, "90 seconds")]
)
def test_lengths_of_time_are_said_in_words(seconds: float, text: str) -> None:
    assert wording.span(seconds) == text


def test_whole_numbers_have_their_thousands_apart() -> None:
    assert (wording.number(-1234567.4), wording.number(-0.3)) == ("−1,234,567", "0")
    assert wording.signed(1200) == "+1,200"


def test_the_templates_are_in_the_package() -> None:
    folder = Path(wording.__file__).parent / "templates"
    assert {file.name for file in folder.iterdir()} == {"dashboard.html", "dashboard.css"}
