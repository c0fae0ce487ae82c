"""How the privacy loss of one search is divided over the families of counts.

Two runs are neighbours where they differ in one search: all that came of it is in one and not in the other. What can
come of one search is at most one entry in each family:

- ``searches``, ``interventions``: a search is looked at once and gets one decision.
- ``warnings``, ``warnings_by_language``: it leads to one ticket at most, which counts for one message and one
  language, once.
- ``clicks``, ``clicks_by_resource``: a ticket counts one click, under the help chosen first.
- ``returns``: a ticket counts one use of the banner's own search box. The search made there is a search of its own.

All entries of a ticket go into the window of its warning. So in a family one cell of one window changes by 1: the
sensitivity is 1, noise of scale 1/ε makes that family's release ε-differentially private (Dwork, McSherry, Nissim,
Smith: TCC 2006), and the losses of the families add up to the whole.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from interceptor.config import Privacy, ReleaseKind
from interceptor.counting import laplace

FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "searches": "searches",
        "interventions": "interventions",
        "warnings": "warnings",
        "warnings_by_language": "languages",
        "clicks": "clicks",
        "clicks_by_resource": "resources",
        "returns": "returns",
    }
)
"""By family of counts, the name of its share under ``privacy.budget``."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The privacy loss of one search by family; an empty ``losses`` stands for exact counts.

    Fractions, so that what is drawn is of exactly the loss that is stated, and the parts add up to the whole.
    """

    losses: Mapping[str, Fraction]

    @classmethod
    def of(cls, privacy: Privacy) -> Budget:
        """The budget that ``privacy`` configures: ``epsilon`` divided in proportion to the shares."""
        if privacy.release is ReleaseKind.EXACT:
            return cls(MappingProxyType({}))
        shares = {family: Fraction(str(getattr(privacy.budget, name))) for family, name in FAMILIES.items()}
        part = Fraction(str(privacy.epsilon)) / sum(shares.values())
        return cls(MappingProxyType({family: share * part for family, share in shares.items()}))

    @property
    def is_exact(self) -> bool:
        """Whether counts leave without noise."""
        return not self.losses

    @property
    def epsilon(self) -> float:
        """The privacy loss of one search over all families; infinite where counts are exact."""
        return math.inf if self.is_exact else float(sum(self.losses.values()))

    def draw(self, family: str) -> int:
        """Noise for one cell of ``family``."""
        return 0 if self.is_exact else laplace.draw(self.losses[family])

    def stddev(self, family: str) -> float:
        """The standard deviation of the noise in one cell of ``family``."""
        return 0.0 if self.is_exact else laplace.stddev(float(self.losses[family]))
