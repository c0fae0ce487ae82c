"""The margins that are published hold in a few runs; `python -m benchmarks.allocation` makes the figures."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy", reason="the simulation needs the extra 'bench'")

from benchmarks.allocation import SCENARIOS, Scenario, Setting, run

LEAST = dict(zip(SCENARIOS, (0.15, 0.40, -0.02, -0.02), strict=True))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_adaptive_allocation_is_worth_it(scenario: Scenario) -> None:
    results = [run(scenario, Setting(), seed) for seed in range(2)]
    margins = [result["adaptive"] / result["daily rotation"] - 1 for result in results]
    assert min(margins) > LEAST[scenario]
    assert all(result["adaptive"] < result["best known"] * 1.01 for result in results)
