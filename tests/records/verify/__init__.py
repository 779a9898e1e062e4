"""Tests of `records/verify`."""
