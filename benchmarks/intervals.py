"""Rates with the interval that their sample leaves open."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import betaincinv

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Rate:
    """``hits`` of ``total``."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        """The share of hits, 0 to 1; 0 of nothing is 0."""
        return self.hits / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Clopper and Pearson's exact interval at 95 % (Biometrika 26, 1934), as shares."""
        tail = (1 - CONFIDENCE) / 2
        missed = self.total - self.hits
        low = float(betaincinv(self.hits, missed + 1, tail)) if self.hits else 0.0
        high = float(betaincinv(self.hits + 1, missed, 1 - tail)) if missed else 1.0
        return low, high

    def percent(self) -> str:
        """As ``98.7 % [97.9–99.3]``."""
        low, high = (100 * share for share in self.interval)
        return f"{100 * self.value:.1f} % [{low:.1f}–{high:.1f}]" if self.total else "–"

    def per_100_000(self) -> str:
        """As ``2.4 [0.5–6.9]``: hits in a hundred thousand."""
        low, high = (100_000 * share for share in self.interval)
        return f"{100_000 * self.value:.1f} [{low:.1f}–{high:.1f}]" if self.total else "–"
