"""Committing what workflows decide."""
