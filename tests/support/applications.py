"""The runnable examples, each behind the server that an operator would take for it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from running import PATIENCE, until

EXAMPLES = Path(__file__).parents[2] / "examples"

_GUNICORN = ("-m", "gunicorn", "--bind", "127.0.0.1:0", "--graceful-timeout", "10")
_UVICORN = ("-m", "uvicorn", "--host", "127.0.0.1", "--port", "0", "--no-access-log")

SERVERS: Mapping[str, tuple[str, ...]] = {
    "aiohttp": ("aiohttp_engine.py",),
    "starlette": (*_UVICORN, "starlette_engine:app"),
    "fastapi": (*_UVICORN, "fastapi_engine:app"),
    "litestar": (*_UVICORN, "litestar_engine:app"),
    "flask": (*_GUNICORN, "flask_engine:app"),
    "bottle": (*_GUNICORN, "bottle_engine:app"),
    "django": (*_GUNICORN, "django_engine:app"),
    "django-asgi": (*_UVICORN, "django_engine:asgi"),
    "searxng": (*_GUNICORN, "searx.webapp:app"),
}
"""By name, the arguments of the interpreter that serve the example, or SearXNG itself."""

_where = re.compile(r"(?:Listening at|running on|Running on):? (http://127\.0\.0\.1:\d+)")


@dataclass
class Application:
    """An example that is served, and everything that its server wrote."""

    process: subprocess.Popen[str]
    url: str = ""
    lines: list[str] = field(default_factory=list)

    def stop(self) -> int:
        """End it and return the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE)
        if self._reader is not None:
            self._reader.join(PATIENCE)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return status

    _reader: threading.Thread | None = None


def serve(name: str, config: Path, *more: str, environment: Mapping[str, str] | None = None) -> Application:
    """Serve an example on a free port, with the configuration in ``config`` and ``more`` arguments of the server."""
    arguments = list(SERVERS[name])
    process = subprocess.Popen(
        [sys.executable, "-u", *arguments[:-1], *more, arguments[-1]],
        cwd=EXAMPLES,
        env={
            **os.environ,
            "INTERCEPTOR_CONFIG": str(config),
            "PORT": "0",
            "HOME": str(config.parent),
            "PYTHONDONTWRITEBYTECODE": "1",
            **(environment or {}),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    found = Application(process)
    assert process.stdout is not None
    lines = process.stdout
    found._reader = threading.Thread(target=lambda: found.lines.extend(lines), daemon=True)
    found._reader.start()

    def place() -> str | None:
        return next((match[1] for line in list(found.lines) if (match := _where.search(line))), None)

    until(lambda: process.poll() is not None or place() is not None, f"{name} to serve")
    url = place()
    if url is None:
        raise AssertionError(f"{name} did not start:\n{''.join(found.lines)}")
    found.url = url
    return found
