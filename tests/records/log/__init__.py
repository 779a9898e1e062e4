"""Tests of `records/log`."""
