"""Tests of `framework/calendar`."""
