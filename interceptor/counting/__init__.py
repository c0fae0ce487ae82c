"""Counts: where they are kept, when they leave, and how they are shown. Never sees a query."""
