"""The metrics page: what has been released, and state that says nothing of any search.

A registry of its own, so that prometheus_client's process, platform and garbage-collector metrics stay out: they
move with each search. No ``_created`` series, for the same reason.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from interceptor.config import FaultPolicy, Mode
from interceptor.counting.families import Families
from interceptor.counting.release import Released
from interceptor.vocabulary import Refusal

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""What `exposition` is, in the words of Prometheus' text format."""


EVERY_LIST = "all"
"""The value of the label ``list`` where a refusal cannot be put down to one list."""


@dataclass(frozen=True, slots=True)
class ListState:
    """A term list in force."""

    id: str
    version: str
    entries: int
    expires: date | None


@dataclass(frozen=True, slots=True)
class State:
    """What the service is, apart from what it has counted."""

    version: str
    mode: Mode
    plan: str
    fault_policy: FaultPolicy
    ready: bool
    lists: tuple[ListState, ...]
    degraded: tuple[str, ...] = ()
    """What is not as the operator wants it, a sentence each, without a term."""
    refused: frozenset[tuple[str, Refusal]] = frozenset()
    """The refusals that hold: the list's id or `EVERY_LIST`, and why."""
    fetched: tuple[str, ...] = ()
    """What refusals call the lists that are fetched; they may not be in force yet."""


def exposition(families: Families, released: Released, state: State) -> bytes:
    """The metrics page in Prometheus' text format (`CONTENT_TYPE`)."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Page(lambda: [*_released(families, released), *_state(families, released, state)]))
    return generate_latest(registry)


class _Page(Collector):
    def __init__(self, metrics: Callable[[], list[Metric]]) -> None:
        self._metrics = metrics

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        yield from self._metrics()


def _released(families: Families, released: Released) -> Iterator[Metric]:
    gauge = GaugeMetricFamily(
        "interceptor_released", "Signed value of the last closed window.", labels=("family", "cell")
    )
    for family in families.families:
        counter = CounterMetricFamily(f"interceptor_{family.name}", family.help, labels=family.labels)
        for cell in family.cells:
            number = families.number(family.name, *cell)
            assert number is not None
            counter.add_metric(cell, released.totals[number])
            gauge.add_metric((family.name, ",".join(cell)), released.last[number])
        yield counter
    yield gauge


def _state(families: Families, released: Released, state: State) -> Iterator[Metric]:
    yield _info("build", "The version that runs.", {"version": state.version})
    yield _one_of("mode", "Whether warnings are shown.", state.mode, tuple(Mode))
    yield _info("plan", "The plan that chooses messages.", {"plan": state.plan})
    yield _one_of(
        "fault_policy", "What becomes of searches on a fault.", state.fault_policy, tuple(FaultPolicy)
    )
    yield _gauge("ready", "1 where the service should get traffic.", float(state.ready))

    info = GaugeMetricFamily("interceptor_list_info", "A term list in force.", labels=("list", "version"))
    entries = GaugeMetricFamily("interceptor_list_entries", "Entries in force.", labels=("list",))
    expires = GaugeMetricFamily(
        "interceptor_list_expires_timestamp_seconds",
        "When a list expires; it goes on protecting.",
        labels=("list",),
    )
    for item in state.lists:
        info.add_metric((item.id, item.version), 1)
        entries.add_metric((item.id,), item.entries)
        if item.expires is not None:
            expires.add_metric((item.id,), calendar.timegm(item.expires.timetuple()))
    yield from (info, entries, expires)
    refused = GaugeMetricFamily(
        "interceptor_list_refused",
        "1 where a newer list was refused and the last good one serves on.",
        labels=("list", "reason"),
    )
    for name in dict.fromkeys((EVERY_LIST, *(item.id for item in state.lists), *state.fetched)):
        for reason in Refusal:
            refused.add_metric((name, reason), float((name, reason) in state.refused))
    yield refused

    yield _gauge(
        "release_window_end_timestamp_seconds",
        "The end of the window that is released next, once its tickets have expired.",
        released.window_end,
    )
    yield CounterMetricFamily("interceptor_release_windows", "Windows released.", value=released.windows)
    yield _gauge("release_epsilon", "Privacy loss of one search; +Inf: counts are exact.", released.epsilon)
    stddev = GaugeMetricFamily(
        "interceptor_release_noise_stddev", "Standard deviation of the noise in a cell.", labels=("family",)
    )
    for family in families.families:
        stddev.add_metric((family.name,), (released.stddev or {}).get(family.name, 0.0))
    yield stddev


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"interceptor_{name}", text, value=value)


def _info(name: str, text: str, labels: dict[str, str]) -> Metric:
    return InfoMetricFamily(f"interceptor_{name}", text, value=labels)


def _one_of(name: str, text: str, value: str, values: tuple[str, ...]) -> Metric:
    metric = GaugeMetricFamily(f"interceptor_{name}", text, labels=(name,))
    for possible in values:
        metric.add_metric((possible,), float(possible == value))
    return metric
