"""Tests of `records/projections`."""
