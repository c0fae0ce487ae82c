"""Files that the subcommands of ``interceptor lists`` write."""

from __future__ import annotations

import stat
from pathlib import Path

from interceptor.errors import CallError
from interceptor.matching import compiled


def write(path: Path, text: str) -> None:
    """Put ``text`` into the file ``path``, whole or not at all.

    A new file is its owner's alone; one that was there keeps its permissions. Raises `CallError`.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else None
        compiled.write(path, text.encode("utf-8"))
        if mode is not None:
            path.chmod(mode)
    except OSError as cause:
        raise CallError(f"{path}: cannot be written ({cause.strerror}). Check the folder.") from None
