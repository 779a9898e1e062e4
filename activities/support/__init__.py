"""Heartbeats, alerts about retries, bounded concurrency, atomic files and fault points, shared by the activities."""
