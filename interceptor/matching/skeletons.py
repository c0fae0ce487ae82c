"""The skeletons of all patterns in one automaton, each leading to the patterns that have it."""

from __future__ import annotations

import json
from array import array
from collections import deque
from collections.abc import Mapping
from itertools import chain

import ahocorasick

from interceptor.matching import sections


class SkeletonIndex:
    """Where skeletons of patterns stand in the skeleton of a text."""

    def __init__(self) -> None:
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        self._shared: list[list[int]] = []

    def __repr__(self) -> str:
        return f"SkeletonIndex({len(self._automaton)} skeletons)"

    def add(self, key: str, number: int) -> None:
        """Let the skeleton ``key`` lead to the pattern with this ``number``; an empty one is left out."""
        if not key:
            return
        held = self._automaton.get(key, None)
        if held is None:
            self._automaton.add_word(key, number)
        elif held >= 0:
            self._shared.append([held, number])
            self._automaton.add_word(key, -len(self._shared))
        else:
            self._shared[-1 - held].append(number)

    def finish(self) -> None:
        """Make the automaton; nothing can be added afterwards."""
        self._automaton.make_automaton()

    def packed(self) -> dict[str, bytes]:
        """The skeletons and what they lead to, as sections of a compiled file."""
        held = sorted(self._automaton.items())
        return {
            "skeletons": sections.from_strings(key for key, _ in held),
            "skeletons.held": sections.from_array(array("q", (number for _, number in held))),
            "skeletons.shared": json.dumps(self._shared).encode(),
        }

    @classmethod
    def unpacked(cls, packed: Mapping[str, memoryview], patterns: int) -> SkeletonIndex:
        """The finished index that `packed` made sections of, for so many ``patterns``.

        Raises `ValueError` where they do not fit together.
        """
        index = cls()
        keys, held = sections.Strings(packed["skeletons"]), sections.to_array("q", packed["skeletons.held"])
        index._shared = [[*map(int, numbers)] for numbers in json.loads(bytes(packed["skeletons.shared"]))]
        known = chain((number for number in held if number >= 0), *index._shared)
        if (
            len(keys) != len(held)
            or min(held, default=0) < -len(index._shared)
            or not all(0 <= number < patterns for number in known)
        ):
            raise ValueError("skeletons do not fit the patterns")
        deque(map(index._automaton.add_word, keys, held), 0)
        index.finish()
        return index

    def hits(self, key: str) -> list[tuple[int, int]]:
        """Return where skeletons end in ``key``, each with a number for `patterns`."""
        return list(self._automaton.iter(key)) if len(self._automaton) else []

    def holds(self, key: str) -> bool:
        """Whether any skeleton stands in ``key``."""
        if len(self._automaton):
            for _ in self._automaton.iter(key):
                return True
        return False

    def patterns(self, held: int) -> list[int]:
        """The patterns that a hit stands for."""
        return [held] if held >= 0 else self._shared[-1 - held]
