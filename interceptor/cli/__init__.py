"""The command ``interceptor``: one module a subcommand."""
