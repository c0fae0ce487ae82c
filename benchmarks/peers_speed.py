"""Other ways to look for the same terms, for the table of speed. Each gets the text folded beforehand.

A contestant whose package is not installed, or that takes too long to build at that size, is left out with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import ahocorasick

Look = Callable[[str], object]
"""Looks at one folded text; what comes back is not used."""

RAW = "pyahocorasick, one raw pass"
MOST_ENTRIES = 100_000
"""Above it, peers but the raw pass take minutes to build, google-re2 gigabytes too."""


def raw(patterns: Sequence[str]) -> Look:
    """One pass of pyahocorasick with nothing around it: the measure of everything else."""
    automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
    for number, pattern in enumerate(patterns):
        automaton.add_word(pattern, number)
    automaton.make_automaton()
    iterate = automaton.iter

    def look(text: str) -> None:
        for _ in iterate(text):
            pass

    return look


def _ahocorasick_rs(module: Any, patterns: Sequence[str]) -> Look:
    automaton = module.AhoCorasick(patterns)
    find = automaton.find_matches_as_indexes
    return lambda text: find(text, overlapping=True)


def _flashtext(module: Any, patterns: Sequence[str]) -> Look:
    processor = module.KeywordProcessor(case_sensitive=True)
    for pattern in patterns:
        processor.add_keyword(pattern.strip())
    look: Look = processor.extract_keywords
    return look


def _re2(module: Any, patterns: Sequence[str]) -> Look:
    options = module.Options()
    options.literal = True
    options.max_mem = 1 << 31
    together = module.Set.SearchSet(options)
    for pattern in patterns:
        together.Add(pattern)
    together.Compile()
    look: Look = together.Match
    return look


def exact_words(patterns: Sequence[str]) -> Look:
    """What engines write by hand: is a word of the query on the list? Knows no phrases."""
    known = frozenset(pattern.strip() for pattern in patterns)

    def look(text: str) -> bool:
        for word in text.split():  # noqa: SIM110 - the loop is what engines have
            if word in known:
                return True
        return False

    return look


_PACKAGES: Mapping[str, tuple[str, Callable[[Any, Sequence[str]], Look]]] = {
    "ahocorasick-rs": ("ahocorasick_rs", _ahocorasick_rs),
    "flashtext": ("flashtext", _flashtext),
    "google-re2, Set": ("re2", _re2),
}


def all_of(patterns: Sequence[str]) -> tuple[dict[str, Look], dict[str, str]]:
    """The contestants by name, the raw pass first; and why others are missing."""
    found: dict[str, Look] = {RAW: raw(patterns), "exact words, a loop": exact_words(patterns)}
    missing: dict[str, str] = {}
    for name, (module, make) in _PACKAGES.items():
        if len(patterns) > MOST_ENTRIES:
            missing[name] = f"not built for more than {MOST_ENTRIES:,} entries"
            continue
        try:
            found[name] = make(import_module(module), patterns)
        except ImportError:
            missing[name] = "not installed; pip install '.[bench]'"
    return found, missing
