"""What of matching is compiled, wherever there is a C compiler; docs/rationale.md tells why, and why no more is."""
