"""Which message a warning shows, and what became of it: shares and sums alone, never a query and never a person."""
