"""Names of places and persons: a term that is one of them hits people who search for it.

README.md tells where they come from and under which licence they stand.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class ProperNames:
    """Names, folded as in the plain view."""

    places: frozenset[str] = field(repr=False)
    given: frozenset[str] = field(repr=False)
    surnames: frozenset[str] = field(repr=False)

    def is_name(self, text: str) -> bool:
        """Whether ``text`` (folded) is a place, a given name, or given names with a surname."""
        if text in self.places or text in self.given:
            return True
        *given, surname = text.split(" ")
        return bool(given) and surname in self.surnames and all(word in self.given for word in given)


@cache
def proper_names() -> ProperNames:
    """About 34,000 places and 34,000 names of persons."""
    data = resources.files(__package__).joinpath("names.txt.zlib").read_bytes()
    places, given, surnames = (
        frozenset(block.split("\n")) for block in zlib.decompress(data).decode().split("\n\n")
    )
    return ProperNames(places, given, surnames)
