"""Keeps what libraries would write about a request out of every log.

aiohttp's loggers print the peer's address and the request line, asyncio's print transports with their addresses,
and a traceback's last line is the exception's message, which may hold a query. What is told instead is the type of
the exception and where in the code it was raised.
"""

from __future__ import annotations

import logging
import traceback
from pathlib import PurePath

_LOUD = ("aiohttp", "asyncio")


def describe(fault: BaseException) -> str:
    """The type of ``fault`` and the place in the code that raised it; never its message."""
    frames = traceback.extract_tb(fault.__traceback__)
    place = f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
    return f"{type(fault).__name__} at {place}"


def silence_libraries() -> None:
    """Drop every record of aiohttp's and asyncio's loggers, whatever level or handler is configured.

    For processes of our own; inside somebody's application see `interceptor.adapters.aiohttp.setup`.
    """
    for name in _LOUD:
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)
    for name in list(logging.root.manager.loggerDict):
        if name.startswith(tuple(f"{loud}." for loud in _LOUD)):
            child = logging.getLogger(name)
            child.handlers = []
            child.propagate = True
            child.setLevel(logging.NOTSET)
