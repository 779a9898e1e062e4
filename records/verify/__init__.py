"""Checking that nobody altered what is kept: the chain, what it commits to, signed heads, and the engine's history."""
