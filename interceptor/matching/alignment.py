"""Whether a stretch of text is a rewriting of a term, and by which steps.

A shared skeleton says that the letters may be the same. Here each letter of the term is held against what stands in
the text: the letter itself, one that looks like it, a sign that leet puts for it; and each gap against the gaps of
the term. The result is a count of steps, which `interceptor.matching.evidence` weighs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from interceptor.folding import plain
from interceptor.folding.leet import LEET
from interceptor.folding.skeleton import Unit, key, latin

_SWAPS = ({"i", "l"}, {"u", "v"})
"""Letters that are written for each other."""


@dataclass(frozen=True, slots=True)
class Steps:
    """How often each kind of rewriting is needed to get from a term to what stands in the text."""

    letters: int
    """Letters and digits of the term."""
    lookalikes: int = 0
    leet: int = 0
    swaps: int = 0
    """i for l or u for v, or the other way round."""
    repeats: int = 0
    dropped: int = 0
    """Doubled letters of the term that stand once in the text."""
    pairs: int = 0
    """Pairs of neighbouring letters inside the term's words: the places where a gap may have been put."""
    spaces: int = 0
    """Gaps with white space inside a word of the term."""
    points: int = 0
    """Gaps with other separators inside a word of the term."""
    merged: int = 0
    """Spaces of the term that are missing in the text."""

    @property
    def words(self) -> int:
        """Words of the term."""
        return self.letters - self.pairs

    @property
    def is_spaced_out(self) -> bool:
        """Whether every letter stands apart from its neighbours."""
        return self.pairs > 1 and self.spaces + self.points == self.pairs

    def names(self) -> tuple[str, ...]:
        """The kinds of steps that were needed, in words."""
        named = (
            (self.lookalikes, "look-alike letters"),
            (self.leet, "signs for letters"),
            (self.swaps, "i and l, u and v swapped"),
            (self.repeats, "repeated letters"),
            (self.dropped, "a doubled letter once"),
            (self.spaces + self.points if self.is_spaced_out else 0, "letters spaced out"),
            (0 if self.is_spaced_out else self.spaces, "a word split"),
            (0 if self.is_spaced_out else self.points, "punctuation inside a word"),
            (self.merged, "words merged"),
        )
        return tuple(name for count, name in named if count)


Group = list[tuple[str, bool]]
"""Letters of a term that are one character of its skeleton, each with whether it begins a word."""


def align(groups: Sequence[Group], text: str, runs: Sequence[list[Unit]]) -> Steps | None:
    """Hold a term's ``groups`` against ``runs``, as many units of ``text`` with the same skeleton.

    Returns None where a letter of the one is none of the other's.
    """
    letters = sum(map(len, groups))
    counts = {"lookalikes": 0, "leet": 0, "swaps": 0, "repeats": 0, "dropped": 0}
    placed: list[tuple[int, bool, Unit]] = []
    position = 0
    for group, units in zip(groups, runs, strict=True):
        reached = -1
        for index, unit in enumerate(units):
            step = _next(group, units, reached, index)
            if step is None:
                return None
            advanced, kind = step
            reached += advanced
            if kind:
                counts[kind] += 1
            # A repeat stands at the place of the letter that it repeats.
            placed.append((position + reached, advanced and group[reached][1], unit))
        counts["dropped"] += len(group) - 1 - reached
        position += len(group)
    spaces, points, merged = _gaps(text, placed)
    pairs = letters - sum(begins_word for group in groups for _, begins_word in group)
    return Steps(letters, **counts, pairs=pairs, spaces=spaces, points=points, merged=merged)


def groups_of(term: str) -> list[Group]:
    """The letters of ``term`` (folded), in groups that are one character each of its skeleton."""
    letters: list[tuple[str, bool]] = []
    begins = True
    for char in term:
        if char == " ":
            begins = True
        elif key(char):
            letters.append((char, begins))
            begins = False
    return [list(group) for _, group in groupby(letters, lambda pair: key(pair[0]))]


def _next(group: Group, units: Sequence[Unit], reached: int, index: int) -> tuple[bool, str] | None:
    """Tell whether ``units[index]`` is the group's letter after ``reached`` or a repeat of that one, and the step.

    None where it is neither. With more units than letters some are repeats; an i is no repeat of an l.
    """
    follows = group[reached + 1][0] if reached + 1 < len(group) else None
    ahead = None if follows is None else _compare(units[index], follows)
    if ahead == "" or len(units) <= len(group):
        return None if ahead is None else (True, ahead)
    if reached >= 0:
        before, again = (_compare(unit, group[reached][0]) for unit in (units[index - 1], units[index]))
        same = units[index].letter == units[index - 1].letter or "swaps" not in (before, again)
        if again is not None and same and (again == "" or ahead is None):
            return False, "repeats"  # counted as one, whatever it is written with
    return None if ahead is None else (True, ahead)


def _compare(unit: Unit, wanted: str) -> str | None:
    """The step from ``wanted`` to what stands there; the empty string for none, None where there is no such step."""
    if unit.written == wanted:
        return ""
    seen, meant = latin(unit.letter), latin(wanted)
    if seen == meant:
        return "lookalikes"
    if meant in LEET.get(unit.letter, ""):
        return "leet"
    if {seen, meant} not in _SWAPS:
        return None
    # Another script's stroke may be drawn for either; readers of Latin letters see no difference.
    return "swaps" if unit.written.isascii() else "lookalikes"


def _gaps(text: str, placed: Sequence[tuple[int, bool, Unit]]) -> tuple[int, int, int]:
    """Count gaps inside words with white space and with other separators, and missing gaps between words."""
    spaces = points = merged = 0
    for (before, _, left), (after, begins_word, right) in pairwise(placed):
        between = "".join(map(plain.fold_char, text[left.place + 1 : right.place]))
        if begins_word and after != before:
            merged += not between
        elif between and after != before:
            if between.isspace() and " " in between:
                spaces += 1
            else:
                points += 1
    return spaces, points, merged
