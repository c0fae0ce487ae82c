"""Tells from its letters alone that nothing can match in a query, or in parts of it: those of scripts not the lists'.

A pattern, however it is rewritten, leaves a few of its letters in a row. Where a query has no such row, of letters
that are the lists' own or that some fold makes one of theirs, it need not be folded at all. For lists in Latin letters,
nearly every query in Arabic letters is one. Where it has one, a name among Arabic words, the others need not be folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from interceptor.folding.scripts import unspaced

OWN_LETTERS = {
    "Hebrew": "\u05d0-\u05d4\u05d6-\u05d7\u05d9-\u05de\u05e0\u05e2-\u05e3\u05e5-\u05ea\u05ef-\u05f0\u05f2",
    "Arabic": (
        "\u0620-\u0621\u0624\u0626\u0628\u062a-\u063f\u0641-\u0646\u0648-\u064a\u066e-\u066f\u0676-\u06bd\u06bf"
        "\u06c4-\u06d3\u06e5-\u06e6\u06ee-\u06ef\u06fa-\u06fc"
    ),
    "Devanagari": "\u0900-\u093b\u093d-\u0963\u0971-\u097f",
    "Bengali": (
        "\u0980-\u0983\u0985-\u098c\u098f-\u0990\u0993-\u09a8\u09aa-\u09b0\u09b2\u09b6-\u09b9\u09bd-\u09c4"
        "\u09c7-\u09c8\u09cb-\u09ce\u09d7\u09dc-\u09dd\u09df-\u09e3\u09f0-\u09f1\u09fc\u09fe"
    ),
    "Tamil": (
        "\u0b82-\u0b83\u0b85-\u0b8a\u0b8e-\u0b90\u0b92-\u0b95\u0b99-\u0b9a\u0b9c\u0b9e-\u0b9f\u0ba3-\u0ba4"
        "\u0ba8-\u0baa\u0bae-\u0bb9\u0bbe-\u0bc2\u0bc6-\u0bc8\u0bca-\u0bcd\u0bd0\u0bd7"
    ),
    "Telugu": (
        "\u0c03-\u0c0c\u0c0e-\u0c10\u0c12-\u0c28\u0c2a-\u0c39\u0c3d-\u0c44\u0c46-\u0c48\u0c4a-\u0c4d"
        "\u0c55-\u0c56\u0c58-\u0c5a\u0c60-\u0c63"
    ),
    "Thai": "\u0e01-\u0e3a\u0e40-\u0e4e",
    "Hangul": "\u1100-\u1104\u1106-\u115e\u1161-\u11ff\uac00-\ud7a3",
    "Kana": "\u3041-\u3096\u3099-\u309a\u309d-\u309f\u30a1-\u30d4\u30d6-\u30fa\u30fc-\u30ff",
    "Han": (
        "\u3400-\u4dbf\u4e00-\u4e01\u4e03-\u4e27\u4e29-\u4e41\u4e44-\u4e46\u4e48-\u4e58\u4e5a-\u51df\u51e1-\u5319"
        "\u531b-\u5341\u5345-\u5368\u536a-\u5c39\u5c3b-\u5c70\u5c72-\u5e7d\u5e7f-\u7229\u722b-\u97c5\u97c7-\u9ffc"
    ),
}
"""By script, the letters that no fold and no likeness makes one of another script, as the inside of a character class.

Other scripts share too many shapes with Latin for it to be worth asking. The tests hold this against every fold.
"""

SINGLE = (
    "\u0020-\u007e\u00a0-\u00bb\u00bf-\u00c5\u00c7-\u00de\u00e0-\u00e5\u00e7-\u00ff\u0590-\u06ff\u0900-\u09ff"
    "\u0b80-\u0bff\u0c00-\u0c7f\u0e00-\u0e32\u0e34-\u0e7f\u1100-\u11ff\u200b-\u2024\u2027\u3000-\u301f"
    "\u3040-\u309e\u30a0-\u30f6\u30fb-\u30fe\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e"
)
"""Characters that often stand among these, and give one letter at most."""

_NEVER = r"(?!)"
_BETWEEN = r"\s!-/:-@\u060c\u061f\u0964\u3001\u3002\uff01\uff1f"
"""White space, and signs that often stand beside words, none of which is a part of one."""

_SHORT = 4
"""A row of so many characters is looked for at most. What an operator leaves out of a query stands between spaces: no
two parts of one that have no such row by themselves make one together."""


class Letters:
    """Tells letters in which something can match from others, for the patterns of one set of lists. Immutable."""

    def __init__(self, pieces: Iterable[str]) -> None:
        """``pieces``: of everything that can match, one at least stands whole in a query or in a reading of it."""
        pieces = [piece.replace(" ", "") for piece in pieces]
        ours = "".join(pieces)
        # Letters of one script compose, so one of them brings in all.
        others = [letters for letters in OWN_LETTERS.values() if not re.search(f"[{letters}]", ours)]
        row = f"[^{''.join(others)}]{{{min((_SHORT, *map(len, pieces)))}}}" if pieces else _NEVER
        # A character of which a fold may make several letters is as good as a row.
        self.have_row = re.compile(f"{row}|[^{SINGLE}]" if pieces else _NEVER).search
        """Searches a query for a row of letters in which anything can match, whatever operators leave of it."""
        self._others = re.compile("|".join(_runs(others)) or _NEVER)

    def __repr__(self) -> str:
        return "Letters()"

    def alone(self, query: str) -> str:
        """``query`` with a space for every run of letters, or of whole words, in which nothing can match.

        What can match in the query, in any reading, can in that: no term holds such a letter, and none is read as
        anything that a term holds. A word that holds others too is left whole, for one of them may be a typing error.
        """
        return self._others.sub(" ", query)


def _runs(others: Iterable[str]) -> Iterator[str]:
    """Patterns of what `Letters.alone` takes out, of the scripts whose letters ``others`` are."""
    others = list(others)
    apart = "".join(letters for letters in others if unspaced.match(letters))
    words = "".join(letters for letters in others if not unspaced.match(letters))
    if apart:
        yield rf"[{apart}](?:[{apart}\s]*[{apart}])?"
    if words:
        yield rf"(?<![^{_BETWEEN}])[{words}](?:[{words}\s]*[{words}])?(?![^{_BETWEEN}])"
