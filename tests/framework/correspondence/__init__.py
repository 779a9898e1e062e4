"""Tests of `framework/correspondence`."""
