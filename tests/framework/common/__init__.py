"""Tests of `framework/common`."""
