"""Tests of `records/audit`."""
