"""What libraries would write about a request is written nowhere."""

from __future__ import annotations

import subprocess
import sys

from interceptor.quiet import describe

NOISE = """
import logging, sys
from interceptor.quiet import silence_libraries
import aiohttp.web, asyncio

logging.basicConfig(stream=sys.stderr, level=logging.DEBUG)
names = ["aiohttp", "aiohttp.access", "aiohttp.server", "aiohttp.web", "asyncio", "aiohttp.not_made_yet"]
for name in names[:-1]:
    logging.getLogger(name).addHandler(logging.StreamHandler())
    logging.getLogger(name).setLevel(logging.DEBUG)
silence_libraries()
for name in names:
    logging.getLogger(name).critical("lantern")
    logging.getLogger(name).error("lantern", exc_info=ValueError("lantern"))
logging.getLogger("engine").error("the engine's own log goes on")
"""


def test_libraries_are_silent_and_others_are_not() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NOISE], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == ""
    assert done.stderr == "ERROR:engine:the engine's own log goes on\n"


def test_a_fault_is_described_by_type_and_place_alone() -> None:
    try:
        raise LookupError("lantern") from KeyError("lantern")
    except LookupError as fault:
        text = describe(fault)
    assert text.startswith("LookupError at test_quiet.py:")
    assert "lantern" not in text
    assert describe(LookupError("lantern")) == "LookupError at an unknown place"
