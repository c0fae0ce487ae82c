"""The interceptor as a process of its own in front of any engine."""
