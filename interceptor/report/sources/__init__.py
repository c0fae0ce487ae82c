"""Where released windows are read from: a history file, a CSV, a Prometheus server."""
