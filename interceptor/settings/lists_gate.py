"""What a new list must not do to ordinary searches before the running service takes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from interceptor.binding import setting
from interceptor.settings.checks import share


@dataclass(frozen=True, slots=True)
class ListsGate:
    """The gate that a new list passes at a reload; `interceptor.curation.gate` is it."""

    share: float = setting(
        0.01, check=share, doc="share of ordinary searches that a new list may act on; 1 lets every list in"
    )
    queries: Path | None = setting(
        None, doc="file or folder of ordinary searches to try it on; none: the built-in ones"
    )
