"""Tests of `records/inspections`."""
