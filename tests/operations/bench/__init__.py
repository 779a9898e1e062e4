"""Tests of `operations/bench`."""
