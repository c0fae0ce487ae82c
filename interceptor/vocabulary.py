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


class Refusal(StrEnum):
    """Why lists, or the configuration that names them, were refused while earlier ones serve on."""

    CONFIGURATION = "configuration"
    """The configuration is at fault."""
    BROKEN = "broken"
    """A list cannot be read."""
    SELF_CHECK = "self-check"
    """A list matches none of its own terms."""
    GATE = "gate"
    """The lists act on too many ordinary searches that the earlier ones let pass."""
    DEFECT = "defect"
    """Building or starting with it failed in a way that is no list's fault."""
    UNREACHABLE = "unreachable"
    """The repository that a list is fetched from, or the proxy to it, does not answer as it should."""
    SLOW = "slow"
    """The fetch took longer than it may."""
    TOO_LARGE = "too-large"
    """A file that was fetched is longer than it may be."""
    MISSING = "missing"
    """The repository lacks a list, its signature, or a file that its metadata names."""
    DAMAGED = "damaged"
    """A file that was fetched is damaged or was cut short."""
    WRONG_KEY = "wrong-key"
    """The repository's metadata is not signed by enough of the keys that its root names."""
    ROLLBACK = "rollback"
    """Something older is offered than what was fetched before."""
    FREEZE = "freeze"
    """The repository's timestamp has expired: nobody signed it again, or newer ones are held back."""
    EXPIRED = "expired"
    """The repository's other metadata has expired."""
    MIX_AND_MATCH = "mix-and-match"
    """Files of different states of the repository are offered together."""
    FORGED = "forged"
    """None of the configured curators has signed the list under its name."""
