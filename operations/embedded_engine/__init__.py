"""The embedded Temporal server, its ports, and child processes in general."""
