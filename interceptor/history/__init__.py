"""The windows that were released, and only they, over restarts."""

from __future__ import annotations

from interceptor.history.store import History, Total

__all__ = ["History", "Total"]
