"""How a fuzz target is run: instrumented imports, its own corpus of seeds, a bound on the work for every input."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import atheris

SECONDS_PER_KILOBYTE = 0.5
"""Processor time that an input may take for every started thousand characters, as the instrumented code runs.

The plain code takes some 0.05 s a thousand characters at worst; an algorithm that is not linear exceeds any such
bound at the lengths that are tried.
"""


def text_of(data: bytes) -> str:
    """Any text: well-formed UTF-8 as what it says, other octets as lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


@contextmanager
def bounded(size: int) -> Iterator[None]:
    """Fail where the work within takes longer than an input of ``size`` characters or octets may."""
    before = time.process_time()
    yield
    taken = time.process_time() - before
    allowed = SECONDS_PER_KILOBYTE * (1 + size // 1_000)
    assert taken <= allowed, f"{taken:.2f} s for {size} characters"


def drive(test_one_input: Callable[[bytes], None], seeds: tuple[bytes | str, ...]) -> None:
    """Fuzz until the time given on the command line is over.

    The last argument is an empty folder for the corpus, or a file that was found: that is then tried alone.
    """
    corpus = Path(sys.argv[-1])
    for number, seed in enumerate(seeds if corpus.is_dir() else ()):
        octets = seed.encode("utf-8", "surrogateescape") if isinstance(seed, str) else seed
        (corpus / f"seed-{number}").write_bytes(octets)
    atheris.Setup(sys.argv, test_one_input)
    atheris.Fuzz()
