"""Keys and erasable columns."""
