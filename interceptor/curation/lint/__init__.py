"""What is doubtful about entries that are well-formed: one check a module, put together in `running`."""
