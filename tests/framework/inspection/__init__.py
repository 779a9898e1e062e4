"""Tests of `framework/inspection`."""
