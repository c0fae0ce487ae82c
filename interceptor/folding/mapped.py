"""Folded text that still knows where each of its characters came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mapped:
    """``text[i]`` came from the source's characters ``starts[i]`` up to, not including, ``ends[i]``.

    A character that a fold put in (a space between two scripts) has an empty origin.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, source: str) -> Mapped:
        """``source`` itself, each character at its own place."""
        return cls(source, tuple(range(len(source))), tuple(range(1, len(source) + 1)))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded characters ``start`` to ``end`` (exclusive) stand in the source.

        Characters without an origin at either side (padding) are left out; ``(0, 0)`` where nothing is left.
        """
        kept = [i for i in range(start, end) if self.starts[i] < self.ends[i]]
        return (min(self.starts[i] for i in kept), max(self.ends[i] for i in kept)) if kept else (0, 0)

    def replace_each(self, fold: Callable[[str], str]) -> Mapped:
        """Put ``fold(character)`` for every character, each new one with the old one's origin."""
        return self.rebuilt((fold(char), index, index + 1) for index, char in enumerate(self.text))

    def rebuilt(self, pieces: Iterable[tuple[str, int, int]]) -> Mapped:
        """Put ``(text, start, end)`` pieces together; start and end are places in this text."""
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for piece, start, end in pieces:
            if start < end:
                first, last = self.starts[start], self.ends[end - 1]
            else:
                first = last = self.ends[start - 1] if start else 0
            text.append(piece)
            starts.extend([first] * len(piece))
            ends.extend([last] * len(piece))
        return Mapped("".join(text), tuple(starts), tuple(ends))
