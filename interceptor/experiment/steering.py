"""What is in force now: the allocation of the open window, worked out when it opens and read by every process.

Adaptive shares follow from closed windows, and a window is released some time after its end (clicks belong to the
window of their warning). What is released while a window is open waits for the next one: shares never change inside
a window, and a restart in the middle of one works out the same shares again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from interceptor.config import Config
from interceptor.experiment import eligibility
from interceptor.experiment.adaptive import Window
from interceptor.experiment.allocation import Allocation, allocate
from interceptor.experiment.choice import MessageChooser
from interceptor.experiment.plan import Plan
from interceptor.experiment.shared import SharedAllocation


class Released(Protocol):
    """A closed window as it was released; see `interceptor.counting.released.ReleasedWindow`."""

    @property
    def end(self) -> float:
        """Its end, in seconds since 1970."""

    @property
    def plan(self) -> str:
        """The identifier of the plan that was in force in it."""

    @property
    def shares(self) -> Mapping[str, float]:
        """The shares of messages that were in force in it."""

    @property
    def values(self) -> Mapping[tuple[str, ...], int]:
        """The signed value of each cell: (family, *labels)."""

    @property
    def stddev(self) -> Mapping[str, float]:
        """The standard deviation of the noise in a cell of each family."""


def planned(config: Config, reviews: eligibility.Reviews, wording: str) -> Plan:
    """The plan of ``config`` for a banner with these ``reviews`` and this ``wording``.

    Raises `ConfigError` where a message of it may not be shown.
    """
    eligibility.check(config, reviews)
    return Plan.make(config, wording)


class Steering:
    """Holds the plan and puts the allocation of each window in force.

    ``key`` is the ticket key; ``delay`` is how many seconds after its end a window has been released. Made before
    any process is forked.
    """

    def __init__(self, plan: Plan, key: bytes, delay: float) -> None:
        self.plan = plan
        self.shared = SharedAllocation(plan)
        self._key, self._delay = key, delay
        self._history: list[Window] = []
        self._allocation = self.shared.read()
        self._watchers: list[Callable[[bytes], None]] = []

    def __repr__(self) -> str:
        return "Steering()"

    @property
    def allocation(self) -> Allocation:
        """What is in force, the policy of a day-block included."""
        return self._allocation

    @property
    def record(self) -> bytes:
        """What is in force, for processes that were not forked here; see `SharedAllocation.encode`."""
        return self.shared.encode(self._allocation)

    def chooser(self) -> MessageChooser:
        """A chooser for a process that is forked from this one."""
        return MessageChooser(self.plan, self.shared)

    def watch(self, told: Callable[[bytes], None]) -> None:
        """Call ``told`` with the record of each allocation that is put in force from now on."""
        self._watchers.append(told)

    def windows_closed(self, windows: Iterable[Released]) -> None:
        """Take in windows that were released; the shares in force stay until the next window opens."""
        for window in windows:
            if window.plan == self.plan.identifier and self.plan.arms and window.shares:
                self._history.append(_evidence(window))

    def window_opens(self, opens: float, closes: float) -> Allocation:
        """Put the allocation for the window from ``opens`` to ``closes`` (seconds since 1970) in force."""
        known = [window for window in self._history if window.end + self._delay <= opens]
        self._allocation = allocate(self.plan, known, self._key, opens, closes)
        self.shared.write(self._allocation)
        record = self.record
        for told in self._watchers:
            told(record)
        return self._allocation


def _evidence(window: Released) -> Window:
    return Window(
        plan=window.plan,
        end=window.end,
        shares=dict(window.shares),
        warnings={name: window.values.get(("warnings", name), 0) for name in window.shares},
        clicks={name: window.values.get(("clicks", name), 0) for name in window.shares},
        warnings_noise=window.stddev.get("warnings", 0.0) ** 2,
        clicks_noise=window.stddev.get("clicks", 0.0) ** 2,
    )
