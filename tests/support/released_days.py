"""Days of released windows as a busy engine may have them, with the noise of the real release, the same in each run."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from interceptor.banner.render import Banner
from interceptor.config import Config
from interceptor.counting.budget import Budget
from interceptor.counting.families import Families, Outcome
from interceptor.counting.laplace import draw
from interceptor.counting.released import ReleasedWindow
from interceptor.history import History
from interceptor.recording import Labels
from interceptor.vocabulary import Action, Category

DAY = 86_400
END = 1_795_305_600
"""22 November 2026, 00:00 UTC."""

CLICKED: Mapping[str, float] = {"harm-legal": 0.15, "harm-gain": 0.14, "control-gain": 0.12, "neutral": 0.09}
"""How often help is chosen, by message."""


def windows(
    days: int, *, searches: int = 20_000, end: float = END, exact: bool = False, seed: int = 7
) -> list[ReleasedWindow]:
    """``days`` windows of a day each, the last of which ends at ``end``."""
    chance = random.Random(seed)
    config = Config()
    labels = Labels.of(Banner(config))
    families = Families(
        messages=labels.messages, languages=labels.languages, resources=labels.resources, shown=set(CLICKED)
    )
    budget = Budget({}) if exact else Budget.of(config.privacy)
    found = []
    for day in range(days):
        counts = dict.fromkeys(families.keys, 0)
        looked_at = round(searches * (1 + 0.15 * math.sin(day / 7 * math.tau)) * chance.uniform(0.95, 1.05))
        acted = _some(chance, looked_at, 0.02)
        counts[("searches",)] = looked_at
        counts["interventions", Action.REPLACE, Category.SEEKING] = round(acted * 0.9)
        counts["interventions", Action.ANNOTATE, Category.AMBIGUOUS] = round(acted * 0.06)
        counts["interventions", Action.ANNOTATE, Category.INFORMATIONAL] = round(acted * 0.04)
        for message, rate in CLICKED.items():
            shown = acted // len(CLICKED)
            clicks = _some(chance, shown, rate)
            counts["warnings", message] = shown
            counts["clicks", message] = clicks
            counts["returns", message, Outcome.OTHER] = _some(chance, shown, 0.06)
            counts["returns", message, Outcome.MATCHING] = _some(chance, shown, 0.03)
            for language, share in (("en", 0.6), ("es", 0.2), ("fi", 0.2)):
                counts["warnings_by_language", language] += round(shown * share)
            for resource, share in (("redirection", 0.6), ("survey-current", 0.3), ("stop-it-now-uk", 0.1)):
                counts["clicks_by_resource", resource] += round(clicks * share)
        found.append(
            ReleasedWindow(
                start=end - (days - day) * DAY,
                end=end - (days - day - 1) * DAY,
                plan="weighted:abc",
                epsilon=budget.epsilon,
                values={
                    key: counts[key] + _noise(budget, key[0], number in families.impossible, chance)
                    for number, key in enumerate(families.keys)
                },
                stddev={family.name: budget.stddev(family.name) for family in families.families},
                shares={message: 1 / len(CLICKED) for message in CLICKED},
            )
        )
    return found


def _some(chance: random.Random, number: int, rate: float) -> int:
    return sum(chance.random() < rate for _ in range(number))


def _noise(budget: Budget, family: str, impossible: bool, chance: random.Random) -> int:
    if impossible or budget.is_exact:
        return 0
    return draw(budget.losses[family], chance.randrange)


def history_file(path: Path, released: list[ReleasedWindow]) -> Path:
    """A history file that holds these windows."""
    history = History.open(path, timedelta(days=3650))
    for window in released:
        history.append(window)
    return path
