"""Warn, and offer help, where someone searches for child sexual abuse material."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from interceptor.decision import Decision, Interceptor
    from interceptor.errors import InterceptorError
    from interceptor.vocabulary import Action, Category

__all__ = ["Action", "Category", "Decision", "Interceptor", "InterceptorError", "__version__"]

__version__ = "0.1.0"

_HOMES = {
    "Action": "interceptor.vocabulary",
    "Category": "interceptor.vocabulary",
    "Decision": "interceptor.decision",
    "Interceptor": "interceptor.decision",
    "InterceptorError": "interceptor.errors",
}
"""Where names of this package live. They are imported when they are first asked for: commands start sooner."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
