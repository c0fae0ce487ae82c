"""The compiled part of matching, where it was built: lets most queries go sooner, and none that the sieve would not."""

from __future__ import annotations

from collections.abc import Callable

from interceptor.matching.letters import Letters
from interceptor.matching.pieces import Pieces
from interceptor.matching.sieve import Sieve

IS_COMPILED = True
"""Whether there is such a part. Without it all is decided as with it."""

try:
    from interceptor.matching.native.prefilter import Prefilter
except ImportError:
    IS_COMPILED = False


def prefilter(sieve: Sieve, letters: Letters, pieces: Pieces) -> Callable[[str], bool] | None:
    """Return what tells of a query that ``sieve`` would keep it back, and all that operators leave of it.

    It gives False where that is not known. None, where there was no compiler.
    """
    return Prefilter(sieve, letters, pieces).holds_nothing if IS_COMPILED else None
