"""How much has to speak for a match that was found only by undoing rewritings.

The rule, in the names of the configuration (``matching:``), for a term of *n* letters:

1. Terms of fewer letters than ``shortest`` are matched as they stand, with one exception: letters that all stand
   apart (``l a m p``) are read together from ``shortest_spaced_out`` letters on, if nothing else was done to them.
   Terms without a letter are never loosened.
2. Signs that stand for letters, and swapped letters (i and l, u and v), may make up no more than ``substituted``
   of the letters. Letters of other scripts that look alike may make up all of them.
3. Each further kind of step asks for one letter more: two kinds need ``shortest`` + 1, three + 2.
4. A word that is split by spaces or punctuation (not spaced out) needs ``shortest_split`` letters.
5. A typing error needs ``shortest_mistyped`` letters. In a term of one word nothing beside it speaks for it: that
   needs ``shortest_mistyped_word`` letters, the first one must be right (errors there are the rarer ones: K. Kukich,
   ACM Computing Surveys 24, 1992), and what stands there must be no rare word or name either. A doubled letter written
   once is a typing error; in a term of one word, so are swapped letters with nothing else that shows a rewriting.
6. Where every word that stands in the text is an ordinary word of some language, nothing shows that it was
   rewritten: that needs ``shortest_ordinary`` letters, and steps that change letters do not count at all. For a
   term of one word, rare words and names count as ordinary ones, and so do short words where there is one gap only
   (``el dorado``, ``victoria's``).
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from interceptor.config import Matching
from interceptor.matching.alignment import Steps

_SHORTEST_WORD = 3
"""Letters from which a word of a query can be told to be an ordinary one; shorter ones are anything."""


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
    is_bare = steps.words == 1 and not (steps.lookalikes or steps.leet)
    mistyped = steps.dropped + (steps.swaps if is_bare else 0)
    if steps.dropped > 1 or (mistyped and steps.letters < shortest_mistyped(steps.words, bounds)):
        return False
    if ordinary:
        changed = steps.leet + steps.swaps + steps.dropped + steps.repeats + steps.lookalikes
        return not changed and steps.letters >= bounds.shortest_ordinary
    return True


def are_ordinary(
    stands: Sequence[str], steps: Steps, *, ordinary: Container[str], rare: Container[str]
) -> bool:
    """Whether all words that stand in the text, ``stands``, are ordinary ones, so that nothing shows a rewriting."""
    if sum(map(len, stands)) < steps.letters - steps.dropped:
        return False  # some of the letters are signs, which no word holds
    if all(len(word) >= _SHORTEST_WORD and word in ordinary for word in stands):
        return True
    if steps.words > 1:
        return False
    if len(stands) == 1:
        return stands[0] in rare
    return len(stands) == 2 and stands[0] in ordinary and (stands[1] in ordinary or stands[1] == "s")


def shortest_mistyped(words: int, bounds: Matching) -> int:
    """Letters that a term of so many ``words`` needs for a typing error in it."""
    return bounds.shortest_mistyped_word if words == 1 else bounds.shortest_mistyped


def is_mistyped(written: str, term: str, *, bounds: Matching, rare: Container[str]) -> bool:
    """Whether ``written``, which makes ``term`` stand there with one letter put right, is a typing error in it."""
    words = term.split()
    if sum(map(len, words)) < shortest_mistyped(len(words), bounds):
        return False
    return len(words) > 1 or (written[0] == words[0][0] and written not in rare)
