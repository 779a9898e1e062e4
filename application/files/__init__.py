"""Reads files that people write: orders and other YAML, and the form for comments."""
