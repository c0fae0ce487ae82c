"""How many rewritten stand-ins are found, by class of rewriting and by language."""

from __future__ import annotations

import itertools
import random
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks import (
    languages,
    peers,
    rewriting_characters,
    rewriting_scripts,
    rewriting_words,
)
from benchmarks.intervals import Rate
from benchmarks.rewriting import Layer, Rewriter, RewritingClass
from interceptor import Action, Interceptor
from interceptor.config import Config

CLASSES = (*rewriting_characters.CLASSES, *rewriting_words.CLASSES, *rewriting_scripts.CLASSES)

_TRIES = 8
"""Terms that are tried for every one that a rewriter can do something with."""


@dataclass(frozen=True, slots=True)
class Case:
    """A query that holds a rewritten stand-in."""

    language: str
    by: str
    """Whose rewriters made it."""
    term: str
    query: str


@dataclass(slots=True)
class Result:
    """What became of the cases of one class at one size of list."""

    cases: int = 0
    acted: int = 0
    replaced: int = 0
    peers: Counter[str] = field(default_factory=Counter)
    missed: list[Case] = field(default_factory=list)

    def add(self, other: Result) -> None:
        """Take in the figures of ``other``."""
        self.cases += other.cases
        self.acted += other.acted
        self.replaced += other.replaced
        self.peers.update(other.peers)

    @property
    def found(self) -> Rate:
        return Rate(self.acted, self.cases)


def pairs() -> list[tuple[RewritingClass, RewritingClass]]:
    """Every two classes that people stack, in the order in which they are applied."""
    stacked = [item for item in CLASSES if item.layer is not None]
    return [
        (first, second)
        for first, second in itertools.product(stacked, repeat=2)
        if first.layer is not None
        and second.layer is not None
        and first.layer < second.layer
        # Turned letters exist for plain ones alone.
        and not (second.name == "upside-down" and first.layer is not Layer.WORDS)
        # Brackets and slashes would be drawn the other way round.
        and not (first.name == "leet, several strokes" and second.layer is Layer.WHOLE)
    ]


def cases(steps: Sequence[RewritingClass], count: int, size: int) -> Iterator[Case]:
    """Up to ``count`` cases, half of the terms inside a longer query, always the same for the same arguments."""
    name = " + ".join(step.name for step in steps)
    rng = random.Random(zlib.crc32(f"{name} {size}".encode()))
    spoken = [code for code in steps[0].languages if all(code in step.languages for step in steps)]
    ways = list(itertools.product(*(step.rewriters for step in steps)))
    plans = list(itertools.product(spoken, ways))
    rng.shuffle(plans)
    for number, (code, way) in zip(range(count), itertools.cycle(plans), strict=False):
        case = _case(steps, way, code, size, rng, carried=number % 2 == 1)
        if case is not None:
            yield case


def _case(
    steps: Sequence[RewritingClass],
    way: Sequence[Rewriter],
    code: str,
    size: int,
    rng: random.Random,
    *,
    carried: bool,
) -> Case | None:
    language = languages.languages()[code]
    terms = languages.stand_ins(size)[code]
    fewest = max(step.letters for step in steps)
    for _ in range(_TRIES):
        term = rng.choice(terms)
        if len(term.replace(" ", "")) < fewest or (" " not in term and any(step.spaces for step in steps)):
            continue
        text = term
        carry_first = carried and steps[-1].takes_carrier and rng.random() < 0.5
        for step, rewriter in zip(steps, way, strict=True):
            if step is steps[-1] and carry_first:
                text = language.carry(text, rng)
            rewritten = rewriter.rewrite(text, rng)
            if rewritten == text and steps[0].name != "plain":
                break
            text = rewritten
        else:
            query = language.carry(text, rng) if carried and not carry_first else text
            return Case(code, " + ".join(rewriter.by for rewriter in way), term, query)
    return None


class Measure:
    """One list, the interceptor that has it loaded, and its peers."""

    def __init__(self, size: int) -> None:
        self.size = size
        term_list = languages.term_list(size)
        self.gate = Interceptor(Config(), [term_list])
        self._peers = peers.all_of([entry.terms[0] for entry in term_list.entries])
        self.by_language: dict[str, Result] = {}

    def run(self, found: Iterable[Case]) -> Result:
        """Decide on every case."""
        result = Result()
        for case in found:
            action = self.gate.decide(case.query).action
            one = Result(
                cases=1,
                acted=action is not Action.PASS,
                replaced=action is Action.REPLACE,
                peers=Counter(name for name, peer in self._peers.items() if peer(case.query)),
            )
            result.add(one)
            self.by_language.setdefault(case.language, Result()).add(one)
            if action is Action.PASS:
                result.missed.append(case)
        return result


def run_pairs(measure: Measure, count: int) -> dict[tuple[str, str], Result]:
    """Results of every two classes stacked, by their names."""
    print("recall: two stacked", file=sys.stderr)
    return {
        (first.name, second.name): measure.run(cases([first, second], count, measure.size))
        for first, second in pairs()
    }
