"""Tests of `framework/editions`."""
