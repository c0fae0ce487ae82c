"""The words that every part uses for what a search may be and what is done about it."""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    """How a search that matched is read."""

    SEEKING = "seeking"
    HELP_SEEKING = "help-seeking"
    AMBIGUOUS = "ambiguous"
    INFORMATIONAL = "informational"


class Action(StrEnum):
    """What is done with a search."""

    PASS = "pass"  # noqa: S105  (a verb, not a password)
    ANNOTATE = "annotate"
    REPLACE = "replace"


class Review(StrEnum):
    """Who has checked a wording, from nobody to the help programme."""

    NONE = "none"
    NATIVE = "native"
    PROGRAMME = "programme"

    def covers(self, needed: Review) -> bool:
        """Whether a wording with this review may stand where ``needed`` is asked for."""
        order = list(Review)
        return order.index(self) >= order.index(needed)
