"""Tests of `records/queries`."""
