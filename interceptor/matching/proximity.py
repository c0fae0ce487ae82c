"""Whether groups of words stand near enough to each other.

The measure is that of SQLite FTS5's ``NEAR``: the words between the end of the first hit and the start of the
last are no more than ``within``. The rest of a word that a hit ends in is no word between. In scripts without
spaces two letters count as one word.
"""

from __future__ import annotations

from functools import cached_property
from itertools import accumulate

from interceptor.folding.scripts import unspaced

Span = tuple[int, int]
"""Start and end (exclusive) of a hit in the folded text, padding spaces included."""

_Event = tuple[Span, int]
"""A hit and the number of its slot."""


class Ruler:
    """Measures distances in one folded text; made for every query, laid out only when something is measured."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _marks(self) -> list[int]:
        """Half-words that begin before each place: two for a word, one for a letter of an unspaced script."""
        sizes = []
        before = " "
        for char in self._text:
            sizes.append(1 if unspaced.match(char) else 2 if before == " " != char else 0)
            before = char
        return list(accumulate(sizes, initial=0))

    def words_between(self, end: int, start: int) -> int:
        """Count the words from ``end`` of one hit to ``start`` of a later one."""
        return max(0, (self._marks[start] - self._marks[end] + 1) // 2)

    def are_apart(self, end: int, start: int) -> bool:
        """Whether a hit that begins at ``start`` does not lie over one that stops at ``end``."""
        # Neighbours share the space between them.
        return start >= end or (start == end - 1 and self._text[start] == " ")


def constellation(ruler: Ruler, slots: list[list[Span]], within: int) -> Span | None:
    """Find one hit of every slot, none lying over another, near enough; return the span of them all, or None.

    ``slots[i]`` holds the hits of group ``i``. A window slides over all hits; it is looked into only where it holds
    a hit of every slot. So the work is linear in the number of hits, but for hits that lie over each other.
    """
    if not all(slots):
        return None
    events = sorted((span, slot) for slot, spans in enumerate(slots) for span in spans)
    inside = [0] * len(slots)
    last = 0
    for first, ((start, end), slot) in enumerate(events):
        while last < len(events) and (
            last <= first or ruler.words_between(end, events[last][0][0]) <= within
        ):
            inside[events[last][1]] += 1
            last += 1
        if all(inside):
            stop = _complete(ruler, events[first:last], within, (1 << len(slots)) - 1)
            if stop is not None:
                return start, stop
        inside[slot] -= 1
    return None


def _complete(ruler: Ruler, events: list[_Event], within: int, full: int) -> int | None:
    """Choose hits of ``events``, the first of them among these, for the slots ``full``; return where they stop.

    Goes through the hits once; for every set of slots (bits of a number) that can be filled so far it knows the
    earliest place where such a choice stops.
    """
    (_, end), slot = events[0]
    stops = {1 << slot: end}
    for (start, stop), slot in events[1:]:
        if ruler.words_between(end, start) > within:
            break
        for filled, before in list(stops.items()):
            if not filled >> slot & 1 and ruler.are_apart(before, start):
                now = filled | 1 << slot
                stops[now] = min(stop, stops.get(now, stop))
        if full in stops:
            return stops[full]
    return stops.get(full)
