"""Text to the views it is matched in: one fold a file, pure functions, each with fixtures in tests/folding."""
