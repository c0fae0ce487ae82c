"""How much has to speak for a match that was found only by undoing rewritings.

The rule, in the names of the configuration (``matching:``), for a term of *n* letters:

1. Terms of fewer letters than ``shortest`` are matched as they stand, with one exception: letters that all stand
   apart (``l a m p``) are read together from ``shortest_spaced_out`` letters on, if nothing else was done to them.
   Terms without a letter are never loosened.
2. Signs that stand for letters, and swapped letters (i and l, u and v), may make up no more than ``substituted``
   of the letters. Letters of other scripts that look alike may make up all of them.
3. Each further kind of step asks for one letter more: two kinds need ``shortest`` + 1, three + 2.
4. A word that is split by spaces or punctuation (not spaced out) needs ``shortest_split`` letters.
5. A doubled letter written once counts as a typing error and needs ``shortest_mistyped`` letters.
6. Where every word that stands in the text is an ordinary word of some language, nothing shows that it was
   rewritten: that needs ``shortest_ordinary`` letters, and steps that change letters do not count at all.
"""

from __future__ import annotations

from interceptor.config import Matching
from interceptor.matching.alignment import Steps


def suffices(steps: Steps, *, ordinary: bool, bounds: Matching) -> bool:
    """Whether ``steps`` away from a term are near enough; ``ordinary``: all words in the text are ordinary ones."""
    kinds = len(steps.names())
    if steps.letters < bounds.shortest:
        return steps.is_spaced_out and kinds == 1 and steps.letters >= bounds.shortest_spaced_out
    if steps.leet + steps.swaps > bounds.substituted * steps.letters:
        return False
    if steps.letters < bounds.shortest + max(0, kinds - 1):
        return False
    if steps.is_spaced_out:
        return True
    if (steps.spaces or steps.points) and steps.letters < bounds.shortest_split:
        return False
    if steps.dropped and (steps.dropped > 1 or steps.letters < bounds.shortest_mistyped):
        return False
    if ordinary:
        changed = steps.leet + steps.swaps + steps.dropped + steps.repeats + steps.lookalikes
        return not changed and steps.letters >= bounds.shortest_ordinary
    return True
