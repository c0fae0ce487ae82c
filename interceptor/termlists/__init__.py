"""Term lists: the format that curators write, how it is read, and what it means."""
