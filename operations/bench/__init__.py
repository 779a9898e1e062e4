"""Benchmarks of the product on this machine."""
