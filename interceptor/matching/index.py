"""Patterns in one Aho-Corasick automaton, each leading to the entries and slots that use it.

`Automaton.iter` is used, never ``iter_long``, which drops matches. An index is built once and never changed;
a reload builds another and swaps.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

import ahocorasick

from interceptor.matching import sections

Hit = tuple[int, int]
"""Where in a text a pattern ends (the place of its last character), and the pattern's number."""

Use = tuple[int, int]
"""The number of an entry and the slot of it that the pattern fills."""


class PatternIndex:
    """Where patterns stand in a text."""

    def __init__(self) -> None:
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        self._exact: dict[str, int] = {}
        self._lengths = array("I")
        self._texts = bytearray()
        """The patterns one behind the other, in UTF-8: a string object each would cost three times as much."""
        self._ends = array("Q")
        self._uses = array("q")
        """By pattern: an entry's number where one entry uses it as slot 0, else -1 - the place in `_shared`."""
        self._shared: list[list[Use]] = []
        self._only_exact = False
        """Whether the automaton is empty: an empty one cannot be asked."""

    def __len__(self) -> int:
        return len(self._lengths)

    def __repr__(self) -> str:
        return f"PatternIndex({len(self)} patterns)"

    def add(self, pattern: str, use: Use, *, exact: bool = False) -> None:
        """Let ``pattern`` (folded, padded, not empty) stand for ``use``; ``exact``: only as the whole text."""
        number = self._exact.get(pattern, -1) if exact else self._automaton.get(pattern, -1)
        if number >= 0:
            self._share(number, use)
            return
        number = len(self._lengths)
        self._lengths.append(len(pattern))
        self._texts += pattern.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._texts))
        self._uses.append(use[0] if use[1] == 0 else self._new_shared([use]))
        if exact:
            self._exact[pattern] = number
        else:
            self._automaton.add_word(pattern, number)

    def has(self, pattern: str) -> bool:
        """Whether ``pattern`` was added already."""
        return bool(self._automaton.get(pattern, -1) >= 0)

    def _new_shared(self, uses: list[Use]) -> int:
        self._shared.append(uses)
        return -len(self._shared)

    def _share(self, number: int, use: Use) -> None:
        held = self._uses[number]
        if held >= 0:
            if use == (held, 0):
                return
            self._uses[number] = self._new_shared([(held, 0), use])
        elif use not in self._shared[-1 - held]:
            self._shared[-1 - held].append(use)

    def finish(self) -> None:
        """Make the automaton; nothing can be added afterwards."""
        self._automaton.make_automaton()
        self._only_exact = len(self._exact) == len(self._lengths)

    def packed(self) -> dict[str, bytes]:
        """The patterns and their uses as sections of a compiled file.

        The automaton is no part of it: to make it from folded patterns takes a third of the time that pyahocorasick's
        own ``load`` takes, a tenth of the bytes, and no trust in a file that holds the insides of a C library.
        """
        return {
            "patterns": sections.from_strings(map(self.pattern, range(len(self)))),
            "patterns.exact": sections.from_array(array("I", self._exact.values())),
            "patterns.uses": sections.from_array(self._uses),
            "patterns.shared": json.dumps(self._shared).encode(),
        }

    @classmethod
    def unpacked(cls, packed: Mapping[str, memoryview]) -> PatternIndex:
        """The finished index that `packed` made sections of. Raises `ValueError` where they do not fit together."""
        index = cls()
        patterns = sections.Strings(packed["patterns"])
        exact = set(sections.to_array("I", packed["patterns.exact"]))
        index._uses = sections.to_array("q", packed["patterns.uses"])
        index._shared = [
            [(entry, slot) for entry, slot in uses] for uses in json.loads(bytes(packed["patterns.shared"]))
        ]
        index._texts, index._ends = bytearray(patterns.texts), patterns.ends
        if len(index._uses) != len(patterns) or min(index._uses, default=0) < -len(index._shared):
            raise ValueError("the uses of patterns do not fit")
        texts = list(patterns)
        index._lengths = array("I", map(len, texts))
        index._exact = {texts[number]: number for number in sorted(exact)}
        within = (
            (number for number in range(len(texts)) if number not in exact) if exact else range(len(texts))
        )
        add = index._automaton.add_word
        for number in within:
            add(texts[number], number)
        index.finish()
        return index

    @property
    def whole(self) -> Collection[str]:
        """The patterns that are found only as the whole text."""
        return self._exact.keys()

    def all_uses(self) -> Iterator[Use]:
        """Every entry and slot that any pattern is used for."""
        yield from ((held, 0) for held in self._uses if held >= 0)
        for uses in self._shared:
            yield from uses

    def pattern(self, number: int) -> str:
        """The pattern with this number, folded and padded as it was added."""
        start = self._ends[number - 1] if number else 0
        return self._texts[start : self._ends[number]].decode("utf-8", "surrogatepass")

    def length(self, number: int) -> int:
        """Characters of a pattern, padding included."""
        return self._lengths[number]

    def letters(self, number: int) -> int:
        """Characters of a pattern, spaces left out."""
        return len(self.pattern(number).replace(" ", ""))

    def patterns(self) -> Iterator[tuple[int, str]]:
        """Every pattern that may stand within a text, with its number."""
        exact = set(self._exact.values())
        return ((number, self.pattern(number)) for number in range(len(self)) if number not in exact)

    def finder(self) -> Callable[[str], Iterable[Hit]]:
        """What `hits` finds without the patterns that are found only as the whole text, and nothing but that."""
        if not self._lengths or self._only_exact:
            return lambda text: ()
        found: Callable[[str], Iterable[Hit]] = self._automaton.iter
        return found

    def hits(self, text: str) -> list[Hit]:
        """Return where patterns end in ``text``, with the number of each: the fast half, for `uses` to read.

        A query without a hit is the usual case, and costs one call into C.
        """
        found = list(self._automaton.iter(text)) if self._lengths and not self._only_exact else []
        if self._exact and (number := self._exact.get(text, -1)) >= 0:
            found.append((len(text) - 1, number))
        return found

    def uses(self, hits: list[Hit]) -> Iterator[tuple[int, int, int, int]]:
        """Yield entry, slot, start and end (exclusive) for every use of the patterns of ``hits``."""
        for last, number in hits:
            start, end = last + 1 - self._lengths[number], last + 1
            held = self._uses[number]
            if held >= 0:
                yield held, 0, start, end
            else:
                for entry, slot in self._shared[-1 - held]:
                    yield entry, slot, start, end
