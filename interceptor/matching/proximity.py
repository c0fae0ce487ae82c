"""Whether groups of words stand near enough to each other.

The measure is that of SQLite FTS5's ``NEAR``: the words between the end of the first hit and the start of the
last are no more than ``within``. The rest of a word that a hit ends in is no word between. In scripts without
spaces two letters count as one word.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from interceptor.folding.scripts import unspaced

Span = tuple[int, int]
"""Start and end (exclusive) of a hit in the folded text, padding spaces included."""

_Event = tuple[Span, int]
"""A hit and the number of its slot."""


class Ruler:
    """Measures distances in one folded text; made for every query, laid out only when something is measured."""

    def __init__(self, text: str, quoted: Sequence[Span] = ()) -> None:
        """``quoted``: stretches of ``text``, in order, that nothing outside of them is near to."""
        self._text, self._quoted = text, quoted

    def regions(self, slots: list[list[Span]]) -> Iterator[list[list[Span]]]:
        """The hits of ``slots`` that may be near each other: those in no quoted stretch, and those of each."""
        if not self._quoted:
            yield slots
            return
        starts = [start for start, _ in self._quoted]
        parts: dict[int, list[list[Span]]] = {}
        for slot, spans in enumerate(slots):
            for span in spans:
                place = bisect_right(starts, span[0]) - 1
                region = place if place >= 0 and span[1] <= self._quoted[place][1] else -1
                parts.setdefault(region, [[] for _ in slots])[slot].append(span)
        yield from parts.values()

    @cached_property
    def _marks(self) -> list[int]:
        sizes = []
        before = " "
        for char in self._text:
            sizes.append(1 if unspaced.match(char) else 2 if before == " " != char else 0)
            before = char
        return list(accumulate(sizes, initial=0))

    def half_words(self, place: int) -> int:
        """Count the half-words that begin before ``place``: two for a word, one for a letter of an unspaced script."""
        return self._marks[place]

    def are_apart(self, end: int, start: int) -> bool:
        """Whether a hit that begins at ``start`` does not lie over one that stops at ``end``."""
        # Neighbours share the space between them.
        return start >= end or (start == end - 1 and self._text[start] == " ")


def constellation(ruler: Ruler, slots: list[list[Span]], within: int) -> Span | None:
    """Find one hit of every slot, none lying over another, near enough; return the span of them all, or None.

    ``slots[i]`` holds the hits of group ``i``. Hits whose ends are equally far into the text, in words, reach
    equally far, so all of them are tried as the first hit at once: a word of a thousand letters with a hit at each
    is gone through once. The work is linear in the number of hits.
    """
    if not all(slots):
        return None
    events = sorted((span, slot) for slot, spans in enumerate(slots) for span in spans)
    begins = [ruler.half_words(start) for (start, _), _ in events]
    by_slot: list[list[int]] = [[] for _ in slots]
    firsts: dict[int, int] = {}
    for place, ((_, end), slot) in enumerate(events):
        by_slot[slot].append(place)
        firsts.setdefault(ruler.half_words(end), place)
    for level, first in firsts.items():
        last = bisect_right(begins, level + 2 * within)
        if all(_stands_between(places, first, last) for places in by_slot):
            found = _complete(ruler, events[first:last], level, (1 << len(slots)) - 1)
            if found is not None:
                return found
    return None


def _stands_between(places: list[int], first: int, last: int) -> bool:
    """Whether one of ``places``, which are in order, is from ``first`` up to ``last``."""
    nearest = bisect_left(places, first)
    return nearest < len(places) and places[nearest] < last


def _complete(ruler: Ruler, events: list[_Event], level: int, full: int) -> Span | None:
    """Choose hits of ``events`` for the slots ``full`` and return their span; the first has to end at ``level``.

    Goes through the hits once; for every set of slots (bits of a number) that can be filled so far it knows the
    earliest place where such a choice stops, and where it starts.
    """
    stops: dict[int, Span] = {}
    for (start, stop), slot in events:
        for filled, (before, begin) in list(stops.items()):
            if not filled >> slot & 1 and ruler.are_apart(before, start):
                now = filled | 1 << slot
                stops[now] = min((stop, begin), stops.get(now, (stop, begin)))
        if ruler.half_words(stop) == level:
            stops[1 << slot] = min((stop, start), stops.get(1 << slot, (stop, start)))
        if full in stops:
            stop, begin = stops[full]
            return begin, stop
    return None
