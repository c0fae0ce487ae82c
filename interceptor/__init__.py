"""Warn, and offer help, where someone searches for child sexual abuse material."""

from interceptor.decision import Decision, Interceptor
from interceptor.errors import InterceptorError
from interceptor.vocabulary import Action, Category

__all__ = ["Action", "Category", "Decision", "Interceptor", "InterceptorError", "__version__"]

__version__ = "0.1.0"
