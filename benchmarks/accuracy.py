"""How many rewritten terms are found, and how many ordinary texts are acted on by mistake: both sides at once.

    python -m benchmarks.accuracy              the whole of it, some minutes
    python -m benchmarks.accuracy --quick      a sample, some seconds
    python -m benchmarks.accuracy --markdown   as it stands in docs/matching.md
    python -m benchmarks.accuracy --missed 5   stand-ins that were missed, for who works on the folds

Needs the extra ``bench``. The terms are neutral stand-ins; the rewriters are other people's packages where there
are any. Every choice is drawn from a fixed seed. Intervals are Clopper and Pearson's, at 95 %.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks import languages, misfires, peers, queries, recall
from benchmarks.intervals import Rate
from interceptor import Action

SMALL, LARGE = 400, 37_000
GOAL_STACKED = 0.95
WORST = 20
"""Pairs under the goal that are listed one by one."""

WHERE = 4
"""Languages that are named for one way to a misfire."""

Tallies = dict[str, misfires.Tally]

_PEERS = (peers.EXACT, peers.LOWER, peers.NFKC)


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is measured."""

    cases: int
    pair_cases: int
    words: int
    word_pairs: int
    queries: int | None


FULL = Amount(cases=3_000, pair_cases=600, words=60_000, word_pairs=200_000, queries=None)
QUICK = Amount(cases=40, pair_cases=4, words=500, word_pairs=4_000, queries=100)


@dataclass(frozen=True, slots=True)
class Table:
    """A heading, the names of columns, and rows; the first column is text, the others are figures."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        lines = [
            f"### {self.title}",
            "",
            self.note,
            "",
            "| " + " | ".join(self.columns) + " |",
            "|---|" + "---:|" * (len(self.columns) - 1),
        ]
        return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in self.rows)])

    def text(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.columns, *self.rows, strict=True)]
        lines = [self.title, self.note, ""]
        for row in (self.columns, *self.rows):
            first, *others = (
                cell.ljust(width) if i == 0 else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            lines.append("  ".join((first, *others)))
        return "\n".join(lines)


def _peer_rates(found: recall.Result) -> tuple[str, ...]:
    return tuple(f"{100 * Rate(found.peers[name], found.cases).value:.0f} %" for name in _PEERS)


def recall_table(small: recall.Measure, large: recall.Measure, amount: Amount, missed: int) -> Table:
    rows = []
    for item in recall.CLASSES:
        print(f"recall: {item.name}", file=sys.stderr)
        at_small, at_large = (m.run(recall.cases([item], amount.cases, m.size)) for m in (small, large))
        _show_missed(item.name, at_large, missed)
        by = dict.fromkeys(rewriter.by.partition(",")[0] for rewriter in item.rewriters)
        rows.append(
            (
                item.name,
                ", ".join(by),
                at_small.found.percent(),
                at_large.found.percent(),
                f"{100 * Rate(at_large.replaced, at_large.cases).value:.1f} %" if at_large.cases else "–",
                f"{at_large.cases:,}",
                *_peer_rates(at_large),
            )
        )
    return Table(
        "Recall by class of rewriting",
        "Rewritten stand-in terms that are acted on, half of them inside a longer query. Peers have the "
        f"{LARGE:,} terms loaded. A typing error is tried on terms of nine letters and more.",
        ("rewriting", "by", f"{SMALL} entries", f"{LARGE:,} entries", "replaced", "cases", *_PEERS),
        tuple(rows),
    )


def _show_missed(name: str, result: recall.Result, most: int) -> None:
    for case in result.missed[:most]:
        told = (name, case.by, case.language, case.term, ascii(case.query))
        print("missed", *told, sep="\t", file=sys.stderr)


def language_table(large: recall.Measure) -> Table:
    rows = [
        (code, large.by_language[code].found.percent(), f"{large.by_language[code].cases:,}")
        for code in languages.languages()
        if code in large.by_language
    ]
    return Table(
        "Recall by language",
        f"The same cases at {LARGE:,} entries, all classes that the language has together.",
        ("language", "acted on", "cases"),
        tuple(rows),
    )


def pair_table(large: recall.Measure, amount: Amount, missed: int) -> Table:
    """Two rewritings stacked: all together, by class, and the pairs that fall short."""
    total = recall.Result()
    by_class: dict[str, recall.Result] = {}
    single: list[tuple[str, recall.Result]] = []
    for names, result in recall.run_pairs(large, amount.pair_cases).items():
        _show_missed(" + ".join(names), result, missed)
        for each in (total, *(by_class.setdefault(name, recall.Result()) for name in names)):
            each.add(result)
        if result.cases and result.found.value < GOAL_STACKED:
            single.append((" + ".join(names), result))
    single.sort(key=lambda item: item[1].found.value)
    rows = [
        ("all together", total),
        *((f"{name} + any other", result) for name, result in by_class.items()),
        *single[:WORST],
    ]
    return Table(
        "Recall, two rewritings stacked",
        f"At {LARGE:,} entries; every two classes of Latin letters that people can stack. Below the classes, the "
        f"pairs under {100 * GOAL_STACKED:.0f} %, the worst first: {min(WORST, len(single))} of {len(single)}.",
        ("rewritings", "acted on", "cases", *_PEERS),
        tuple(
            (name, result.found.percent(), f"{result.cases:,}", *_peer_rates(result)) for name, result in rows
        ),
    )


def _tally_row(name: str, tally: misfires.Tally) -> tuple[str, ...]:
    return (
        name,
        f"{tally.texts:,}",
        f"{tally.holding:,}",
        f"{tally.rewritten:,}",
        f"{tally.neither:,}",
        tally.rate.per_100_000(),
    )


def _peer_counts(tally: misfires.Tally) -> tuple[str, ...]:
    return tuple(f"{tally.peers[name]:,}" if tally.peers else "–" for name in _PEERS)


def query_table(tallies: Tallies) -> Table:
    """What real queries are acted on."""
    note = (
        "Real queries and questions in 19 languages. Counted apart: those that hold a listed term as it stands; those "
        "that hold its letters in order, by a rewriting that `check --explain` names; and those that are acted on and "
        "hold neither, with their rate of those that hold no term."
    )
    if queries.folder() is None:
        note += " Not measured here: no queries (INTERCEPTOR_QUERIES names their folder)."
    return Table(
        "Ordinary queries acted on",
        note,
        (
            *("queries", "number", "hold a term", "a rewriting of one", "neither", "neither per 100,000"),
            *("replaced per 100,000", "annotated per 100,000", *_PEERS),
        ),
        tuple(
            (
                *_tally_row(name, tally),
                tally.share(Action.REPLACE).per_100_000(),
                tally.share(Action.ANNOTATE).per_100_000(),
                *_peer_counts(tally),
            )
            for name, tally in tallies.items()
        ),
    )


def word_table(tallies: Tallies) -> Table:
    """What words, names and pairs of words are acted on."""
    return Table(
        "Ordinary words and names acted on",
        "Every word or name by itself, and pairs of the 3,000 commonest words of 16 languages.",
        (
            *("words", "number", "are a term", "a rewriting of one", "neither", "neither per 100,000"),
            *_PEERS,
        ),
        tuple((*_tally_row(name, tally), *_peer_counts(tally)) for name, tally in tallies.items()),
    )


def step_table(groups: dict[str, Tallies]) -> Table:
    """By which steps ordinary texts were acted on."""
    rows = []
    for name, tallies in groups.items():
        by_steps: dict[str, Counter[str]] = {}
        for tally in tallies.values():
            for (steps, language), count in tally.steps.items():
                by_steps.setdefault(steps, Counter())[language] += count
        for steps, spoken in sorted(by_steps.items(), key=lambda item: -item[1].total()):
            where = ", ".join(f"{language} {count}" for language, count in spoken.most_common(WHERE))
            rows.append((name, steps, f"{spoken.total():,}", where))
    return Table(
        "What ordinary texts were taken for",
        "The steps that `check --explain` names for what was acted on by a rewriting, and the languages or lists "
        f"that most of it was in, {WHERE} at most.",
        ("texts", "steps", "number", "where"),
        tuple(rows),
    )


def tables(amount: Amount, missed: int = 0) -> Iterable[Table]:
    """Measure; yields table after table."""
    small, large = recall.Measure(SMALL), recall.Measure(LARGE)
    yield recall_table(small, large, amount, missed)
    yield language_table(large)
    yield pair_table(large, amount, missed)
    del small, large
    asked: Tallies = {}
    words: Tallies = {}
    for probe in misfires.probes(LARGE):
        for kind, tally in misfires.run_queries(probe, amount.queries).items():
            asked[f"{probe.name}: {kind}"] = tally
        for kind, tally in misfires.run_words(probe, amount.words, amount.word_pairs).items():
            words[f"{probe.name}: {kind}"] = tally
    yield query_table(asked)
    yield word_table(words)
    yield step_table({"queries": asked, "words and names": words})


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a sample, in seconds")
    parser.add_argument("--markdown", action="store_true", help="print what docs/matching.md holds")
    parser.add_argument(
        "--missed", type=int, default=0, metavar="N", help="show N missed stand-ins of each class"
    )
    options = parser.parse_args()
    start = time.monotonic()
    if options.markdown:
        print(f"<!-- Printed by: python -m benchmarks.accuracy --markdown{' --quick' * options.quick} -->\n")
    for table in tables(QUICK if options.quick else FULL, options.missed):
        print(table.markdown() if options.markdown else table.text(), end="\n\n", flush=True)
    print(f"{time.monotonic() - start:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
