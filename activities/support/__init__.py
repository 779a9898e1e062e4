"""Heartbeats, retries, concurrency and files of activities."""
