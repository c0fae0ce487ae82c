"""Windows out of a Prometheus server, by its HTTP API (https://prometheus.io/docs/prometheus/latest/querying/api/).

The server holds samples of the last window's values, not windows. ``interceptor_release_windows_total`` tells when
there is a new one: the sample before the step says when that window ended (it was the next to be released) and which
plan was in force, the first sample after it holds its values. Each instance is followed by itself; replicas are put
together later, and so is their noise (`interceptor.report.windows`).
"""

from __future__ import annotations

import json
import math
import re
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from interceptor.counting.released import ReleasedWindow
from interceptor.errors import CallError
from interceptor.report.windows import DAY

STEP = 600
"""Seconds between two looks: windows released within one are seen as one, and the others are told as missed."""

_PATIENCE = 60.0
_MOST_POINTS = 10_000  # a server gives 11,000 of a series at once
_COUNT = "interceptor_release_windows_total"
_NEXT_END = "interceptor_release_window_end_timestamp_seconds"
_PLAN = "interceptor_plan_info"
_VALUES = "interceptor_released"
_STDDEV = "interceptor_release_noise_stddev"
_EPSILON = "interceptor_release_epsilon"
_OWN_LABELS = frozenset(("__name__", "family", "cell", "plan"))
_SELECTOR = re.compile(
    r'[A-Za-z_][A-Za-z0-9_]*(=|!=|=~|!~)"[^"\\]*"(,[A-Za-z_][A-Za-z0-9_]*(=|!=|=~|!~)"[^"\\]*")*'
)

_Instance = tuple[tuple[str, str], ...]
_Series = tuple[dict[str, str], list[tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class Found:
    """The windows, and how many more were released that no sample tells of."""

    windows: list[ReleasedWindow]
    missed: int


@dataclass(frozen=True, slots=True)
class _Step:
    """A window of one instance: the look that shows it first, its end, the end that follows, its plan."""

    look: float
    end: float
    following: float
    plan: str


def read(url: str, since: float, until: float, *, selector: str = "") -> Found:
    """The windows released between two moments (seconds since 1970), as the server at ``url`` has them.

    ``selector`` picks series, as ``job="interceptor"``. Raises `CallError` where the server cannot be asked or
    answers something else than it should.
    """
    server = _Server(url, selector)
    steps: dict[_Instance, list[_Step]] = {}
    missed = 0
    looks = _looks(server, since, until)
    for instance, seen in sorted(looks.items()):
        steps[instance], unseen = _steps(seen)
        missed += unseen
    by_look: dict[float, dict[_Instance, _Step]] = defaultdict(dict)
    for instance, found in steps.items():
        for step in found:
            by_look[step.look][instance] = step
    length = _length(steps.values())
    windows: list[ReleasedWindow] = []
    for look, instances in sorted(by_look.items()):
        released = server.at(look)
        windows.extend(
            _window(step, length, released[instance])
            for instance, step in instances.items()
            if instance in released
        )
    return Found(windows, missed)


@dataclass(slots=True)
class _Look:
    """What one instance showed at one time."""

    count: float = math.nan
    next_end: float = math.nan
    plan: str = ""


def _looks(server: _Server, since: float, until: float) -> dict[_Instance, dict[float, _Look]]:
    found: dict[_Instance, dict[float, _Look]] = defaultdict(lambda: defaultdict(_Look))
    first = since - since % STEP
    while first <= until:
        last = min(first + (_MOST_POINTS - 1) * STEP, until)
        for name in (_COUNT, _NEXT_END, _PLAN):
            for labels, samples in server.between(name, first, last):
                seen = found[_instance(labels)]
                for moment, value in samples:
                    if name == _COUNT:
                        seen[moment].count = value
                    elif name == _NEXT_END:
                        seen[moment].next_end = value
                    elif value:
                        seen[moment].plan = labels.get("plan", "")
        first += _MOST_POINTS * STEP
    return found


def _steps(seen: Mapping[float, _Look]) -> tuple[list[_Step], int]:
    """Where the count of windows rose, in order; and how many windows lie between without a sample."""
    steps, missed = [], 0
    before: _Look | None = None
    plans: list[tuple[float, str]] = []
    for moment, look in sorted(seen.items()):
        if math.isnan(look.count) or math.isnan(look.next_end):
            continue
        if before is not None and look.count > before.count:
            # A window waits for its tickets: at its release the plan of the next one may be in force.
            open_then = [plan for seen_at, plan in plans if seen_at < before.next_end]
            steps.append(_Step(moment, before.next_end, look.next_end, (open_then or [before.plan])[-1]))
            plans = plans[-1:]
            missed += round(look.count - before.count) - 1
        elif before is not None and 0 < look.count < before.count:
            # Begun anew without its history, and windows released since.
            missed += round(look.count)
        before = look
        plans.append((moment, look.plan))
    return steps, missed


def _length(steps: Iterable[list[_Step]]) -> float:
    """The length of a window: the commonest distance from one end to the next; a day where there is none."""
    distances = Counter(
        step.following - step.end for found in steps for step in found if step.following > step.end
    )
    return max(distances, key=lambda distance: (distances[distance], -distance), default=DAY)


@dataclass(slots=True)
class _Values:
    values: dict[tuple[str, ...], int]
    stddev: dict[str, float]
    epsilon: float = math.inf


def _window(step: _Step, length: float, released: _Values) -> ReleasedWindow:
    return ReleasedWindow(
        step.end - length, step.end, step.plan, released.epsilon, released.values, released.stddev
    )


def _instance(labels: Mapping[str, str]) -> _Instance:
    return tuple(sorted((name, value) for name, value in labels.items() if name not in _OWN_LABELS))


class _Server:
    """A Prometheus server, or what answers like one (Thanos, Mimir, VictoriaMetrics)."""

    def __init__(self, url: str, selector: str) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise CallError("--prometheus: is no address of a server. Write it as http://127.0.0.1:9090.")
        if selector and not _SELECTOR.fullmatch(selector):
            raise CallError('--selector: cannot be read. Write it as job="interceptor", with commas between.')
        self._url, self._selector = url.rstrip("/"), selector

    def __repr__(self) -> str:
        return "_Server()"

    def between(self, name: str, first: float, last: float) -> Iterator[_Series]:
        """The samples of each series of ``name``, one each `STEP` where there is one."""
        asked = {"query": self._latest(name), "start": f"{first}", "end": f"{last}", "step": f"{STEP}"}
        return self._ask("query_range", asked, lambda each: each["values"])

    def at(self, moment: float) -> dict[_Instance, _Values]:
        """What each instance had released last at ``moment``."""
        found: dict[_Instance, _Values] = defaultdict(lambda: _Values({}, {}))
        for name in (_VALUES, _STDDEV, _EPSILON):
            asked = {"query": self._latest(name), "time": f"{moment}"}
            for labels, [(_, value)] in self._ask("query", asked, lambda each: [each["value"]]):
                kept = found[_instance(labels)]
                family = labels.get("family", "")
                if name == _EPSILON:
                    kept.epsilon = value
                elif name == _STDDEV:
                    kept.stddev[family] = value
                elif math.isfinite(value):
                    cell = labels.get("cell")
                    kept.values[(family, *(cell.split(",") if cell else ()))] = round(value)
        return found

    def _latest(self, name: str) -> str:
        return f"last_over_time({name}{{{self._selector}}}[{STEP}s])"

    def _ask(self, call: str, asked: Mapping[str, str], samples: Callable[[Any], Any]) -> Iterator[_Series]:
        body = urllib.parse.urlencode(asked).encode()
        request = urllib.request.Request(f"{self._url}/api/v1/{call}", data=body)  # noqa: S310 -- checked above
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
                text = answer.read()
        except urllib.error.HTTPError as fault:
            fault.close()
            raise CallError(
                f"--prometheus: the server answers with status {fault.code}. Check the address and its rights."
            ) from None
        except (OSError, HTTPException) as fault:
            reason = getattr(fault, "reason", fault)
            said = getattr(reason, "strerror", None) or type(reason).__name__
            raise CallError(
                f"--prometheus: the server cannot be reached ({said}). Check the address."
            ) from None
        try:
            document = json.loads(text)
            if document["status"] != "success":
                raise ValueError
            found = [
                (dict(each["metric"]), [(float(moment), float(value)) for moment, value in samples(each)])
                for each in document["data"]["result"]
            ]
        except (ValueError, KeyError, TypeError):
            raise CallError(
                "--prometheus: the server does not answer as Prometheus does. Check that the address is that of a "
                "Prometheus server, without /api."
            ) from None
        return iter(found)
