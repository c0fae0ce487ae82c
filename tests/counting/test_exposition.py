"""The metrics page, read by Prometheus' own parser."""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import date

import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from interceptor.config import FaultPolicy, Mode, Privacy
from interceptor.counting.budget import Budget
from interceptor.counting.exposition import ListState, State, exposition
from interceptor.counting.families import Families, Outcome
from interceptor.counting.release import Released
from interceptor.vocabulary import Action, Category

FAMILIES = Families(
    messages=("harm-legal", "support"),
    languages=("en", "fi", "zh-Hant"),
    resources=("redirection", 'odd "name"\\'),
)
STATE = State(
    version="0.1.0",
    mode=Mode.SHADOW,
    plan="fixed:harm-legal",
    fault_policy=FaultPolicy.OPEN,
    ready=True,
    lists=(ListState("plain-en", "2026.11", 40, None), ListState("garden", "7", 3, date(2026, 12, 31))),
)
COUNTED: dict[str, set[str]] = {
    "interceptor_searches": set(),
    "interceptor_interventions": {"action", "category"},
    "interceptor_warnings": {"message"},
    "interceptor_warnings_by_language": {"language"},
    "interceptor_clicks": {"message"},
    "interceptor_clicks_by_resource": {"resource"},
    "interceptor_returns": {"message", "outcome"},
}
"""The counters that DESIGN promises, with their labels."""
GAUGES: dict[str, set[str]] = {
    "interceptor_released": {"family", "cell"},
    "interceptor_mode": {"mode"},
    "interceptor_plan_info": {"plan"},
    "interceptor_build_info": {"version"},
    "interceptor_list_info": {"list", "version"},
    "interceptor_list_entries": {"list"},
    "interceptor_list_expires_timestamp_seconds": {"list"},
    "interceptor_list_refused": {"list", "reason"},
    "interceptor_ready": set(),
    "interceptor_fault_policy": {"fault_policy"},
    "interceptor_release_window_end_timestamp_seconds": set(),
    "interceptor_release_epsilon": set(),
    "interceptor_release_noise_stddev": {"family"},
}


def released(values: range | None = None) -> Released:
    numbers = tuple(values or [0] * len(FAMILIES))
    return Released(3, 1_800_000_000.0, tuple(-number for number in numbers), numbers)


def page(values: range | None = None, state: State = STATE) -> dict[str, Metric]:
    text = exposition(FAMILIES, released(values), state).decode()
    return {metric.name: metric for metric in text_string_to_metric_families(text)}


def samples(values: range | None = None, state: State = STATE) -> dict[tuple[str, tuple[str, ...]], float]:
    """Values by the sample's name and its labels' values, these in the order of the labels' names."""
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for metric in page(values, state).values()
        for sample in metric.samples
    }


def test_every_promised_metric_is_there_and_no_other() -> None:
    metrics = page()
    assert set(metrics) == {*COUNTED, *GAUGES, "interceptor_release_windows"}
    assert all(metric.documentation for metric in metrics.values())
    for name in COUNTED:
        assert metrics[name].type == "counter"
        assert {sample.name for sample in metrics[name].samples} == {f"{name}_total"}
        assert {tuple(sorted(sample.labels)) for sample in metrics[name].samples} == {
            tuple(sorted(COUNTED[name]))
        }
    for name in GAUGES:
        assert metrics[name].type == "gauge"
        assert {tuple(sorted(sample.labels)) for sample in metrics[name].samples} == {
            tuple(sorted(GAUGES[name]))
        }


def test_no_series_tells_a_time_or_a_process() -> None:
    text = exposition(FAMILIES, released(), STATE).decode()
    assert "_created" not in text
    assert not [line for line in text.splitlines() if line.startswith(("process_", "python_"))]


def test_every_series_is_there_before_the_first_count() -> None:
    found = samples()
    assert set(found) == set(samples(range(1, len(FAMILIES) + 1)))
    expected: set[tuple[str, tuple[str, ...]]] = {("interceptor_searches_total", ())}
    expected |= {
        ("interceptor_interventions_total", (action, category))
        for action in (Action.ANNOTATE, Action.REPLACE)
        for category in Category
    }
    for message in ("harm-legal", "support"):
        expected |= {("interceptor_warnings_total", (message,)), ("interceptor_clicks_total", (message,))}
        expected |= {("interceptor_returns_total", (message, outcome)) for outcome in Outcome}
    expected |= {("interceptor_warnings_by_language_total", (tag,)) for tag in ("en", "fi", "zh-Hant")}
    expected |= {("interceptor_clicks_by_resource_total", (one,)) for one in ("redirection", 'odd "name"\\')}
    assert {key for key in found if key[0].endswith("_total")} == {
        *expected,
        ("interceptor_release_windows_total", ()),
    }
    assert {found[key] for key in expected} == {0.0}
    assert len(expected) == len(FAMILIES)


def test_each_cell_shows_its_total_and_its_last_signed_value() -> None:
    found = samples(range(1, len(FAMILIES) + 1))
    for family in FAMILIES.families:
        for cell in family.cells:
            number = FAMILIES.number(family.name, *cell)
            assert number is not None
            assert found[f"interceptor_{family.name}_total", cell] == number + 1
            assert found["interceptor_released", (",".join(cell), family.name)] == -number - 1
    assert len({value for (name, _), value in found.items() if name == "interceptor_released"}) == len(
        FAMILIES
    )


def test_an_undeclared_cell_has_no_number() -> None:
    assert FAMILIES.number("warnings", "another message") is None
    assert FAMILIES.number("nothing") is None
    assert FAMILIES.number("warnings") is None


def test_state() -> None:
    found = samples()
    assert found["interceptor_build_info", ("0.1.0",)] == 1
    assert (found["interceptor_mode", ("shadow",)], found["interceptor_mode", ("enforce",)]) == (1, 0)
    assert found["interceptor_fault_policy", ("open",)] == 1
    assert found["interceptor_fault_policy", ("closed",)] == 0
    assert found["interceptor_plan_info", ("fixed:harm-legal",)] == 1
    assert found["interceptor_ready", ()] == 1
    assert found["interceptor_list_info", ("garden", "7")] == 1
    assert found["interceptor_list_entries", ("plain-en",)] == 40
    expires = {key: value for key, value in found.items() if "expires" in key[0]}
    assert expires == {
        ("interceptor_list_expires_timestamp_seconds", ("garden",)): calendar.timegm((2026, 12, 31, 0, 0, 0))
    }
    assert found["interceptor_release_windows_total", ()] == 3
    assert found["interceptor_release_window_end_timestamp_seconds", ()] == 1_800_000_000
    assert found["interceptor_release_epsilon", ()] == float("inf")
    assert found["interceptor_release_noise_stddev", ("searches",)] == 0


def test_the_noise_of_a_private_release_is_stated() -> None:
    budget = Budget.of(Privacy())
    stddev = {family.name: budget.stddev(family.name) for family in FAMILIES.families}
    private = replace(released(), epsilon=budget.epsilon, stddev=stddev)
    text = exposition(FAMILIES, private, STATE).decode()
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for metric in text_string_to_metric_families(text)
        for sample in metric.samples
    }
    assert found["interceptor_release_epsilon",] == 1
    assert found["interceptor_release_noise_stddev", "searches"] == pytest.approx(28.28, abs=0.01)
    assert found["interceptor_release_noise_stddev", "clicks"] == pytest.approx(4.70, abs=0.01)


@pytest.mark.parametrize("ready", [True, False])
def test_readiness(ready: bool) -> None:
    state = State("1", Mode.ENFORCE, "p", FaultPolicy.CLOSED, ready, ())
    assert samples(state=state)["interceptor_ready", ()] == float(ready)
