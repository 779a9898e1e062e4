"""Tests of `records/database`."""
