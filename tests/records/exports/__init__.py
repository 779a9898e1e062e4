"""Tests of `records/exports`."""
