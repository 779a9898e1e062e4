"""Tasks: what waits for a person."""
