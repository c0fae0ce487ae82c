"""Entries to automata: boundaries, proximity, exceptions. Knows nothing of HTTP."""
