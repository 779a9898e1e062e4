"""Tests of `records/privacy`."""
