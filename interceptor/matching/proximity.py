"""Whether groups of words stand near enough to each other.

The measure is that of SQLite FTS5's ``NEAR``: the words between the end of the first hit and the start of the
last are no more than ``within``. In scripts without spaces two letters count as one word.
"""

from __future__ import annotations

from interceptor.folding.scripts import unspaced

Span = tuple[int, int]
"""Start and end (exclusive) of a hit in the folded text, padding spaces included."""


def words_between(text: str, end: int, start: int) -> int:
    """Count the words of ``text`` from ``end`` of one hit to ``start`` of a later one."""
    count = 0
    for word in text[end:start].split():
        count += (len(word) + 1) // 2 if unspaced.match(word) else 1
    return count


def constellation(text: str, slots: list[list[Span]], within: int) -> Span | None:
    """Find one hit of every slot, none lying over another, near enough; return the span of them all, or None.

    ``slots[i]`` holds the hits of group ``i`` in the order of their starts. Linear in the number of hits for a
    fixed ``within``: only hits near the first one are tried.
    """
    if not all(slots):
        return None
    events = sorted((span, slot) for slot, spans in enumerate(slots) for span in spans)
    full = (1 << len(slots)) - 1
    for index, (span, slot) in enumerate(events):
        # Hits that may belong to a constellation beginning here, each slot at most a few: words are bounded.
        near = []
        for other, other_slot in events[index + 1 :]:
            if words_between(text, span[1], other[0]) > within:
                break
            near.append((other, other_slot))
        end = _complete(near, 1 << slot, span[1], full)
        if end is not None:
            return span[0], end
    return None


def _complete(near: list[tuple[Span, int]], have: int, end: int, full: int) -> int | None:
    """Take hits from ``near`` until every slot is filled; return where the last one ends."""
    if have == full:
        return end
    for index, ((start, stop), slot) in enumerate(near):
        # Neighbours share the space between them, so an overlap of one character is none.
        if not have >> slot & 1 and start >= end - 1:
            found = _complete(near[index + 1 :], have | 1 << slot, stop, full)
            if found is not None:
                return found
    return None
