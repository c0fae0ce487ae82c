"""`Interceptor.decide` against one raw pass of pyahocorasick over the same text, folded beforehand.

Distinct real queries in one shuffled pass, so that neither side finds its caches warm; both sides see each query
in turn, in the same loop.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import time
from collections.abc import Sequence

import ahocorasick

from benchmarks import queries, standins
from interceptor import Interceptor
from interceptor.config import Config
from interceptor.folding import plain

QUERIES = 60_000


def sample(count: int, seed: int = 7) -> list[str]:
    """``count`` distinct real queries of all languages, shuffled; made-up ones where the machine has none."""
    found = list(dict.fromkeys(line for lines in queries.load().values() for line in lines))
    if not found:
        print("No real queries here (INTERCEPTOR_QUERIES): made-up ones instead; not the published figure.")
        rng = random.Random(seed)
        words = " ".join(standins.terms(400)).split()
        found = list({" ".join(rng.choices(words, k=rng.randint(2, 9))) for _ in range(count)})
    random.Random(seed).shuffle(found)
    return found[:count]


def raw_automaton(terms: Sequence[str]) -> ahocorasick.Automaton:
    """What decide's own index holds, in an automaton with nothing around it."""
    automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
    for number, term in enumerate(terms):
        automaton.add_word(plain.pattern(term, starts_word=True, ends_word=True), number)
    automaton.make_automaton()
    return automaton


def run(entries: int = 37_000, count: int = QUERIES) -> dict[str, float]:
    """Measure; returns times in microseconds and the ratios."""
    term_list = standins.term_list(entries)
    gate = Interceptor(Config(), [term_list])
    automaton = raw_automaton([entry.terms[0] for entry in term_list.entries])
    lines = sample(count)
    folded = [plain.view(line) for line in lines]
    decide, iterate, clock = gate.decide, automaton.iter, time.perf_counter_ns
    ours, raw = [], []
    gc.collect()
    gc.disable()
    for number, (line, text) in enumerate(zip(lines, folded, strict=True)):
        # In turn, so that neither always walks the automaton's nodes into the cache for the other.
        if number % 2:
            start = clock()
            decide(line)
            middle = clock()
            for _ in iterate(text):
                pass
            end = clock()
            ours.append(middle - start)
            raw.append(end - middle)
        else:
            start = clock()
            for _ in iterate(text):
                pass
            middle = clock()
            decide(line)
            end = clock()
            raw.append(middle - start)
            ours.append(end - middle)
    gc.enable()
    median_raw = statistics.median(raw)
    p99 = statistics.quantiles(ours, n=100)[98]
    return {
        "entries": entries,
        "queries": len(lines),
        "raw median µs": median_raw / 1000,
        "decide median µs": statistics.median(ours) / 1000,
        "decide p99 µs": p99 / 1000,
        "median ratio": statistics.median(ours) / median_raw,
        "p99 ratio": p99 / median_raw,
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, nargs="+", default=[37_000])
    parser.add_argument("--queries", type=int, default=QUERIES)
    options = parser.parse_args()
    for entries in options.entries:
        for name, value in run(entries, options.queries).items():
            print(f"{name:>18}  {value:,.2f}")
        print()


if __name__ == "__main__":
    main()
