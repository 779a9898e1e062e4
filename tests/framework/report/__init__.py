"""Tests of `framework/report`."""
