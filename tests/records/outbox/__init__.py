"""Tests of `records/outbox`."""
