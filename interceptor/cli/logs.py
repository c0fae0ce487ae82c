"""This package's log on standard error."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from interceptor.config import LogFormat


class _Json(logging.Formatter):
    """A JSON object a line. Tracebacks are left out: they end with an exception's message."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {"time": time, "level": record.levelname.lower(), "message": record.getMessage()}
        return json.dumps(said, ensure_ascii=False)


def start_log(level: str, form: LogFormat = LogFormat.TEXT) -> None:
    """Write messages of ``level`` and above to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    text = logging.Formatter("%(asctime)s %(levelname)s %(message)s")
    handler.setFormatter(_Json() if form is LogFormat.JSON else text)
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
