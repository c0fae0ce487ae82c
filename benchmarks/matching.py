"""`Interceptor.decide` against one raw pass of pyahocorasick over the same text, folded beforehand, and against peers.

    python -m benchmarks.matching                                   37,000 and 1,000,000 entries, some minutes
    python -m benchmarks.matching --entries 37000                   the first of them
    python -m benchmarks.matching --markdown --chart docs/images/matching.svg

Distinct real queries in one shuffled order, so that nobody finds their caches warm. Every contestant sees each query,
one after the other, and who goes first changes from query to query. `decide` gets the query as typed, with every fold
armed, and does all its folding within the time taken; the others get the ready-folded text. Where a part of matching
is compiled, `decide` is there a second time without it.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from benchmarks import chart, peers_speed, queries, standins
from interceptor import Interceptor
from interceptor.config import Config
from interceptor.folding import plain
from interceptor.matching import compiled, prefilter

QUERIES = 60_000
PASSES = 3
"""The least of so many times counts, of every contestant for every query alike: on a shared machine, a moment that
another process takes is not theirs. Between two looks at one query lie all others, so caches stay as cold."""
WARM_UP = 2_000
"""Queries before those that are timed: a service has met the characters of its languages before."""
OURS = "Interceptor.decide, every fold"
NOT_COMPILED = "the same, nothing compiled"
GOAL_MEDIAN, GOAL_P99, GOAL_GROWTH, GOAL_BYTES = 5, 25, 1.5, 900


@dataclass(frozen=True, slots=True)
class Timed:
    """How long one contestant took for a query, in microseconds."""

    median: float
    p99: float


@dataclass(frozen=True, slots=True)
class Result:
    """One pass over all queries with all contestants."""

    entries: int
    queries: int
    times: dict[str, Timed]
    missing: dict[str, str]
    bytes_an_entry: float

    @property
    def unit(self) -> float:
        """The median of the raw pass, which everything is measured in."""
        return self.times[peers_speed.RAW].median


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


def run(entries: int, count: int = QUERIES) -> Result:
    """Measure with ``entries`` stand-ins and ``count`` queries."""
    terms = standins.terms(entries)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stand-ins.compiled"
        compiled.write(path, compiled.compile_lists([standins.term_list(entries)]))
        gates = {OURS: Interceptor(Config(), compiled.read(path))}
        if prefilter.IS_COMPILED:
            gates[NOT_COMPILED] = _not_compiled(path)
        footprint = _footprint(path)
    folded_terms = [plain.pattern(term, starts_word=True, ends_word=True) for term in terms]
    looks, missing = peers_speed.all_of(folded_terms)
    lines = sample(count + WARM_UP)
    for line in lines[count:]:
        for gate in gates.values():
            gate.decide(line)
    del lines[count:]
    folded = [plain.view(line) for line in lines]
    contestants = [
        *((name, gate.decide, _copies(lines)) for name, gate in gates.items()),
        *((name, look, _copies(folded)) for name, look in looks.items()),
    ]
    taken = {name: [sys.maxsize] * len(lines) for name, _, _ in contestants}
    orders = [contestants[first:] + contestants[:first] for first in range(len(contestants))]
    orders += [order[::-1] for order in orders]
    clock = time.perf_counter_ns
    gc.collect()
    gc.freeze()
    gc.disable()
    for _ in range(PASSES):
        for number, order in zip(range(len(lines)), cycle(orders), strict=False):
            for name, look, texts in order:
                text, least = texts[number], taken[name]
                start = clock()
                look(text)
                time_taken = clock() - start
                if time_taken < least[number]:
                    least[number] = time_taken
    gc.enable()
    gc.unfreeze()
    times = {name: _timed(values) for name, values in taken.items()}
    return Result(entries, len(lines), times, missing, footprint / entries)


def _not_compiled(path: Path) -> Interceptor:
    prefilter.IS_COMPILED = False
    gate = Interceptor(Config(), compiled.read(path))
    prefilter.IS_COMPILED = True
    return gate


def _copies(texts: Sequence[str]) -> list[str]:
    """The same texts elsewhere in memory: nobody finds a text warm that another contestant has just read."""
    return [f" {text}"[1:] for text in texts]


def _timed(nanoseconds: Sequence[int]) -> Timed:
    return Timed(statistics.median(nanoseconds) / 1000, statistics.quantiles(nanoseconds, n=100)[98] / 1000)


_CHILD = """
import gc, os, sys
from pathlib import Path
from interceptor import Interceptor
from interceptor.config import Config
from interceptor.matching import compiled

def resident():
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE")

Interceptor(Config(), []).decide("x")
before = resident()
gate = Interceptor(Config(), compiled.read(Path(sys.argv[1])))
print(resident() - before)
"""


def _footprint(path: Path) -> int:
    """Bytes by which a process of its own grows when it starts from the compiled list ``path``."""
    command = [sys.executable, "-c", _CHILD, str(path)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    return int(subprocess.run(command, capture_output=True, check=True, text=True, env=environment).stdout)


def rows(result: Result) -> Sequence[tuple[str, ...]]:
    """One row a contestant: name, median, p99, and both in medians of the raw pass."""
    found = [
        (
            name,
            f"{timed.median:.2f}",
            f"{timed.p99:.1f}",
            f"{timed.median / result.unit:.1f}",
            f"{timed.p99 / result.unit:.1f}",
        )
        for name, timed in result.times.items()
    ]
    return found + [(name, "–", "–", "–", reason) for name, reason in result.missing.items()]


def summary(results: Sequence[Result]) -> list[tuple[str, str, str]]:
    """The figures that the design asks for: what, reached, goal."""
    lines = []
    for result in results:
        ours = result.times[OURS]
        at = f"at {result.entries:,} entries"
        if result is results[0]:
            lines.append((f"median {at}", f"{ours.median / result.unit:.1f}×", f"≤ {GOAL_MEDIAN}×"))
            lines.append((f"p99 {at}", f"{ours.p99 / result.unit:.1f}×", f"≤ {GOAL_P99}×"))
        else:
            first = results[0].times[OURS]
            growth = f"{ours.median / first.median:.2f}×"
            lines.append((f"median {at}, to its own {results[0].entries:,}", growth, f"≤ {GOAL_GROWTH}×"))
            growth = f"{ours.p99 / first.p99:.2f}×"
            lines.append((f"p99 {at}, to its own {results[0].entries:,}", growth, f"≤ {GOAL_GROWTH}×"))
        lines.append((f"bytes of memory an entry, {at}", f"{result.bytes_an_entry:,.0f}", f"≤ {GOAL_BYTES}"))
    return lines


def show(heads: Sequence[str], lines: Sequence[Sequence[str]], *, markdown: bool) -> None:
    """Print a table."""
    if markdown:
        print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
        for line in lines:
            print(f"| {' | '.join(line)} |")
    else:
        widths = [max(map(len, column)) for column in zip(heads, *lines, strict=True)]
        for line in (heads, *lines):
            print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    print()


def main() -> None:
    """Print the tables; draw the chart."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--entries", type=int, nargs="+", default=[37_000, 1_000_000])
    parser.add_argument("--queries", type=int, default=QUERIES)
    parser.add_argument("--markdown", action="store_true", help="print what docs/matching.md holds")
    parser.add_argument("--chart", type=Path, help="write a chart of the first table to this SVG file")
    options, _ = parser.parse_known_args()
    if not prefilter.IS_COMPILED:
        print("Nothing was compiled when this was installed (no C compiler): not the published figure.")
    results = []
    for entries in options.entries:
        result = run(entries, options.queries)
        results.append(result)
        print(f"{result.entries:,} entries, {result.queries:,} distinct queries, microseconds a query\n")
        heads = ("", "median", "p99", "median, in raw medians", "p99, in raw medians")
        show(heads, rows(result), markdown=options.markdown)
    show(("figure", "reached", "goal"), summary(results), markdown=options.markdown)
    if options.chart:
        first = results[0]
        bars = [(name, timed.median, timed.p99) for name, timed in first.times.items()]
        title = f"Time for one query, {first.entries:,} terms"
        options.chart.write_text(chart.bars(title, bars), encoding="utf-8")


if __name__ == "__main__":
    main()
