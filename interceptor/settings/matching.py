"""How far a rewriting of a term may be from it."""

from __future__ import annotations

from dataclasses import dataclass

from interceptor.binding import setting
from interceptor.settings.checks import positive, share


@dataclass(frozen=True, slots=True)
class Matching:
    """How far a rewriting of a term may be from it; docs/matching.md states the rule in these names."""

    loosened: bool = setting(True, doc="look for rewritten terms at all")
    typing_errors: bool = setting(True, doc="look for one wrong letter")
    turned: bool = setting(True, doc="look for text that is backwards or upside down")
    operators: bool = setting(True, doc="read excluded words, site: and quotes as search engines do")
    shortest: int = setting(5, check=positive, doc="letters of the shortest term that is loosened")
    shortest_spaced_out: int = setting(4, check=positive, doc="the same where all letters stand apart")
    shortest_split: int = setting(7, check=positive, doc="the same where a word is split")
    shortest_turned: int = setting(6, check=positive, doc="the same where text is turned round")
    shortest_mistyped: int = setting(9, check=positive, doc="the same where one letter is wrong")
    shortest_mistyped_word: int = setting(10, check=positive, doc="the same in a term of one word")
    shortest_ordinary: int = setting(11, check=positive, doc="the same where ordinary words stand there")
    substituted: float = setting(0.8, check=share, doc="share of letters that signs may stand for")
