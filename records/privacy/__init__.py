"""Encryption keys of inspections, and the columns that are sealed under them."""
