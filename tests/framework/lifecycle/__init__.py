"""Tests of `framework/lifecycle`."""
