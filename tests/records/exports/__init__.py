"""Tests of what goes into an export."""
