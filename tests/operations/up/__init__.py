"""Tests of `operations/up`."""
