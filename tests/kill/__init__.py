"""Tests that kill processes at every fault point and start the system again."""
